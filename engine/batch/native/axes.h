/* The cells a case leaves open on an axis, as a set of bits, and a number for each set met. */
#ifndef TB_AXES_H
#define TB_AXES_H

#include "calendar.h"

enum { LAST_DAY = 3652059 };

static inline i32 side(const i64 *cut, i32 n, i64 value)
{
    i32 s = 0;
    if (n <= 8) { for (i32 i = 0; i < n; i++) s += cut[i] <= value; return s; }
    for (i32 high = n; s < high;) { i32 mid = (s + high) / 2; if (cut[mid] <= value) s = mid + 1; else high = mid; }
    return s;
}

static inline i64 subject_value(const subject_t *s, const fact_t *a, const fact_t *b)
{
    return s->kind == RAW ? a->value : s->kind == DAYS ? b->value - a->value : months_between(a, b, s->last_day);
}

static inline i32 subject_side(const subject_t *s, const fact_t *a, const fact_t *b)
{
    i64 value = subject_value(s, a, b);
    return s->ncut == 1 ? value >= s->once : side(s->cut, s->ncut, value);
}

/* The offsets that one unknown fact can add: its line is cut where a subject changes sides.
 * Returns how many, 0 where there are more than fit. */
static int unknown_offsets(const axis_t *a, i32 fact, fact_t *const *f, i64 *out)
{
    const joint_t *joint = a->joint;
    i64 at[MAX_POINTS], step[MAX_POINTS], offset = 0;
    int n = 0, count = 0;
    for (i32 i = 0; i < joint->nsubject; i++) {
        const subject_t *s = joint->subject + i;
        if (s->first != fact && (s->kind == RAW || s->second != fact)) continue;
        int back = s->kind != RAW && s->first == fact;
        const fact_t *other = s->kind == RAW ? NULL : f[back ? s->second : s->first];
        if (n + s->ncut > MAX_POINTS) return 0;
        if (back) offset += s->ncut * s->stride;
        for (i32 j = 0; j < s->ncut; j++) {
            i64 cut = s->cut[j], p = cut;
            if (s->kind == DAYS) p = back ? other->value - cut + 1 : other->value + cut;
            else if (s->kind == MONTHS) p = back ? latest_start(other->value, cut, s) + 1 : add_months(other->month, other->day, cut, s->last_day);
            int k = n++;
            for (; k > 0 && at[k - 1] > p; k--) at[k] = at[k - 1], step[k] = step[k - 1];
            at[k] = p, step[k] = back ? -s->stride : s->stride;
        }
    }
    int i = 0;
    while (i < n && at[i] <= a->fact[fact].low) offset += step[i++];
    out[count++] = offset;
    while (i < n && at[i] <= a->fact[fact].high) {
        i64 p = at[i];
        while (i < n && at[i] == p) offset += step[i++];
        out[count++] = offset;
    }
    return count;
}

/* Whether any values in a box fit a cell, as far as a few rounds of narrowing tell. */
static int fits(const axis_t *a, i64 cell, const i64 *lows, const i64 *highs)
{
    const joint_t *joint = a->joint + 1;
    i64 low[MAX_KEY], high[MAX_KEY];
    memcpy(low, lows, (size_t)a->nfact * sizeof *low), memcpy(high, highs, (size_t)a->nfact * sizeof *high);
    for (int round = 0, changed = 1; round <= MAX_ROUNDS && changed; round++) {
        changed = 0;
        for (i32 i = 0; i < joint->nsubject; i++) {
            const subject_t *s = joint->subject + i;
            i32 at = (i32)(cell / s->stride % (s->ncut + 1));
            const i64 *least = at ? s->cut + at - 1 : NULL, *above = at < s->ncut ? s->cut + at : NULL;
            i64 p = low[s->first], q = high[s->first], r, t;
            if (s->kind == RAW) {
                if (round) continue;
                if (least && *least > p) low[s->first] = *least;
                if (above && *above - 1 < q) high[s->first] = *above - 1;
                if (low[s->first] > high[s->first]) return 0;
                changed = 1;
                continue;
            }
            if (!round) continue;
            r = low[s->second], t = high[s->second];
            if (least) {
                i64 x = shift(p, *least, s), y = latest_start(t, *least, s);
                r = x > r ? x : r, q = y < q ? y : q;
            }
            if (above) {
                i64 x = shift(q, *above, s) - 1, y = latest_start(r, *above, s) + 1;
                t = x < t ? x : t, p = y > p ? y : p;
            }
            changed |= p != low[s->first] || q != high[s->first] || r != low[s->second] || t != high[s->second];
            low[s->first] = p, high[s->first] = q, low[s->second] = r, high[s->second] = t;
            if (p > q || r > t) return 0;
        }
        if (!round) changed = 1;
    }
    return 1;
}

