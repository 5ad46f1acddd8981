/* Texts as they stand in a line, looked up without a branch on how long they are. */
#ifndef TB_WORDS_H
#define TB_WORDS_H

#include "context.h"
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { SHORT = 24, NEAR = 32 };

static const u64 FRONT[9] = {0, 0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF, 0xFFFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFF, ~0ULL};

/* Where the next quote is; NEAR where it is not that near. */
static inline i32 quote(const u8 *p)
{
#ifdef __SSE2__
    const __m128i mark = _mm_set1_epi8('"');
    u32 a = (u32)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)p), mark));
    u32 b = (u32)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(p + 16)), mark));
    return __builtin_ctzll((u64)(a | b << 16) | 1ULL << NEAR);
#else
    for (i32 n = 0; n < NEAR; n += 8) {
        u64 q = load(p + n) ^ WORDS('"'), hit = (q - WORDS(1)) & ~q & WORDS(0x80);
        if (hit) return n + (__builtin_ctzll(hit) >> 3);
    }
    return NEAR;
#endif
}

/* The text has eight readable bytes behind its start, and as many as it is long. */
static inline word_t parts(const u8 *p, i32 n, i32 group)
{
    u64 front = FRONT[n < 8 ? n : 8];
    return (word_t){load(p) & front, load(p + (n > 16) * 8) & front, load(p + (n > 8) * (n - 8)) & front, n, group, p, 0};
}

static inline size_t starts(const word_t *w, size_t slots)
{
    u64 h = (w->first ^ (w->last << 23 | w->last >> 41) ^ (u64)((u32)w->length + ((u32)w->group << 8))) * 0x9E3779B97F4A7C15ULL;
    return (size_t)(h >> 32) & (slots - 1);
}

static inline const word_t *word_find(const words_t *words, const u8 *p, i32 n, i32 group)
{
    if (!words->slots) return NULL;
    word_t w = parts(p, n, group);
    for (size_t at = starts(&w, words->slots); words->slot[at]; at = (at + 1) & (words->slots - 1)) {
        const word_t *one = words->word + words->slot[at] - 1;
        u64 differing = (one->first ^ w.first) | (one->middle ^ w.middle) | (one->last ^ w.last)
            | (u32)(one->length ^ n) | (u32)(one->group ^ group);
        if (!differing && (n <= SHORT || !memcmp(one->text, p, (size_t)n))) return one;
    }
    return NULL;
}

static void word_place(words_t *words, i32 number)
{
    size_t at = starts(words->word + number, words->slots);
    while (words->slot[at]) at = (at + 1) & (words->slots - 1);
    words->slot[at] = (u32)number + 1;
}

/* There are many more slots than words: what is looked for is mostly found at once. */
static int word_put(words_t *words, const u8 *p, i32 n, i32 group, i64 code)
{
    if ((size_t)words->count * 8 >= words->slots) {
        size_t slots = words->slots ? words->slots * 4 : 1024;
        u32 *slot = calloc(slots, sizeof *slot);
        if (!slot) return 0;
        free(words->slot);
        words->slot = slot, words->slots = slots;
        for (i32 i = 0; i < words->count; i++) word_place(words, i);
    }
    word_t *one = grown((void **)&words->word, words->count, sizeof *one);
    u8 *text = calloc((size_t)n + 8, 1);
    if (!one || !text) { free(text); return 0; }
    memcpy(text, p, (size_t)n);
    *one = parts(text, n, group);
    one->code = code;
    word_place(words, words->count++);
    return 1;
}

static void words_free(words_t *words)
{
    for (i32 i = 0; i < words->count; i++) free((void *)words->word[i].text);
    free(words->word), free(words->slot);
}

#endif
