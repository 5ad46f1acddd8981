/* Decides flat cases, one JSON object a line, from tables that are handed in.
 *
 * Nothing about any rule is compiled in: facts, values, axes, tables and the text of every answer
 * are registered by the caller, most of them when a line first needs them. The scan stops with a
 * status and says what it lacks (`need`); it goes on at the same line once that is registered.
 * Whatever is unusual in a line (an escape, a nested value, a partial date, any fault) is not
 * judged here: the line is handed back (LINE) to the exact reader of the caller.
 *
 * All state is in the context. A buffer holds whole lines, each ended by a newline, and has SLACK
 * readable bytes behind its end. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t i32;
typedef int64_t i64;

enum { SLACK = 64, MAX_CARRIED = 32, MAX_KEY = 40, MAX_POINTS = 48, MAX_OFFSETS = 512, MAX_AXES = 32, MAX_ROUNDS = 8,
       RECENT = 64, RECENT_FACTS = 4 };
enum { BOOL, CODED, NUMBER, DATE, PLACE, ID, DAY };               /* kinds of keys */
enum { DONE, LINE, SELECTION, READINGS, CELLS, ANSWER, ROOM };    /* why a scan stops */
enum { DIRECT, JOINT, KEPT };                                     /* kinds of axes */
enum { RAW, DAYS, MONTHS };                                       /* kinds of subjects */
enum { NONE = -1, STOP = -2, FAULT = -3 };                        /* in place of an answer */

#define WORDS(x) (0x0101010101010101ULL * (x))
static const i64 P10[] = {1, 10, 100, 1000, 10000, 100000, 1000000};

/* ---- memory that only grows, and keys to small numbers ------------------------------------- */

static void *copied(const void *from, size_t bytes)
{
    void *to = malloc(bytes ? bytes : 1);
    if (to && bytes) memcpy(to, from, bytes);
    return to;
}

typedef struct { i64 *words; u32 *slot; size_t used, words_cap, slots, count, most; } memo_t;

static u64 mix(u64 h, u64 w) { h = (h ^ w) * 0x9E3779B97F4A7C15ULL; return h ^ (h >> 29); }

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

/* ---- what is registered --------------------------------------------------------------------- */

typedef struct { u64 hash; const u8 *text; i32 slot, length; i64 code; } word_t;
typedef struct { word_t *word; size_t slots, count; } words_t;

typedef struct { i32 kind, length, decimals; u8 *name; i64 low, high; } key_t_;

typedef struct { i32 kind, first, second, last_day, ncut; i64 stride; i64 *cut; } subject_t;

typedef struct { i64 known, value[RECENT_FACTS]; u64 mask; } recent_t;

typedef struct {
    i32 nsubject;
    subject_t *subject;
    i64 ncell;
    i32 *cell;            /* sides of the subjects, mixed radix -> cell, -1 dead, -2 impossible */
} joint_t;

typedef struct {
    i32 kind, nfact, narrow;
    i32 *slot;
    i64 *low, *high;      /* bounds of each fact within the period of the rules */
    joint_t joint[2];     /* JOINT: the subjects that tell cells apart; all of them */
    u64 tied[MAX_KEY];    /* JOINT: for each fact those it has a subject in common with */
    u64 all;              /* open when nothing is known */
    u64 *of;              /* DIRECT: open for each side; for each value where these are few */
    i64 *cut; i32 ncut;   /* DIRECT: of the fact. KEPT: of its last fact, a date */
    i64 stride;
    recent_t *recent;     /* of kept cells */
} axis_t;

typedef struct {
    i32 naxis, nclass;
    axis_t *axis;
    const i32 *class_of;  /* borrowed: class of each combination of cells, -1 impossible */
    i32 *answer;          /* of each class; FAULT is a fault of the ruleset */
    u8 *met;              /* classes met by cases that leave one class open */
} table_t;

typedef struct { i32 constant, ndate; i64 nlist; i32 *ncut; i64 **cut; i32 *list; } selection_t;
typedef struct { i32 n; i32 *table; } readings_t;
typedef struct { u8 *text; i32 length, wide; u64 count; } answer_t;