/* A bound as a day, where it is one. */
static fact_t end_of(i64 value) { return value > 0 && value <= LAST_DAY ? dated(value) : (fact_t){.value = value}; }

/* The cells open where unknown facts hang together: those in range, narrowed one by one. */
static u64 narrowed_cells(const context_t *c, const axis_t *a)
{
    const joint_t *joint = a->joint + 1;
    i64 low[MAX_KEY], high[MAX_KEY];
    i32 least[MAX_KEY], most[MAX_KEY];
    for (i32 i = 0; i < a->nfact; i++) {
        const fact_t *f = c->fact + a->fact[i].slot;
        int known = f->known == c->line;
        low[i] = known ? f->value : a->fact[i].low, high[i] = known ? f->value : a->fact[i].high;
    }
    for (i32 i = 0; i < joint->nsubject; i++) {
        const subject_t *s = joint->subject + i;
        i64 from = low[s->first], to = high[s->first];
        if (s->kind != RAW) {
            fact_t p = dated(to), q = dated(low[s->second]), r = dated(from), t = dated(high[s->second]);
            from = subject_value(s, &p, &q), to = subject_value(s, &r, &t);
        }
        least[i] = side(s->cut, s->ncut, from), most[i] = side(s->cut, s->ncut, to);
    }
    u64 ranged = 0, narrowed = 0;
    int count = 0;
    for (i64 cell = 0; cell < joint->ncell; cell++) {
        if (joint->cell[cell] == -2) continue;
        int inside = 1;
        for (i32 i = 0; i < joint->nsubject && inside; i++) {
            i32 at = (i32)(cell / joint->subject[i].stride % (joint->subject[i].ncut + 1));
            inside = at >= least[i] && at <= most[i];
        }
        if (!inside) continue;
        u64 bit = joint->cell[cell] < 0 ? 0 : 1ULL << joint->cell[cell];
        count++, ranged |= bit;
        if (fits(a, cell, low, high)) narrowed |= bit;
    }
    return count > 1 ? narrowed : ranged;
}

/* Where what was looked up lately lies: there, or next to it. */
static inline recent_t *recent_at(recent_t *recent, u64 key, u64 more) { return recent + (mix(more, key) >> 40 & (RECENT - 2)); }

static inline const recent_t *recent_find(recent_t *recent, u64 key, u64 more)
{
    const recent_t *one = recent_at(recent, key, more);
    if (one->kept && one->key == key && one->more == more) return one;
    one++;
    return one->kept && one->key == key && one->more == more ? one : NULL;
}

static void recent_put(recent_t *recent, u64 key, u64 more, i64 what)
{
    recent_t *one = recent_at(recent, key, more);
    one[1] = one[0], one[0] = (recent_t){key, more, what + 1};
}

/* The number of a set of open cells. */
static u8 coded(axis_t *a, u64 mask)
{
    if (!mask) return NOTHING;
    for (i32 i = 1; i < a->nmask; i++) if (a->mask[i] == mask) return (u8)i;
    u64 *one = a->nmask < UNCODED ? grown((void **)&a->mask, a->nmask, sizeof *a->mask) : NULL;
    if (!one) return UNCODED;
    *one = mask;
    return (u8)a->nmask++;
}

