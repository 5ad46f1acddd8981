/* Numbers, limits, and memory that only grows: arrays, and keys to small numbers. */
#ifndef TB_MEMORY_H
#define TB_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t i32;
typedef int64_t i64;

#define WORDS(x) (0x0101010101010101ULL * (x))

static inline u64 load(const u8 *p) { u64 w; memcpy(&w, p, 8); return w; }

static void *copied(const void *from, size_t bytes)
{
    void *to = malloc(bytes ? bytes : 1);
    if (to && bytes) memcpy(to, from, bytes);
    return to;
}

/* Room for one more behind `count`; the array is doubled at powers of two. */
static void *grown(void **array, i32 count, size_t size)
{
    if (count & (count - 1)) return (char *)*array + (size_t)count * size;
    void *wider = realloc(*array, (count ? (size_t)count * 2 : 1) * size);
    if (!wider) return NULL;
    *array = wider;
    return (char *)wider + (size_t)count * size;
}

static inline u64 mix(u64 h, u64 w) { h = (h ^ w) * 0x9E3779B97F4A7C15ULL; return h ^ (h >> 29); }

typedef struct { i64 *words; u32 *slot; size_t used, words_cap, slots, count, most; } memo_t;

static u64 hash_words(const i64 *key, int n)
{
    u64 h = (u64)n;
    for (int i = 0; i < n; i++) h = mix(h, (u64)key[i]);
    return h ^ (h >> 32);
}

static const i64 *memo_find(const memo_t *m, const i64 *key, int n)
{
    if (!m->slots) return NULL;
    for (size_t at = hash_words(key, n) & (m->slots - 1); m->slot[at]; at = (at + 1) & (m->slots - 1)) {
        const i64 *entry = m->words + m->slot[at] - 1;
        if (entry[0] == n && !memcmp(entry + 2, key, (size_t)n * sizeof *key)) return entry + 1;
    }
    return NULL;
}

static void memo_place(memo_t *m, size_t offset)
{
    const i64 *entry = m->words + offset;
    size_t at = hash_words(entry + 2, (int)entry[0]) & (m->slots - 1);
    while (m->slot[at]) at = (at + 1) & (m->slots - 1);
    m->slot[at] = (u32)offset + 1;
}

/* Keeps a value; a memo that has as many as it may hold is emptied first. 0 without memory. */
static int memo_put(memo_t *m, const i64 *key, int n, i64 value)
{
    if (m->most && m->count >= m->most) {
        memset(m->slot, 0, m->slots * sizeof *m->slot);
        m->used = m->count = 0;
    }
    if (m->used + (size_t)n + 2 > m->words_cap) {
        size_t cap = m->words_cap ? m->words_cap * 2 : 1024;
        i64 *words = realloc(m->words, cap * sizeof *words);
        if (!words) return 0;
        m->words = words, m->words_cap = cap;
    }
    if (m->count * 2 >= m->slots) {
        size_t slots = m->slots ? m->slots * 2 : 256, offset = 0;
        u32 *slot = calloc(slots, sizeof *slot);
        if (!slot) return 0;
        free(m->slot);
        m->slot = slot, m->slots = slots;
        for (; offset < m->used; offset += (size_t)m->words[offset] + 2) memo_place(m, offset);
    }
    i64 *entry = m->words + m->used;
    entry[0] = n, entry[1] = value;
    memcpy(entry + 2, key, (size_t)n * sizeof *key);
    memo_place(m, m->used);
    m->used += (size_t)n + 2, m->count++;
    return 1;
}

#endif