typedef struct {
    i32 nplace, ndate, collect, nanswer, last;
    i32 *place, *date;
    i64 last_key[4];
    answer_t *answer;
    size_t longest;
} decision_t;

typedef struct { i64 value; i32 month, day; u32 seen, known; } fact_t;
typedef struct { const u8 *key, *value; i32 key_length, value_length; } carried_t;

typedef struct {
    i64 need[MAX_KEY + 4]; i64 nneed; i64 line_start, line_end, lines;
    i32 nkey, ndecision, nselection, ntable, nreadings, id_slot, day_slot, fresh;
    key_t_ *key; fact_t *fact; words_t words, names;
    decision_t *decision; selection_t *selection; table_t *table; readings_t *readings;
    memo_t selections, cells, answers;
    fact_t default_day; u32 line; i32 norder; i32 *order;
    const u8 *id; i32 id_length, ncarried; carried_t carried[MAX_CARRIED]; size_t longest;
} context_t;

static inline u64 load(const u8 *p) { u64 w; memcpy(&w, p, 8); return w; }

static inline u64 hash_text(const u8 *p, i32 n, i32 slot)
{
    u64 h = mix((u64)n, (u64)slot);
    for (; n >= 8; n -= 8, p += 8) h = mix(h, load(p));
    return n ? mix(h, load(p) & (~0ULL >> (64 - 8 * n))) : h;
}

static inline const word_t *word_find(const words_t *words, const u8 *p, i32 n, i32 slot)
{
    if (!words->slots) return NULL;
    u64 h = hash_text(p, n, slot);
    for (size_t at = (h >> 7) & (words->slots - 1); words->word[at].text; at = (at + 1) & (words->slots - 1)) {
        const word_t *one = words->word + at;
        if (one->hash == h && one->length == n && one->slot == slot && !memcmp(one->text, p, (size_t)n)) return one;
    }
    return NULL;
}

static int word_put(words_t *words, const u8 *p, i32 n, i32 slot, i64 code)
{
    if (words->count * 2 >= words->slots) {
        words_t wider = {calloc(words->slots ? words->slots * 2 : 256, sizeof(word_t)), words->slots ? words->slots * 2 : 256, words->count};
        if (!wider.word) return 0;
        for (size_t i = 0; i < words->slots; i++) if (words->word[i].text) {
            size_t at = (words->word[i].hash >> 7) & (wider.slots - 1);
            while (wider.word[at].text) at = (at + 1) & (wider.slots - 1);
            wider.word[at] = words->word[i];
        }
        free(words->word);
        *words = wider;
    }
    u8 *text = calloc((size_t)n + 8, 1);    /* hashed in whole words */
    if (!text) return 0;
    memcpy(text, p, (size_t)n);
    u64 h = hash_text(text, n, slot);
    size_t at = (h >> 7) & (words->slots - 1);
    while (words->word[at].text) at = (at + 1) & (words->slots - 1);
    words->word[at] = (word_t){h, text, slot, n, code};
    words->count++;
    return 1;
}

void *tb_new(i32 nkey, i32 ndecision, i64 most_cells, i64 most_answers)
{
    context_t *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->key = calloc((size_t)nkey, sizeof *c->key), c->fact = calloc((size_t)nkey, sizeof *c->fact);
    c->order = calloc((size_t)nkey + MAX_CARRIED, sizeof *c->order);
    c->decision = calloc((size_t)ndecision, sizeof *c->decision);
    c->nkey = nkey, c->ndecision = ndecision, c->id_slot = c->day_slot = -1;
    c->cells.most = (size_t)most_cells, c->answers.most = (size_t)most_answers;
    return c;
}