/* What was kept of an axis for these values, else what is worked out; places are needed. */
static int kept_cells(context_t *c, i32 table, i32 position, u64 *mask)
{
    const axis_t *a = c->table[table].axis + position;
    i64 key[MAX_KEY];
    key[0] = table, key[1] = position, key[2] = 0;
    for (i32 i = 0; i < a->nfact; i++) {
        const fact_t *f = c->fact + a->fact[i].slot;
        int known = f->known == c->line;
        key[2] |= (i64)known << i;
        key[3 + i] = known ? f->value : 0;
        if (known && a->kind == KEPT && !a->fact[i].placed) key[3 + i] = side(a->cut, a->ncut, f->value);
    }
    const i64 *found = memo_find(&c->cells, key, 3 + a->nfact);
    if (found) *mask = (u64)*found;
    else if (a->kind == JOINT) {
        *mask = narrowed_cells(c, a);
        memo_put(&c->cells, key, 3 + a->nfact, (i64)*mask);
    } else {
        c->nneed = 3 + a->nfact, memcpy(c->need, key, (size_t)c->nneed * sizeof *key);
        return 0;
    }
    return 1;
}

/* The cells open where a fact that is not known is looked at by several subjects. */
static int offset_cells(context_t *c, i32 table, i32 position, u64 unknown, u64 *mask)
{
    const axis_t *a = c->table[table].axis + position;
    const joint_t *joint = a->joint;
    fact_t *f[MAX_KEY];
    i64 offsets[MAX_OFFSETS], more[MAX_POINTS + 1], offset = 0;
    int n = 1;
    for (i32 i = 0; i < a->nfact; i++) f[i] = c->fact + a->fact[i].slot;
    for (i32 i = 0; i < joint->nsubject; i++) {
        const subject_t *s = joint->subject + i;
        if (unknown >> s->first & 1 || (s->kind != RAW && unknown >> s->second & 1)) continue;
        offset += s->stride * side(s->cut, s->ncut, subject_value(s, f[s->first], s->kind == RAW ? NULL : f[s->second]));
    }
    offsets[0] = offset;
    for (i32 i = 0; i < a->nfact; i++) if (unknown >> i & 1) {
        int m = unknown_offsets(a, i, f, more);
        if (!m || n * m > MAX_OFFSETS) return kept_cells(c, table, position, mask);
        for (int k = m - 1; k >= 0; k--) for (int j = 0; j < n; j++) offsets[k * n + j] = offsets[j] + more[k];
        n *= m;
    }
    *mask = 0;
    for (int i = 0; i < n; i++) {
        i32 cell = joint->cell[offsets[i]];
        if (cell >= 0) *mask |= 1ULL << cell;
    }
    return 1;
}

/* The cells of a box of sides, first to last of each subject; 0 where it is large. */
static int box_cells(const joint_t *joint, u64 from, u64 to, u64 *mask)
{
    i64 offsets[MAX_OFFSETS];
    int n = 1;
    offsets[0] = 0;
    for (i32 i = 0; i < joint->nsubject; i++) {
        int least = (int)(from >> 8 * i & 255), m = (int)(to >> 8 * i & 255) - least + 1;
        if (n * m > MAX_OFFSETS) return 0;
        for (int k = m - 1; k >= 0; k--) for (int j = 0; j < n; j++) offsets[k * n + j] = offsets[j] + (least + k) * joint->subject[i].stride;
        n *= m;
    }
    *mask = 0;
    for (int i = 0; i < n; i++) {
        i32 cell = joint->cell[offsets[i]];
        if (cell >= 0) *mask |= 1ULL << cell;
    }
    return 1;
}

/* A fact that is not known takes every value between its bounds, and a subject, which moves by
 * steps of one at most, every side between those at the bounds. */
