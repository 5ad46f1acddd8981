/* The answer to a decision: what places and dates choose, then what all open classes share. */
#ifndef TB_DECIDE_H
#define TB_DECIDE_H

#include "axes.h"

enum { FEW = 32 };

/* What two answers have in common: themselves, their verdict, or nothing (0: undecided). */
static inline i32 both(const decision_t *d, i32 one, i32 other)
{
    if (one == other) return one;
    i32 wide = d->answer[one].wide;
    return wide == d->answer[other].wide ? wide : 0;
}

/* All open classes: what their answers share, and their class where there is but one. */
static i32 over_classes(const table_t *t, const decision_t *d, const u64 *open, i32 *class)
{
    u64 left[MAX_AXES];
    i64 at = 0;
    i32 answer = NONE;
    *class = NONE;
    for (i32 i = 0; i < t->naxis; i++) left[i] = open[i], at += __builtin_ctzll(open[i]) * t->axis[i].stride;
    for (;;) {
        i32 one = t->class_of[at];
        if (one >= 0) {
            i32 found = t->answer[one];
            if (found == FAULT) return FAULT;
            *class = *class == NONE || *class == one ? one : STOP;
            if (answer == NONE) answer = found;
            else if (answer != found) { if (d->collect) return STOP; answer = both(d, answer, found); }
        }
        i32 i = t->naxis - 1;
        for (; i >= 0; i--) {
            i64 before = __builtin_ctzll(left[i]);
            left[i] &= left[i] - 1;
            if (left[i]) { at += (__builtin_ctzll(left[i]) - before) * t->axis[i].stride; break; }
            left[i] = open[i];
            at += (__builtin_ctzll(open[i]) - before) * t->axis[i].stride;
        }
        if (i < 0) return answer;
    }
}

/* All open classes, once for the same sets where these are many. */
static i32 spread(context_t *c, i32 number, const decision_t *d, const u64 *open, i32 *class)
{
    const table_t *t = c->table + number;
    i64 key[MAX_AXES + 1], count = 1;
    for (i32 i = 0; i < t->naxis && count <= FEW; i++) count *= __builtin_popcountll(open[i]);
    if (count <= FEW) return over_classes(t, d, open, class);
    key[0] = number, memcpy(key + 1, open, (size_t)t->naxis * sizeof *open);
    const i64 *kept = memo_find(&c->answers, key, t->naxis + 1);
    if (kept) { *class = (i32)(*kept >> 32); return (i32)*kept; }
    i32 answer = over_classes(t, d, open, class);
    memo_put(&c->answers, key, t->naxis + 1, (i64)((u64)(u32)*class << 32 | (u32)answer));
    return answer;
}

/* Keeps more answers where many were missed, as far as there is room. */
static void keep_more(context_t *c, table_t *t, i32 words)
{
    u32 slots = t->slots ? t->slots * 4 : 256;
    size_t more = (size_t)slots * ((size_t)words + 1);
    u64 *wider = c->held + more <= MAX_HELD ? calloc(more, sizeof *wider) : NULL;
    t->missed = 0;
    if (!wider) return;
    free(t->answers);
    c->held += more, t->answers = wider, t->slots = slots;
}

/* NONE where no class is open, STOP with `status` set where something is lacking. */
static i32 read_table(context_t *c, i32 number, const decision_t *d, i32 *class, i32 *status)
{
    table_t *t = c->table + number;
    u64 open[MAX_AXES], key[MAX_AXES / 8 + 1], word = 0, h = 0, *kept = NULL;
    i32 words = 0, uncoded = 0;
    *class = NONE;
    i32 none = 0;
    for (i32 i = 0; i < t->nquick; i++) {
        u64 code = t->quick[i].of[c->code[t->quick[i].slot]];
        none |= code == NOTHING;
        word |= code << 8 * (i & 7);
        if ((i & 7) == 7) key[words++] = word, h = mix(h, word), word = 0;
    }
    for (i32 i = t->nquick; i < t->naxis; i++) {
        i32 at = t->slow[i - t->nquick], code = open_code(c, number, at, open + at);
        if (code < 0) { *status = CELLS; return STOP; }
        none |= code == NOTHING, uncoded |= code == UNCODED;
        word |= (u64)code << 8 * (i & 7);
        if ((i & 7) == 7) key[words++] = word, h = mix(h, word), word = 0;
    }
    if (none) return NONE;
    if (word) key[words++] = word, h = mix(h, word);
    if (t->missed >= t->slots && t->slots < MAX_ANSWERS && words) keep_more(c, t, words);
    if (t->slots && !uncoded) {
        kept = t->answers + (h >> 32 & (t->slots - 1)) * ((u64)words + 1);
        i32 same = 0;
        while (same < words && kept[same] == key[same]) same++;
        if (same == words) {
            *class = (i32)(kept[words] >> 32);
            return (i32)kept[words];
        }
    }
    for (i32 i = 0; i < t->naxis; i++) {
        i32 at = i < t->nquick ? t->quick[i].position : t->slow[i - t->nquick];
        u64 code = key[i >> 3] >> 8 * (i & 7) & 255;
        if (code != UNCODED) open[at] = t->axis[at].mask[code];
    }
    i32 answer = spread(c, number, d, open, class);
    if (kept) {
        memcpy(kept, key, (size_t)words * sizeof *kept);
        kept[words] = (u64)(u32)*class << 32 | (u32)answer, t->missed++;
    }
    return answer;
}

