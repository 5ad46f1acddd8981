/* Registering: what the caller hands in is copied into the context, and freed with it. */
#ifndef TB_REGISTER_H
#define TB_REGISTER_H

#include "axes.h"
#include "calendar.h"
#include "words.h"

void *tb_new(i32 nkey, i32 ndecision, i64 most_cells, i64 most_answers)
{
    context_t *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->key = calloc((size_t)nkey, sizeof *c->key), c->fact = calloc((size_t)nkey, sizeof *c->fact);
    c->decision = calloc((size_t)ndecision, sizeof *c->decision);
    c->nkey = nkey, c->ndecision = ndecision, c->id_slot = c->day_slot = c->first_key = -1;
    c->cells.most = (size_t)most_cells, c->answers.most = (size_t)most_answers;
    for (i32 i = 0; i <= MONTHS_TOLD; i++) c->month_start[i] = (i32)ordinal(FIRST_YEAR + i / 12, i % 12 + 1, 1);
    return c;
}

static void free_axis(axis_t *a)
{
    for (joint_t *j = a->joint; j < a->joint + 2; j++) {
        for (i32 i = 0; i < j->nsubject; i++) free(j->subject[i].cut);
        free(j->subject), free(j->cell);
    }
    free(a->fact), free(a->mask), free(a->of), free(a->cut), free(a->recent);
}

void tb_free(context_t *c)
{
    for (i32 i = 0; i < c->nkey; i++) free(c->key[i].name);
    for (i32 i = 0; i < c->ndecision; i++) {
        decision_t *d = c->decision + i;
        for (i32 j = 0; j < d->nanswer; j++) free(d->answer[j].text);
        free(d->place), free(d->date), free(d->answer);
    }
    for (i32 i = 0; i < c->nselection; i++) {
        selection_t *s = c->selection + i;
        for (i32 j = 0; j < s->ndate; j++) free(s->cut[j]);
        free(s->ncut), free(s->cut), free(s->list);
    }
    for (i32 i = 0; i < c->ntable; i++) {
        table_t *t = c->table + i;
        for (i32 j = 0; j < t->naxis; j++) free_axis(t->axis + j);
        for (i32 j = 0; j < t->nquick; j++) free(t->quick[j].of);
        free(t->axis), free(t->quick), free(t->answer), free(t->met), free(t->answers);
    }
    for (i32 i = 0; i < c->nreadings; i++) free(c->readings[i].table);
    memo_t *memos[] = {&c->selections, &c->cells, &c->answers};
    for (int i = 0; i < 3; i++) free(memos[i]->words), free(memos[i]->slot);
    words_free(&c->words), words_free(&c->names);
    free(c->key), free(c->fact), free(c->decision), free(c->selection), free(c->table), free(c->readings), free(c);
}

int tb_key(context_t *c, i32 slot, i32 kind, const u8 *name, i32 length, i64 low, i64 high, i32 decimals)
{
    key_t_ *k = c->key + slot;
    *k = (key_t_){kind, length, decimals, kind == PLACE ? -1 : slot, -1, calloc((size_t)length + SLACK, 1), low, high};
    if (!k->name) return 0;
    memcpy(k->name, name, (size_t)length);
    memcpy(k->name + length, "\":", 2);
    if (kind == ID) c->id_slot = slot;
    if (kind == DAY) c->day_slot = slot;
    return word_put(&c->names, name, length, 0, slot);
}

/* A value of an enum or the name of a place, as it stands in a line. */
int tb_word(context_t *c, i32 slot, const u8 *text, i32 length, i64 code)
{
    return word_put(&c->words, text, length, slot, code);
}

int tb_decision(context_t *c, i32 number, i32 nplace, const i32 *place, i32 ndate, const i32 *date, i32 collect)
{
    decision_t *d = c->decision + number;
    *d = (decision_t){.nplace = nplace, .ndate = ndate, .collect = collect,
                      .place = copied(place, (size_t)nplace * sizeof *place), .date = copied(date, (size_t)ndate * sizeof *date)};
    return d->place && d->date;
}