static i32 joint_code(context_t *c, i32 table, i32 position, u64 *mask)
{
    axis_t *a = c->table[table].axis + position;
    const joint_t *joint = a->joint;
    const fact_t *low[MAX_KEY], *high[MAX_KEY];
    u64 unknown = 0, tied = 0, from = 0, to = 0;
    for (i32 i = 0; i < a->nfact; i++) {
        const bound_t *one = a->fact + i;
        const fact_t *f = low[i] = high[i] = c->fact + one->slot;
        if (f->known != c->line) unknown |= 1ULL << i, tied |= one->tied, low[i] = &one->least, high[i] = &one->most;
        else if (f->value < one->low || f->value > one->high) return NOTHING;
    }
    if (unknown & tied) return kept_cells(c, table, position, mask) ? coded(a, *mask) : NONE;
    if (unknown & a->many || !a->packs) return offset_cells(c, table, position, unknown, mask) ? coded(a, *mask) : NONE;
    for (i32 i = 0; i < joint->nsubject; i++) {
        const subject_t *s = joint->subject + i;
        const fact_t *p = low[s->first], *q = high[s->first], *r = NULL, *t = NULL;
        if (s->kind != RAW) r = low[s->second], t = high[s->second], p = q, q = low[s->first];
        u64 least = (u64)subject_side(s, p, r), most = least;
        if (p != q || r != t) most = (u64)subject_side(s, q, t);
        from |= least << 8 * i, to |= most << 8 * i;
    }
    const recent_t *recent = recent_find(a->recent, from, to);
    if (recent) return (i32)recent->kept - 1;
    if (!box_cells(joint, from, to, mask)) return kept_cells(c, table, position, mask) ? coded(a, *mask) : NONE;
    u8 code = coded(a, *mask);
    if (code != UNCODED) recent_put(a->recent, from, to, code);
    return code;
}

/* A place or a side in sixteen bits; what is not known is all of them. */
enum { PACKED = 4, UNPACKED = 0xFFFF };

static i32 kept_code(context_t *c, i32 table, i32 position, u64 *mask)
{
    axis_t *a = c->table[table].axis + position;
    u64 packed = 0;
    int packs = a->nfact <= PACKED;
    for (i32 i = 0; i < a->nfact; i++) {
        const fact_t *f = c->fact + a->fact[i].slot;
        u64 v = UNPACKED;
        if (f->known == c->line) {
            v = a->fact[i].placed ? (u64)f->value : (u64)side(a->cut, a->ncut, f->value);
            packs &= v < UNPACKED;
        }
        packed = packed << 16 | v;
    }
    const recent_t *recent = recent_find(a->recent, packed, 0);
    if (packs && recent) return (i32)recent->kept - 1;
    if (!kept_cells(c, table, position, mask)) return NONE;
    u8 code = coded(a, *mask);
    if (packs && code != UNCODED) recent_put(a->recent, packed, 0, code);
    return code;
}

/* The same of a value of an axis of one fact. */
static inline u8 code_of(const axis_t *a, i64 value)
{
    if (value < a->fact->low || value > a->fact->high) return NOTHING;
    return a->of[a->span >= 0 ? value - a->fact->low : side(a->cut, a->ncut, value)];
}

/* Whether each value of a fact has a code of its own. */
static inline int few_values(const key_t_ *k) { return (k->kind == BOOL || k->kind == CODED || k->kind == NUMBER) && (u64)k->high - (u64)k->low < 255; }

/* The number of the set of cells open on an axis; `mask` is set where it is UNCODED. NONE where
 * what they are is needed. */
static inline i32 open_code(context_t *c, i32 table, i32 position, u64 *mask)
{
    const axis_t *a = c->table[table].axis + position;
    if (a->kind == JOINT) return joint_code(c, table, position, mask);
    if (a->kind == KEPT) return kept_code(c, table, position, mask);
    const fact_t *f = c->fact + a->fact->slot;
    return f->known == c->line ? code_of(a, f->value) : a->all;
}

static inline int open_cells(context_t *c, i32 table, i32 position, u64 *mask)
{
    i32 code = open_code(c, table, position, mask);
    if (code >= 0 && code != UNCODED) *mask = c->table[table].axis[position].mask[code];
    return code >= 0;
}

/* For the tests of the axes: the cells open where the facts in `known` have these values; 0 where
 * they are left to the caller. */
int tb_open(context_t *c, i32 table, i32 position, u64 known, const i64 *value, u64 *mask)
{
    const axis_t *a = c->table[table].axis + position;
    c->line++;
    for (i32 i = 0; i < a->nfact; i++) if (known >> i & 1) {
        c->fact[a->fact[i].slot] = dated(value[i]);
        c->fact[a->fact[i].slot].known = c->line;
    }
    return open_cells(c, table, position, mask);
}

#endif
