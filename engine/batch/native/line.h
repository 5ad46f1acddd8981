/* Reads one line into a context: facts, id, and what is carried. */
#ifndef TB_LINE_H
#define TB_LINE_H

#include "calendar.h"
#include "words.h"

static const i64 P10[] = {1, 10, 100, 1000, 10000, 100000, 1000000};

static inline const u8 *space(const u8 *p) { while (*p == ' ' || *p == '\t' || *p == '\r') p++; return p; }

/* The same, where there is mostly one space or none. */
static inline const u8 *gap(const u8 *p) { p += *p == ' '; return *p <= ' ' ? space(p) : p; }

/* The closing quote of a plain text, NULL where it has an escape or a control character. */
static inline const u8 *text_end(const u8 *p, u64 *high)
{
    for (;; p += 8) {
        u64 w = load(p), q = w ^ WORDS('"'), b = w ^ WORDS('\\');
        u64 hit = (((q - WORDS(1)) & ~q) | ((b - WORDS(1)) & ~b) | ((w - WORDS(0x20)) & ~w)) & WORDS(0x80);
        if (!hit) { *high |= w & WORDS(0x80); continue; }
        int n = __builtin_ctzll(hit) >> 3;
        if (n) *high |= w & WORDS(0x80) & (~0ULL >> (64 - 8 * n));
        p += n;
        return *p == '"' ? p : NULL;
    }
}

static int utf8(const u8 *p, const u8 *end)
{
    while (p < end) {
        if (end - p >= 8 && !(load(p) & WORDS(0x80))) { p += 8; continue; }
        u8 a = *p++;
        if (a < 0x80) continue;
        int n = a >= 0xF0 ? 3 : a >= 0xE0 ? 2 : 1;
        if (a < 0xC2 || a > 0xF4 || end - p < n) return 0;
        u8 low = a == 0xE0 ? 0xA0 : a == 0xF0 ? 0x90 : 0x80, high = a == 0xED ? 0x9F : a == 0xF4 ? 0x8F : 0xBF;
        if (*p < low || *p > high) return 0;
        for (p++; --n; p++) if ((*p & 0xC0) != 0x80) return 0;
    }
    return 1;
}

/* A text that is valid; NULL where it is unusual. */
static inline const u8 *plain_text(const u8 *p)
{
    u64 high = 0;
    const u8 *end = text_end(p, &high);
    return end && (!high || utf8(p, end)) ? end : NULL;
}

/* A number: digits of the whole, then of the fraction; NULL where it is unusual. */
static inline const u8 *number(const u8 *p, int *negative, u64 *digits, int *whole, int *fraction)
{
    *negative = *p == '-';
    p += *negative;
    const u8 *start = p;
    u64 m = 0;
    while ((u8)(*p - '0') < 10 && p - start < 16) m = m * 10 + (u64)(*p++ - '0');
    *whole = (int)(p - start), *fraction = 0;
    if (!*whole || (*whole > 1 && *start == '0')) return NULL;
    if (*p == '.') {
        const u8 *point = ++p;
        while ((u8)(*p - '0') < 10 && p - point < 7) m = m * 10 + (u64)(*p++ - '0');
        *fraction = (int)(p - point);
        if (!*fraction) return NULL;
    }
    if (*whole + *fraction > 15 || *fraction > 6 || (u8)(*p - '0') < 10 || *p == 'e' || *p == 'E' || *p == '.') return NULL;
    *digits = m;
    return p;
}

/* A value that is carried: written again it is the same bytes. */
static const u8 *carried_value(const u8 *p)
{
    if (*p == '"') { p = plain_text(p + 1); return p ? p + 1 : NULL; }
    if (!memcmp(p, "true", 4) || !memcmp(p, "null", 4)) return p + 4;
    if (!memcmp(p, "false", 5)) return p + 5;
    int negative, whole, fraction;
    u64 digits;
    p = number(p, &negative, &digits, &whole, &fraction);
    return p && negative && !digits && !fraction ? NULL : p;
}