/* The text of an answer, and the answer of which only the verdict is shared with it. */
int tb_answer(context_t *c, i32 number, const u8 *text, i32 length, i32 wide)
{
    decision_t *d = c->decision + number;
    answer_t *grown = realloc(d->answer, ((size_t)d->nanswer + 1) * sizeof *grown);
    if (!grown) return -1;
    d->answer = grown;
    u8 *own = calloc((size_t)length + ANSWERED, 1);    /* written out in whole steps */
    if (!own) return -1;
    memcpy(own, text, (size_t)length);
    grown[d->nanswer] = (answer_t){own, length, wide, 0, 0};
    if ((size_t)length > d->longest) c->longest += (size_t)length - d->longest, d->longest = (size_t)length;
    return d->nanswer++;
}

int tb_widen(context_t *c, i32 number, i32 answer, i32 wide) { c->decision[number].answer[answer].wide = wide; return 1; }

/* What the places of a case choose: one answer for all, or the periods that dates choose among. */
int tb_selection(context_t *c, i32 decision, const i64 *places, i32 constant, i32 ndate, const i32 *ncut, const i64 *cuts)
{
    selection_t *s = grown((void **)&c->selection, c->nselection, sizeof *s);
    i64 key[MAX_KEY] = {decision};
    decision_t *d = c->decision + decision;
    if (!s) return -1;
    *s = (selection_t){.constant = constant, .ndate = ndate, .nlist = 1, .ncut = copied(ncut, (size_t)ndate * sizeof *ncut), .cut = calloc((size_t)ndate + 1, sizeof *s->cut)};
    if (!s->ncut || !s->cut) return -1;
    for (i32 i = 0; i < ndate; cuts += ncut[i++]) {
        s->cut[i] = copied(cuts, (size_t)ncut[i] * sizeof *cuts);
        s->nlist *= ncut[i] + 2;
    }
    s->list = malloc((size_t)s->nlist * sizeof *s->list);
    if (!s->list) return -1;
    for (i64 i = 0; i < s->nlist; i++) s->list[i] = -1;
    memcpy(key + 1, places, (size_t)d->nplace * sizeof *key);
    return memo_put(&c->selections, key, d->nplace + 1, c->nselection) ? c->nselection++ : -1;
}

int tb_table(context_t *c, i32 naxis, const i32 *class_of, i32 nclass, const i32 *answer)
{
    table_t *t = grown((void **)&c->table, c->ntable, sizeof *t);
    if (!t) return -1;
    *t = (table_t){.naxis = naxis, .nclass = nclass, .class_of = class_of, .axis = calloc((size_t)naxis + 1, sizeof *t->axis),
                   .quick = calloc((size_t)naxis + 1, sizeof *t->quick),
                   .answer = copied(answer, (size_t)nclass * sizeof *answer), .met = calloc((size_t)nclass + 1, 1)};
    return t->axis && t->quick && t->answer && t->met ? c->ntable++ : -1;
}

int tb_axis(context_t *c, i32 table, i32 position, i32 kind, i64 stride, u64 all, i32 nfact, const i32 *slot, const i64 *low, const i64 *high)
{
    axis_t *a = c->table[table].axis + position;
    *a = (axis_t){.kind = kind, .nfact = nfact, .stride = stride, .span = -1,
                  .fact = calloc((size_t)nfact + 1, sizeof *a->fact)};
    u64 *nothing = grown((void **)&a->mask, a->nmask++, sizeof *a->mask);
    if (!a->fact || !nothing) return 0;
    for (i32 i = 0; i < nfact; i++) {
        a->fact[i] = (bound_t){.low = low[i], .high = high[i], .slot = slot[i], .placed = c->key[slot[i]].kind == PLACE};
        if (kind == JOINT) a->fact[i].least = end_of(low[i]), a->fact[i].most = end_of(high[i]);
    }
    *nothing = 0;
    if (kind == DIRECT) return (a->all = coded(a, all)) != UNCODED;
    c->table[table].slow[c->table[table].nslow++] = position;
    a->recent = calloc(RECENT, sizeof *a->recent);
    return a->recent != NULL;
}