static void free_axis(axis_t *a)
{
    for (joint_t *j = a->joint; j < a->joint + 2; j++) {
        for (i32 i = 0; i < j->nsubject; i++) free(j->subject[i].cut);
        free(j->subject), free(j->cell);
    }
    free(a->slot), free(a->low), free(a->high), free(a->of), free(a->cut), free(a->recent);
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
        free(t->axis), free(t->answer), free(t->met);
    }
    for (i32 i = 0; i < c->nreadings; i++) free(c->readings[i].table);
    for (size_t i = 0; i < c->words.slots; i++) free((void *)c->words.word[i].text);
    for (size_t i = 0; i < c->names.slots; i++) free((void *)c->names.word[i].text);
    memo_t *memos[] = {&c->selections, &c->cells, &c->answers};
    for (int i = 0; i < 3; i++) free(memos[i]->words), free(memos[i]->slot);
    free(c->words.word), free(c->names.word), free(c->key), free(c->fact), free(c->order), free(c->decision);
    free(c->selection), free(c->table), free(c->readings), free(c);
}

int tb_key(context_t *c, i32 slot, i32 kind, const u8 *name, i32 length, i64 low, i64 high, i32 decimals)
{
    key_t_ *k = c->key + slot;
    *k = (key_t_){kind, length, decimals, calloc((size_t)length + SLACK, 1), low, high};
    if (!k->name) return 0;
    memcpy(k->name, name, (size_t)length);
    k->name[length] = '"';
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
    *d = (decision_t){.nplace = nplace, .ndate = ndate, .collect = collect, .last = -1,
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
    grown[d->nanswer] = (answer_t){copied(text, (size_t)length), length, wide, 0};
    if (!grown[d->nanswer].text) return -1;
    if ((size_t)length > d->longest) c->longest += (size_t)length - d->longest, d->longest = (size_t)length;
    return d->nanswer++;
}

int tb_widen(context_t *c, i32 number, i32 answer, i32 wide) { c->decision[number].answer[answer].wide = wide; return 1; }

static void *grown(void **array, i32 count, size_t size)
{
    if (count & (count - 1)) return (char *)*array + (size_t)count * size;    /* doubled at powers of two */
    void *wider = realloc(*array, (count ? (size_t)count * 2 : 1) * size);
    if (!wider) return NULL;
    *array = wider;
    return (char *)wider + (size_t)count * size;
}

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
    *t = (table_t){naxis, nclass, calloc((size_t)naxis + 1, sizeof *t->axis), class_of,
                   copied(answer, (size_t)nclass * sizeof *answer), calloc((size_t)nclass + 1, 1)};
    return t->axis && t->answer && t->met ? c->ntable++ : -1;
}

int tb_axis(context_t *c, i32 table, i32 position, i32 kind, i64 stride, u64 all, i32 nfact, const i32 *slot, const i64 *low, const i64 *high)
{
    axis_t *a = c->table[table].axis + position;
    *a = (axis_t){.kind = kind, .nfact = nfact, .stride = stride, .all = all,
                  .slot = copied(slot, (size_t)nfact * sizeof *slot),
                  .low = copied(low, (size_t)nfact * sizeof *low), .high = copied(high, (size_t)nfact * sizeof *high)};
    a->recent = calloc(RECENT, sizeof *a->recent);
    return a->slot && a->low && a->high && a->recent;
}

/* The cuts of an axis of one fact, with what each side leaves open; of a kept one's date. */
int tb_cuts(context_t *c, i32 table, i32 position, i32 ncut, const i64 *cut, i32 nof, const u64 *of, i32 narrow)
{
    axis_t *a = c->table[table].axis + position;
    a->ncut = ncut, a->cut = copied(cut, (size_t)ncut * sizeof *cut), a->narrow = narrow;
    a->of = copied(of, (size_t)nof * sizeof *of);
    return a->cut && a->of;
}