/* A collected answer that hangs on facts is worked out by the caller, once for the same state. */
static i32 collected(context_t *c, i32 number, i32 list, i32 *status)
{
    i64 key[MAX_KEY + 4];
    int n = 2;
    key[0] = -1 - number, key[1] = list;
    const readings_t *r = c->readings + list;
    for (i32 i = 0; i < c->nkey; i++) {
        if (!(i & 63)) key[n++] = 0;
        if (c->fact[i].known == c->line) key[n - 1] |= (i64)(1ULL << (i & 63));
        if (n > 6) return FAULT;
    }
    for (i32 i = 0; i < r->n; i++) {
        if (r->table[i] < 0) return FAULT; /* too large to be tabulated */
        const table_t *t = c->table + r->table[i];
        u64 open[MAX_AXES];
        if (n + t->naxis > MAX_KEY) return FAULT;
        for (i32 j = 0; j < t->naxis; j++) {
            if (!open_cells(c, r->table[i], j, open + j)) { *status = CELLS; return STOP; }
            key[n++] = (i64)open[j];
        }
    }
    const i64 *kept = memo_find(&c->answers, key, n);
    if (kept) return (i32)*kept;
    memcpy(c->need, key, (size_t)n * sizeof *key), c->nneed = n, *status = ANSWER;
    return STOP;
}

/* What the places of the case choose; NULL with `status` set where that is lacking. */
static const selection_t *selected(context_t *c, i32 number, i32 *status)
{
    decision_t *d = c->decision + number;
    i64 key[MAX_KEY];
    u64 packed = 0;
    int packs = d->nplace <= PACKED;
    for (i32 i = 0; i < d->nplace; i++) {
        const fact_t *f = c->fact + d->place[i];
        u64 v = f->known == c->line ? (u64)f->value : UNPACKED;
        packs &= v <= UNPACKED;
        packed = packed << 16 | v;
    }
    const recent_t *recent = recent_find(d->recent, packed, 0);
    if (packs && recent) return c->selection + recent->kept - 1;
    key[0] = number;
    for (i32 i = 0; i < d->nplace; i++) {
        const fact_t *f = c->fact + d->place[i];
        key[1 + i] = f->known == c->line ? f->value : -1;
    }
    const i64 *found = memo_find(&c->selections, key, d->nplace + 1);
    if (!found) {
        c->nneed = d->nplace + 1, memcpy(c->need, key, (size_t)c->nneed * sizeof *key), *status = SELECTION;
        return NULL;
    }
    if (packs) recent_put(d->recent, packed, 0, *found);
    return c->selection + *found;
}

static i32 decide(context_t *c, i32 number, i32 *class, i32 *table, i32 *status)
{
    decision_t *d = c->decision + number;
    *class = NONE;
    const selection_t *s = selected(c, number, status);
    if (!s) return STOP;
    if (s->constant >= 0) return s->constant;
    i64 which = 0;
    for (i32 i = 0; i < s->ndate; i++) {
        const fact_t *f = c->fact + d->date[i];
        which = which * (s->ncut[i] + 2) + (f->known == c->line ? side(s->cut[i], s->ncut[i], f->value) : s->ncut[i] + 1);
    }
    if (s->list[which] < 0) {
        c->need[0] = number, c->need[1] = s - c->selection, c->need[2] = which, c->nneed = 3, *status = READINGS;
        return STOP;
    }
    const readings_t *r = c->readings + s->list[which];
    i32 answer = NONE, readings = 0;
    for (i32 i = 0; i < r->n; i++) {
        i32 mine, found;
        if (r->table[i] < 0) return FAULT;
        found = read_table(c, r->table[i], d, &mine, status);
        if (found == STOP && *status == DONE) return collected(c, number, s->list[which], status);
        if (found == STOP || found == FAULT) return found;
        if (found == NONE) continue;
        *class = readings++ ? STOP : mine, *table = r->table[i];
        if (answer == NONE) answer = found;
        else if (answer != found) {
            if (d->collect) return collected(c, number, s->list[which], status);
            answer = both(d, answer, found);
        }
    }
    return answer == NONE ? FAULT : answer;
}

#endif
