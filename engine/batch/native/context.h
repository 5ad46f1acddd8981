/* What a context holds: all that was registered, the line being read, and what is kept of lines.
 *
 * One thread at a time uses a context; all state is in it. */
#ifndef TB_CONTEXT_H
#define TB_CONTEXT_H

#include "memory.h"

enum { SLACK = 64, MAX_CARRIED = 32, MAX_KEY = 40, MAX_KEYS = 256, MAX_POINTS = 48, MAX_OFFSETS = 512, MAX_AXES = 32, MAX_ROUNDS = 8,
       MAX_PACKED = 8, COPIED = 32, ANSWERED = 64, RECENT = 128, MAX_ANSWERS = 16384, MAX_HELD = 1 << 20 };
enum { BOOL, CODED, NUMBER, DATE, PLACE, ID, DAY };               /* kinds of keys */
enum { DONE, LINE, SELECTION, READINGS, CELLS, ANSWER, ROOM };    /* why a scan stops */
enum { DIRECT, JOINT, KEPT };                                     /* kinds of axes */
enum { RAW, DAYS, MONTHS };                                       /* kinds of subjects */
enum { NONE = -1, STOP = -2, FAULT = -3 };                        /* in place of an answer */
enum { NOTHING, UNCODED = 255 };                                 /* codes of sets of cells */
enum { FIRST_YEAR = 1850, LAST_YEAR = 2150, MONTHS_TOLD = (LAST_YEAR - FIRST_YEAR + 1) * 12 };

/* A text by its first, middle and last eight bytes, which are all of it where it is short. */
typedef struct { u64 first, middle, last; i32 length, group; const u8 *text; i64 code; } word_t;
typedef struct { word_t *word; u32 *slot; size_t slots; i32 count; } words_t;

typedef struct { i32 kind, length, decimals, group, follows; u8 *name; i64 low, high; } key_t_;
typedef struct { i64 value; i32 month, day; u32 seen, known; } fact_t;

typedef struct { i32 kind, first, second, last_day, ncut; i64 stride, once; i64 *cut; } subject_t;    /* once: the only cut */
/* A fact of an axis: its bounds within the period of the rules, in a joint axis also as days, and
 * the facts that some subject looks at together with it. */
typedef struct { i64 low, high; u64 tied; i32 slot, placed; fact_t least, most; } bound_t;

typedef struct { u64 key, more; i64 kept; } recent_t;               /* 0: nothing, else one more than what */

typedef struct {
    i32 nsubject;
    subject_t *subject;
    i64 ncell;
    i32 *cell;            /* sides of the subjects, mixed radix -> cell, -1 dead, -2 impossible */
} joint_t;

/* Sets of open cells of an axis are numbered as they are met: NOTHING is none, UNCODED too many. */
typedef struct {
    i32 kind, nfact, nmask, packs;
    bound_t *fact;
    joint_t joint[2];     /* JOINT: the subjects that tell cells apart; all of them */
    u64 many;             /* JOINT: facts that several of the telling subjects look at; `packs`: these are few */
    u64 *mask;            /* the set that each number stands for */
    u8 *of; i64 span;     /* DIRECT: the number for each value, or for each side where span is -1 */
    u8 all;               /* DIRECT: the number when nothing is known */
    i64 *cut; i32 ncut;   /* DIRECT: of the fact. KEPT: of its last fact, a date */
    i64 stride;
    recent_t *recent;
} axis_t;

/* An axis of one fact with few values, as it is read for every case: the numbers of the sets that
 * the codes of the fact leave open. */
typedef struct { u8 *of; i32 slot, position; } quick_t;

typedef struct {
    i32 naxis, nclass;
    axis_t *axis;
    i32 nquick, nslow, slow[MAX_AXES];
    quick_t *quick;       /* the axes again: first those of few values, then the others */
    const i32 *class_of;  /* borrowed: class of each combination of cells, -1 impossible */
    i32 *answer;          /* of each class; FAULT is a fault of the ruleset */
    u8 *met;              /* classes met by cases that leave one class open */
    u64 *answers;         /* numbers of open sets -> class and answer, as many as `slots` */
    u32 slots, missed;
} table_t;

typedef struct { i32 constant, ndate; i64 nlist; i32 *ncut; i64 **cut; i32 *list; } selection_t;
typedef struct { i32 n; i32 *table; } readings_t;
typedef struct { u8 *text; i32 length, wide; u64 count, told; } answer_t;

typedef struct {
    i32 nplace, ndate, collect, nanswer;
    i32 *place, *date;
    recent_t recent[RECENT];
    answer_t *answer;
    size_t longest;
} decision_t;

typedef struct { const u8 *key, *value; i32 key_length, value_length; } carried_t;

typedef struct {
    i64 need[MAX_KEY + 4]; i64 nneed; i64 line_start, line_end, lines;
    i32 nkey, ndecision, nselection, ntable, nreadings, id_slot, day_slot, fresh, first_key;
    key_t_ *key; fact_t *fact; words_t words, names;
    decision_t *decision; selection_t *selection; table_t *table; readings_t *readings;
    memo_t selections, cells, answers;
    fact_t default_day; u32 line; size_t held;
    u8 code[MAX_KEYS];    /* of the line's facts of few values: one more than how far above the lowest, 0 not known */
    const u8 *id; i32 id_length, ncarried; carried_t carried[MAX_CARRIED]; size_t longest;
    i32 month_start[MONTHS_TOLD + 1];
} context_t;

#endif