/* The subjects of a joint axis: kind, first, second, last_day, ncut each; then all their cuts. */
int tb_joint(context_t *c, i32 table, i32 position, i32 which, i32 nsubject, const i32 *what, const i64 *stride, const i64 *cuts, i64 ncell, const i32 *cell)
{
    axis_t *a = c->table[table].axis + position;
    joint_t *j = a->joint + which;
    j->subject = calloc((size_t)nsubject + 1, sizeof *j->subject);
    j->cell = copied(cell, (size_t)ncell * sizeof *cell), j->ncell = ncell;
    if (!j->subject || !j->cell) return 0;
    for (i32 i = 0; i < nsubject; i++, what += 5) {
        subject_t one = {what[0], what[1], what[2], what[3], what[4], stride[i], copied(cuts, (size_t)what[4] * sizeof *cuts)};
        if (!one.cut) return 0;
        j->subject[j->nsubject++] = one;
        cuts += what[4];
        if (one.kind != RAW) a->tied[one.first] |= 1ULL << one.second, a->tied[one.second] |= 1ULL << one.first;
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

u64 tb_count(const context_t *c, i32 decision, i32 answer) { return c->decision[decision].answer[answer].count; }
u8 *tb_met(context_t *c, i32 table) { return c->table[table].met; }
i64 *tb_state(context_t *c) { return c->need; }    /* need, nneed, line_start, line_end, lines */

/* ---- the calendar: ordinals as the caller counts them (1 is the first day of the year 1) ------ */

static inline int month_days(int year, int month)
{
    return month == 2 ? 28 + ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0) : 30 + ((month + (month > 7)) & 1);
}

static inline i64 ordinal(int y, int m, int d)
{
    y -= m <= 2;
    int era = y / 400, of_era = y - era * 400, of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return (i64)era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 305;
}

static void civil(i64 day, int *y, int *m, int *d)
{
    i64 z = day + 305, era = z / 146097, of_era = z - era * 146097;
    i64 year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    i64 of_year = of_era - (365 * year + year / 4 - year / 100), mp = (5 * of_year + 2) / 153;
    *d = (int)(of_year - (153 * mp + 2) / 5 + 1), *m = (int)(mp < 10 ? mp + 3 : mp - 9);
    *y = (int)(year + era * 400 + (*m <= 2));
}

static i64 add_months(i64 month, int day, i64 months, int last_day)
{
    i64 at = month + months, y = at >= 0 ? at / 12 : -((11 - at) / 12);
    int m = (int)(at - y * 12) + 1;
    y = y < 1 ? 1 : y > 9998 ? 9998 : y;
    int last = month_days((int)y, m);
    return day <= last ? ordinal((int)y, m, day) : ordinal((int)y, m, last) + !last_day;
}

/* Completed months: what the day of the month adds to the difference of the months. */
static inline i64 months_between(const fact_t *a, const fact_t *b, int last_day)
{
    i64 count = (i64)b->month - a->month;
    if (b->day >= a->day) return count;
    if (!last_day || b->day < 28) return count - 1;
    return count - (b->day < month_days(b->month / 12, b->month % 12 + 1));
}

static fact_t dated(i64 day)
{
    int y, m, d;
    civil(day, &y, &m, &d);
    return (fact_t){.value = day, .month = y * 12 + m - 1, .day = d};
}

static i64 shift(i64 day, i64 count, const subject_t *s)
{
    if (s->kind == DAYS) return day + count;
    fact_t f = dated(day);
    return add_months(f.month, f.day, count, s->last_day);
}

static i64 latest_start(i64 day, i64 count, const subject_t *s)
{
    if (s->kind == DAYS) return day - count;
    fact_t f = dated(day);
    i64 start = add_months(f.month, f.day, -count, 1) + 3;
    while (shift(start, count, s) > day) start--;
    return start;
}

/* For the tests of the calendar: what = 0 completed months, 1 months added, 2 latest start. */
i64 tb_calendar(i32 what, i64 first, i64 second, i32 last_day)
{
    subject_t s = {.kind = MONTHS, .last_day = last_day};
    fact_t a = dated(first), b;
    if (what == 1) return shift(first, second, &s);
    if (what == 2) return latest_start(first, second, &s);
    b = dated(second);
    return months_between(&a, &b, last_day);
}

/* The day of the cases that name none. */
int tb_day(context_t *c, i64 day) { c->default_day = dated(day); return 1; }

/* ---- the cells a case leaves open on an axis, as a set of bits --------------------------------- */

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
    while (i < n && at[i] <= a->low[fact]) offset += step[i++];
    out[count++] = offset;
    while (i < n && at[i] <= a->high[fact]) {
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

/* The cells open where unknown facts hang together: those in range, narrowed one by one. */
static u64 narrowed_cells(const context_t *c, const axis_t *a)
{
    const joint_t *joint = a->joint + 1;
    i64 low[MAX_KEY], high[MAX_KEY];
    i32 least[MAX_KEY], most[MAX_KEY];
    for (i32 i = 0; i < a->nfact; i++) {
        const fact_t *f = c->fact + a->slot[i];
        int known = f->known == c->line;
        low[i] = known ? f->value : a->low[i], high[i] = known ? f->value : a->high[i];
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

/* What is kept of an axis for these values, else what is worked out; places are needed. */
static int kept_cells(context_t *c, i32 table, i32 position, u64 *mask)
{
    const axis_t *a = c->table[table].axis + position;
    i64 key[MAX_KEY];
    u64 h = 0;
    key[0] = table, key[1] = position, key[2] = 0;
    for (i32 i = 0; i < a->nfact; i++) {
        const fact_t *f = c->fact + a->slot[i];
        int known = f->known == c->line;
        key[2] |= (i64)known << i;
        key[3 + i] = known ? f->value : 0;
        if (known && a->kind == KEPT && c->key[a->slot[i]].kind != PLACE) key[3 + i] = side(a->cut, a->ncut, f->value);
        h = h * 31 + (u64)key[3 + i];
    }
    recent_t *recent = a->nfact <= RECENT_FACTS ? a->recent + ((h + (u64)key[2] * 7) & (RECENT - 1)) : NULL;
    if (recent && recent->known == key[2] + 1 && !memcmp(recent->value, key + 3, (size_t)a->nfact * sizeof *key)) { *mask = recent->mask; return 1; }
    const i64 *found = memo_find(&c->cells, key, 3 + a->nfact);
    if (found) *mask = (u64)*found;
    else if (a->kind == JOINT) {
        *mask = narrowed_cells(c, a);
        memo_put(&c->cells, key, 3 + a->nfact, (i64)*mask);
    } else {
        c->nneed = 3 + a->nfact, memcpy(c->need, key, (size_t)c->nneed * sizeof *key);
        return 0;
    }
    if (recent) {
        recent->known = key[2] + 1, recent->mask = *mask;
        memcpy(recent->value, key + 3, (size_t)a->nfact * sizeof *key);
    }
    return 1;
}

static int joint_cells(context_t *c, i32 table, i32 position, u64 *mask)
{
    const axis_t *a = c->table[table].axis + position;
    const joint_t *joint = a->joint;
    fact_t *f[MAX_KEY];
    i64 offset = 0;
    u64 unknown = 0, tied = 0;
    *mask = 0;
    for (i32 i = 0; i < a->nfact; i++) {
        f[i] = c->fact + a->slot[i];
        if (f[i]->known != c->line) unknown |= 1ULL << i, tied |= a->tied[i];
        else if (f[i]->value < a->low[i] || f[i]->value > a->high[i]) return 1;
    }
    if (unknown & tied) return kept_cells(c, table, position, mask);
    for (i32 i = 0; i < joint->nsubject; i++) {
        const subject_t *s = joint->subject + i;
        if (unknown >> s->first & 1 || (s->kind != RAW && unknown >> s->second & 1)) continue;
        offset += s->stride * side(s->cut, s->ncut, subject_value(s, f[s->first], s->kind == RAW ? NULL : f[s->second]));
    }
    i64 offsets[MAX_OFFSETS], more[MAX_POINTS + 1];
    int n = 1;
    offsets[0] = offset;
    for (i32 i = 0; i < a->nfact; i++) if (unknown >> i & 1) {
        int m = unknown_offsets(a, i, f, more);
        if (!m || n * m > MAX_OFFSETS) return kept_cells(c, table, position, mask);
        for (int k = m - 1; k >= 0; k--) for (int j = 0; j < n; j++) offsets[k * n + j] = offsets[j] + more[k];
        n *= m;
    }
    for (int i = 0; i < n; i++) {
        i32 cell = joint->cell[offsets[i]];
        if (cell >= 0) *mask |= 1ULL << cell;
    }
    return 1;
}

static inline int open_cells(context_t *c, i32 table, i32 position, u64 *mask)
{
    const axis_t *a = c->table[table].axis + position;
    if (a->kind == JOINT) return joint_cells(c, table, position, mask);
    if (a->kind == KEPT) return kept_cells(c, table, position, mask);
    const fact_t *f = c->fact + a->slot[0];
    if (f->known != c->line) *mask = a->all;
    else if (f->value < a->low[0] || f->value > a->high[0]) *mask = 0;
    else *mask = a->of[a->narrow ? f->value - a->low[0] : side(a->cut, a->ncut, f->value)];
    return 1;
}

/* For the tests of the axes: the cells open where the facts in `known` have these values; 0 where
 * they are left to the caller. */
int tb_open(context_t *c, i32 table, i32 position, u64 known, const i64 *value, u64 *mask)
{
    const axis_t *a = c->table[table].axis + position;
    c->line++;
    for (i32 i = 0; i < a->nfact; i++) if (known >> i & 1) {
        c->fact[a->slot[i]] = dated(value[i]);
        c->fact[a->slot[i]].known = c->line;
    }
    return open_cells(c, table, position, mask);
}

/* ---- the answer to a decision ------------------------------------------------------------------- */

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

/* NONE where no class is open, STOP with `status` set where something is lacking. */
static i32 read_table(context_t *c, i32 number, const decision_t *d, i32 *class, u64 *open, i32 *status)
{
    const table_t *t = c->table + number;
    i64 at = 0, count = 1;
    *class = NONE;
    for (i32 i = 0; i < t->naxis; i++) {
        if (!open_cells(c, number, i, open + i)) { *status = CELLS; return STOP; }
        if (!open[i]) return NONE;
        at += __builtin_ctzll(open[i]) * t->axis[i].stride;
        if (open[i] & (open[i] - 1)) count *= __builtin_popcountll(open[i]);
    }
    if (count == 1) {
        *class = t->class_of[at];
        return *class < 0 ? NONE : t->answer[*class];
    }
    if (count <= 32) return over_classes(t, d, open, class);
    i64 key[MAX_AXES + 1];
    key[0] = number, memcpy(key + 1, open, (size_t)t->naxis * sizeof *open);
    const i64 *kept = memo_find(&c->answers, key, t->naxis + 1);
    if (kept) { *class = (i32)(*kept >> 32); return (i32)*kept; }
    i32 answer = over_classes(t, d, open, class);
    memo_put(&c->answers, key, t->naxis + 1, (i64)((u64)(u32)*class << 32 | (u32)answer));
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

static i32 decide(context_t *c, i32 number, i32 *class, i32 *table, i32 *status)
{
    decision_t *d = c->decision + number;
    i64 key[MAX_KEY];
    int same = d->last >= 0 && d->nplace <= 4;
    key[0] = number, *class = NONE;
    for (i32 i = 0; i < d->nplace; i++) {
        const fact_t *f = c->fact + d->place[i];
        key[1 + i] = f->known == c->line ? f->value : -1;
        same = same && key[1 + i] == d->last_key[i];
    }
    if (!same) {
        const i64 *found = memo_find(&c->selections, key, d->nplace + 1);
        if (!found) {
            c->nneed = d->nplace + 1, memcpy(c->need, key, (size_t)c->nneed * sizeof *key), *status = SELECTION;
            return STOP;
        }
        d->last = (i32)*found;
        if (d->nplace <= 4) memcpy(d->last_key, key + 1, (size_t)d->nplace * sizeof *key);
    }
    const selection_t *s = c->selection + d->last;
    if (s->constant >= 0) return s->constant;
    i64 which = 0;
    for (i32 i = 0; i < s->ndate; i++) {
        const fact_t *f = c->fact + d->date[i];
        which = which * (s->ncut[i] + 2) + (f->known == c->line ? side(s->cut[i], s->ncut[i], f->value) : s->ncut[i] + 1);
    }
    if (s->list[which] < 0) {
        c->need[0] = number, c->need[1] = d->last, c->need[2] = which, c->nneed = 3, *status = READINGS;
        return STOP;
    }
    const readings_t *r = c->readings + s->list[which];
    i32 answer = NONE, readings = 0;
    for (i32 i = 0; i < r->n; i++) {
        u64 open[MAX_AXES];
        i32 mine, found;
        if (r->table[i] < 0) return FAULT;
        found = read_table(c, r->table[i], d, &mine, open, status);
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

/* ---- one line --------------------------------------------------------------------------------------- */

static inline const u8 *space(const u8 *p) { while (*p == ' ' || *p == '\t' || *p == '\r') p++; return p; }

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

static inline const u8 *day(const u8 *p, const key_t_ *k, fact_t *f)
{
    int y = 0, m, d;
    for (int i = 0; i < 10; i++) if (i == 4 || i == 7 ? p[i] != '-' : (u8)(p[i] - '0') > 9) return NULL;
    y = (p[0] - '0') * 1000 + (p[1] - '0') * 100 + (p[2] - '0') * 10 + p[3] - '0';
    m = (p[5] - '0') * 10 + p[6] - '0', d = (p[8] - '0') * 10 + p[9] - '0';
    if (p[10] != '"' || y < 1 || m < 1 || m > 12 || d < 1 || (d > 28 && d > month_days(y, m))) return NULL;
    f->value = ordinal(y, m, d), f->month = y * 12 + m - 1, f->day = d;
    return f->value < k->low || f->value > k->high ? NULL : p + 11;
}

static inline const u8 *fact_value(context_t *c, i32 slot, const u8 *p)
{
    const key_t_ *k = c->key + slot;
    fact_t *f = c->fact + slot;
    u64 digits, high = 0;
    int negative, whole, fraction;
    const u8 *end;
    const word_t *word;
    if (*p == 'n') return memcmp(p, "null", 4) ? NULL : p + 4;
    f->known = c->line;
    switch (k->kind) {
    case BOOL:
        f->value = *p == 't';
        return !memcmp(p, "true", 4) ? p + 4 : !memcmp(p, "false", 5) ? p + 5 : NULL;
    case NUMBER:
        p = number(p, &negative, &digits, &whole, &fraction);
        if (!p || fraction > k->decimals) return NULL;
        f->value = (i64)digits;
        if (k->decimals > fraction) {
            if (whole > 12) return NULL;
            f->value *= P10[k->decimals - fraction];
        }
        if (negative) f->value = -f->value;
        return f->value < k->low || f->value > k->high ? NULL : p;
    case DATE:
    case DAY:
        return *p == '"' ? day(p + 1, k, f) : NULL;
    default:
        if (*p++ != '"') return NULL;
        end = text_end(p, &high);
        if (!end || end - p > 255) return NULL;
        if (k->kind == ID) return NULL;
        word = word_find(&c->words, p, (i32)(end - p), k->kind == PLACE ? -1 : slot);
        if (!word) return NULL;
        f->value = word->code;
        return end + 1;
    }
}

static inline int same_name(const key_t_ *k, const u8 *p)
{
    i32 n = k->length + 1;
    const u8 *name = k->name;
    for (; n > 8; n -= 8, p += 8, name += 8) if (load(p) != load(name)) return 0;
    return !((load(p) ^ load(name)) & (~0ULL >> (64 - 8 * n)));
}

/* Reads a line into the context; 0 where it is unusual. */
static int read_line(context_t *c, const u8 *p, const u8 *end)
{
    const u8 *stop;
    u64 high = 0;
    if (!++c->line) { memset(c->fact, 0, (size_t)c->nkey * sizeof *c->fact); c->line = 1; }
    c->id = NULL, c->ncarried = 0;
    fact_t *today = c->fact + c->day_slot;
    u32 seen = today->seen;
    *today = c->default_day, today->seen = seen, today->known = c->line;
    p = space(p);
    if (*p++ != '{') return 0;
    p = space(p);
    if (*p == '}') return space(p + 1) == end;
    for (i32 at = 0;; at++) {
        if (*p++ != '"') return 0;
        if (p[0] == 'x' && p[1] == '_') {
            if (c->ncarried == MAX_CARRIED) return 0;
            carried_t *one = c->carried + c->ncarried;
            stop = plain_text(p);
            if (!stop) return 0;
            one->key = p, one->key_length = (i32)(stop - p);
            for (i32 i = 0; i < c->ncarried; i++)
                if (c->carried[i].key_length == one->key_length && !memcmp(c->carried[i].key, p, (size_t)one->key_length)) return 0;
            p = space(stop + 1);
            if (*p++ != ':') return 0;
            p = space(p);
            one->value = p, p = carried_value(p);
            if (!p) return 0;
            one->value_length = (i32)(p - one->value);
            c->ncarried++, at--;
        } else {
            i32 slot = at < c->norder ? c->order[at] : -1;
            if (slot < 0 || !same_name(c->key + slot, p)) {
                stop = text_end(p, &high);
                if (!stop || stop - p > 255) return 0;
                const word_t *name = word_find(&c->names, p, (i32)(stop - p), 0);
                if (!name || at >= c->nkey) return 0;
                slot = (i32)name->code, c->order[at] = slot;
                if (at >= c->norder) c->norder = at + 1;
            }
            if (c->fact[slot].seen == c->line) return 0;
            c->fact[slot].seen = c->line;
            p = space(p + c->key[slot].length + 1);
            if (*p++ != ':') return 0;
            p = space(p);
            if (slot == c->id_slot) {
                if (*p == '"') {
                    stop = plain_text(p + 1);
                    if (!stop) return 0;
                    c->id = p, c->id_length = (i32)(stop + 1 - p), p = stop + 1;
                } else if (!memcmp(p, "null", 4)) p += 4;
                else return 0;
            } else {
                p = fact_value(c, slot, p);
                if (!p) return 0;
            }
        }
        p = space(p);
        if (*p == ',') { p = space(p + 1); continue; }
        return *p == '}' && space(p + 1) == end;
    }
}

static u8 *put(u8 *o, const void *text, size_t n) { memcpy(o, text, n); return o + n; }

static u8 *write_line(context_t *c, const i32 *answer, u8 *o)
{
    o = put(o, "{\"id\": ", 7);
    o = c->id ? put(o, c->id, (size_t)c->id_length) : put(o, "null", 4);
    for (i32 i = 0; i < c->ncarried; i++) {
        const carried_t *one = c->carried + i;
        o = put(put(o, ", \"", 3), one->key, (size_t)one->key_length);
        o = put(put(o, "\": ", 3), one->value, (size_t)one->value_length);
    }
    for (i32 i = 0; i < c->ndecision; i++) {
        answer_t *one = c->decision[i].answer + answer[i];
        o = put(o, one->text, (size_t)one->length);
        one->count++;
    }
    return put(o, "}\n", 2);
}

/* Decides the lines of buffer[*position, length), writing to out[*written, room). */
int tb_scan(context_t *c, const u8 *buffer, i64 *position, i64 length, u8 *out, i64 *written, i64 room, i64 longest)
{
    i32 answer[256], class[256], table[256];
    while (*position < length) {
        const u8 *p = buffer + *position, *end = memchr(p, '\n', (size_t)(length - *position));
        if (!end) end = buffer + length;
        i64 size = end - p, next = end - buffer + 1;
        c->line_start = *position, c->line_end = next > length ? length : next;
        if (space(p) == end) { *position = c->line_end, c->lines++; continue; }
        /* What is carried grows by a space or two each; an answer for each decision. */
        if (room - *written < 2 * size + (i64)c->longest + 64) return ROOM;
        if (size > longest || !read_line(c, p, end)) return LINE;
        for (i32 i = 0; i < c->ndecision; i++) {
            i32 status = DONE;
            answer[i] = decide(c, i, class + i, table + i, &status);
            if (status) return status;
            if (answer[i] < 0) return LINE;
        }
        for (i32 i = 0; i < c->ndecision; i++) if (class[i] >= 0 && !c->table[table[i]].met[class[i]]) c->table[table[i]].met[class[i]] = 1, c->fresh = 1;
        *written = write_line(c, answer, out + *written) - out;
        *position = c->line_end, c->lines++;
    }
    return DONE;
}

/* How many lines end in a buffer. */
i64 tb_lines(const u8 *p, i64 length)
{
    i64 n = 0;
    for (const u8 *end = p + length; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++) n++;
    return n;
}

/* Whether a class was met for the first time since this was last asked. */
int tb_fresh(context_t *c) { int fresh = c->fresh; c->fresh = 0; return fresh; }