/* A day between quotes: 2024-06-30". All digits are looked at together: one that is none has its
 * highest bit set once what is missing up to it is added. */
static inline const u8 *day(const context_t *c, const u8 *p, const key_t_ *k, fact_t *f)
{
    u64 a = load(p) ^ 0x2D30302D30303030ULL, b = (load(p + 8) & 0xFFFFFF) ^ 0x223030;
    if (((a + 0x7F76767F76767676ULL) | a | (b + 0x7F7676) | b) & WORDS(0x80)) return NULL;
    u64 pairs = a * 10 + (a >> 8);
    int y = (int)(pairs & 0xFF) * 100 + (int)(pairs >> 16 & 0xFF), m = (int)(pairs >> 40 & 0xFF), d = (int)((b & 0xFF) * 10 + (b >> 8 & 0xFF));
    if (y < 1 || (u32)m - 1 > 11 || d < 1) return NULL;
    if ((u32)y - FIRST_YEAR <= LAST_YEAR - FIRST_YEAR) {
        const i32 *start = c->month_start + (y - FIRST_YEAR) * 12 + m - 1;
        f->value = start[0] + d - 1;
        if (f->value >= start[1]) return NULL;
    } else if (d > month_days(y, m)) return NULL;
    else f->value = ordinal(y, m, d);
    f->month = y * 12 + m - 1, f->day = d;
    return f->value < k->low || f->value > k->high ? NULL : p + 11;
}

/* A text that stands for a value of its group. */
static inline const u8 *coded_text(context_t *c, const key_t_ *k, const u8 *p, fact_t *f)
{
    i32 n = quote(p);
    if (n == NEAR) {
        u64 high = 0;
        const u8 *end = text_end(p, &high);
        if (!end || end - p > 255) return NULL;
        n = (i32)(end - p);
    }
    const word_t *word = word_find(&c->words, p, n, k->group);
    if (!word) return NULL;
    f->value = word->code, c->code[f - c->fact] = (u8)(f->value - k->low + 1);
    return p + n + 1;
}

static inline const u8 *fact_value(context_t *c, i32 slot, const u8 *p)
{
    const key_t_ *k = c->key + slot;
    fact_t *f = c->fact + slot;
    u64 digits, w;
    int negative, whole, fraction;
    if (*p == 'n') return memcmp(p, "null", 4) ? NULL : p + 4;
    f->known = c->line;
    switch (k->kind) {
    case BOOL:
        w = load(p);
        f->value = (w & 0xFFFFFFFF) == 0x65757274;
        c->code[slot] = (u8)(f->value - k->low + 1);
        return f->value | ((w & 0xFFFFFFFFFF) == 0x65736C6166) ? p + 5 - f->value : NULL;
    case NUMBER:
        if ((u8)(*p - '0') < 10 && (p[1] == ',' || p[1] == '}')) digits = *p - '0', whole = 1, fraction = 0, negative = 0, p++;
        else p = number(p, &negative, &digits, &whole, &fraction);
        if (!p || fraction > k->decimals) return NULL;
        f->value = (i64)digits;
        if (k->decimals > fraction) {
            if (whole > 12) return NULL;
            f->value *= P10[k->decimals - fraction];
        }
        if (negative) f->value = -f->value;
        c->code[slot] = (u8)(f->value - k->low + 1);
        return f->value < k->low || f->value > k->high ? NULL : p;
    case DATE:
    case DAY:
        return *p == '"' ? day(c, p + 1, k, f) : NULL;
    case CODED:
    case PLACE:
        return *p == '"' ? coded_text(c, k, p + 1, f) : NULL;
    default:
        return NULL;
    }
}