/* Lists an axis of one fact among those of few values where it is one. */
static int quickened(const context_t *c, table_t *t, i32 position)
{
    const axis_t *a = t->axis + position;
    const key_t_ *k = c->key + a->fact->slot;
    if (!few_values(k)) { t->slow[t->nslow++] = position; return 1; }
    quick_t *quick = t->quick + t->nquick;
    *quick = (quick_t){calloc((size_t)(k->high - k->low) + 2, 1), a->fact->slot, position};
    if (!quick->of) return 0;
    t->nquick++;
    quick->of[0] = a->all;
    for (i64 value = k->low; value <= k->high; value++) quick->of[value - k->low + 1] = code_of(a, value);
    return 1;
}

/* The cuts of an axis of one fact, with what each side leaves open; of a kept one's date. */
int tb_cuts(context_t *c, i32 table, i32 position, i32 ncut, const i64 *cut, i32 nof, const u64 *of, i32 narrow)
{
    axis_t *a = c->table[table].axis + position;
    a->ncut = ncut, a->cut = copied(cut, (size_t)ncut * sizeof *cut), a->span = narrow ? nof - 1 : -1;
    a->of = calloc((size_t)nof + 2, 1);
    if (!a->cut || !a->of) return 0;
    for (i32 i = 0; i < nof; i++) if ((a->of[i] = coded(a, of[i])) == UNCODED) return 0;
    return a->kind != DIRECT || quickened(c, c->table + table, position);
}

/* The subjects of a joint axis: kind, first, second, last_day, ncut each; then all their cuts. */
int tb_joint(context_t *c, i32 table, i32 position, i32 which, i32 nsubject, const i32 *what, const i64 *stride, const i64 *cuts, i64 ncell, const i32 *cell)
{
    axis_t *a = c->table[table].axis + position;
    joint_t *j = a->joint + which;
    j->subject = calloc((size_t)nsubject + 1, sizeof *j->subject);
    j->cell = copied(cell, (size_t)ncell * sizeof *cell), j->ncell = ncell;
    if (!j->subject || !j->cell) return 0;
    if (!which) a->packs = nsubject <= MAX_PACKED;
    u64 seen = 0;
    for (i32 i = 0; i < nsubject; i++, what += 5) {
        subject_t one = {what[0], what[1], what[2], what[3], what[4], stride[i], what[4] ? cuts[0] : 0, copied(cuts, (size_t)what[4] * sizeof *cuts)};
        if (!one.cut) return 0;
        j->subject[j->nsubject++] = one;
        cuts += what[4];
        if (!which) {
            u64 looked_at = 1ULL << one.first | (one.kind == RAW ? 0 : 1ULL << one.second);
            a->many |= seen & looked_at, seen |= looked_at;
            a->packs = a->packs && one.ncut < 256;
        }
        if (one.kind != RAW) a->fact[one.first].tied |= 1ULL << one.second, a->fact[one.second].tied |= 1ULL << one.first;
    }
    return 1;
}

int tb_readings(context_t *c, i32 selection, i64 which, i32 n, const i32 *table)
{
    readings_t *r = grown((void **)&c->readings, c->nreadings, sizeof *r);
    if (!r) return -1;
    *r = (readings_t){n, copied(table, (size_t)n * sizeof *table)};
    if (!r->table) return -1;
    c->selection[selection].list[which] = c->nreadings;
    return c->nreadings++;
}

/* The value of what the last scan said it lacks. */
int tb_keep(context_t *c, i32 status, i64 value)
{
    return memo_put(status == CELLS ? &c->cells : &c->answers, c->need, (int)c->nneed, value);
}

/* The answers given since this was last asked: decision, answer, how often; at most `room`. */
i32 tb_given(context_t *c, u64 (*out)[3], i32 room)
{
    i32 n = 0;
    for (i32 i = 0; i < c->ndecision; i++) for (i32 j = 0; j < c->decision[i].nanswer && n < room; j++) {
        answer_t *one = c->decision[i].answer + j;
        if (one->count == one->told) continue;
        out[n][0] = (u64)i, out[n][1] = (u64)j, out[n++][2] = one->count - one->told;
        one->told = one->count;
    }
    return n;
}

u8 *tb_met(context_t *c, i32 table) { return c->table[table].met; }
i64 *tb_state(context_t *c) { return c->need; }    /* need, nneed, line_start, line_end, lines */

#endif