/* Whether a name, its quote and a colon stand there. */
static inline int same_name(const key_t_ *k, const u8 *p)
{
    i32 n = k->length + 2;
    const u8 *name = k->name;
    for (; n > 8; n -= 8, p += 8, name += 8) if (load(p) != load(name)) return 0;
    return !((load(p) ^ load(name)) & (~0ULL >> (64 - 8 * n)));
}

/* What is carried: its key begins at `p`. */
static const u8 *carried(context_t *c, const u8 *p)
{
    if (c->ncarried == MAX_CARRIED) return NULL;
    carried_t *one = c->carried + c->ncarried;
    const u8 *stop = plain_text(p);
    if (!stop) return NULL;
    one->key = p, one->key_length = (i32)(stop - p);
    for (i32 i = 0; i < c->ncarried; i++)
        if (c->carried[i].key_length == one->key_length && !memcmp(c->carried[i].key, p, (size_t)one->key_length)) return NULL;
    p = space(stop + 1);
    if (*p++ != ':') return NULL;
    one->value = p = space(p);
    p = carried_value(p);
    if (p) one->value_length = (i32)(p - one->value), c->ncarried++;
    return p;
}

/* The slot of a name other than the one expected, and where its value begins; below 0 for none. */
static i32 named(context_t *c, i32 expected, const u8 **at)
{
    const u8 *p = *at;
    u64 high = 0;
    i32 slot = expected < 0 ? -1 : c->key[expected].follows;
    if (slot >= 0 && same_name(c->key + slot, p)) { *at = p + c->key[slot].length + 2; return slot; }
    const u8 *stop = text_end(p, &high);
    if (!stop || stop - p > 255) return -1;
    const word_t *name = word_find(&c->names, p, (i32)(stop - p), 0);
    p = space(stop + 1);
    *at = p + 1;
    return name && *p == ':' ? (i32)name->code : -1;
}

static const u8 *identity(context_t *c, const u8 *p)
{
    if (*p != '"') return memcmp(p, "null", 4) ? NULL : p + 4;
    const u8 *stop = plain_text(p + 1);
    if (!stop) return NULL;
    c->id = p, c->id_length = (i32)(stop + 1 - p);
    return stop + 1;
}

/* Reads a line into the context; where its newline is, NULL where something is unusual.
 *
 * Keys are expected in the order in which they came last. One that is left out is not forgotten. */
static const u8 *read_line(context_t *c, const u8 *p)
{
    if (!++c->line) { memset(c->fact, 0, (size_t)c->nkey * sizeof *c->fact); c->line = 1; }
    memset(c->code, 0, (size_t)c->nkey);
    c->id = NULL, c->id_length = 0, c->ncarried = 0;
    fact_t *today = c->fact + c->day_slot;
    u32 seen = today->seen;
    *today = c->default_day, today->seen = seen, today->known = c->line;
    if (*p++ != '{') return NULL;
    p = gap(p);
    if (*p == '}') { p = space(p + 1); return *p == '\n' ? p : NULL; }
    for (i32 *follows = &c->first_key;;) {
        if (*p++ != '"') return NULL;
        if (p[0] == 'x' && p[1] == '_') p = carried(c, p);
        else {
            i32 slot = *follows;
            if (slot >= 0 && same_name(c->key + slot, p)) p += c->key[slot].length + 2;
            else {
                i32 other = named(c, slot, &p);
                if (other < 0) return NULL;
                if (slot < 0 || c->key[slot].follows != other) *follows = other;
                slot = other;
            }
            follows = &c->key[slot].follows;
            if (c->fact[slot].seen == c->line) return NULL;
            c->fact[slot].seen = c->line;
            p = gap(p);
            p = slot == c->id_slot ? identity(c, p) : fact_value(c, slot, p);
        }
        if (!p) return NULL;
        if (*p != ',') p = space(p);
        if (*p == ',') { p = gap(p + 1); continue; }
        if (*p != '}') return NULL;
        p = space(p + 1);
        return *p == '\n' ? p : NULL;
    }
}

#endif
