/* Decides flat cases, one JSON object a line, from tables that are handed in.
 *
 * Nothing about any rule is compiled in: facts, values, axes, tables and the text of every answer
 * are registered by the caller, most of them when a line first needs them. The scan stops with a
 * status and says what it lacks (`need`); it goes on at the same line once that is registered.
 * Whatever is unusual in a line (an escape, a nested value, a partial date, any fault) is not
 * judged here: the line is handed back (LINE) to the exact reader of the caller.
 *
 * A buffer holds whole lines, each ended by a newline, and has SLACK readable bytes behind its
 * end. All is compiled as one, so that what runs for every line can be woven together. */
#include "decide.h"
#include "line.h"
#include "register.h"

/* Copies in whole steps: as much beyond the end is read and written, and written over later. */
static inline u8 *put(u8 *o, const u8 *text, i32 n, i32 step)
{
    for (i32 i = 0; i < n; i += step) memcpy(o + i, text + i, (size_t)step);
    return o + n;
}

static inline u8 *put_exactly(u8 *o, const void *text, size_t n) { memcpy(o, text, n); return o + n; }

static u8 *write_line(context_t *c, const i32 *answer, u8 *o)
{
    o = put_exactly(o, "{\"id\": ", 7);
    o = c->id ? put(o, c->id, c->id_length, COPIED) : put_exactly(o, "null", 4);
    for (i32 i = 0; i < c->ncarried; i++) {
        const carried_t *one = c->carried + i;
        o = put_exactly(put_exactly(o, ", \"", 3), one->key, (size_t)one->key_length);
        o = put_exactly(put_exactly(o, "\": ", 3), one->value, (size_t)one->value_length);
    }
    for (i32 i = 0; i < c->ndecision; i++) {
        answer_t *one = c->decision[i].answer + answer[i];
        o = put(o, one->text, one->length, ANSWERED);
        one->count++;
    }
    return put_exactly(o, "}\n", 2);
}

/* At most so much is written of the line that was read, and written over behind it. */
static i64 most_written(const context_t *c)
{
    i64 size = 7 + 4 + c->id_length + (i64)c->longest + 2 + ANSWERED;
    for (i32 i = 0; i < c->ncarried; i++) size += 6 + c->carried[i].key_length + c->carried[i].value_length;
    return size;
}

/* Stops at a line: says where it ends. */
static int stopped(context_t *c, const u8 *buffer, i64 length, int status)
{
    const u8 *end = memchr(buffer + c->line_start, '\n', (size_t)(length - c->line_start));
    c->line_end = end ? end - buffer + 1 : length;
    return status;
}

/* Decides the lines of buffer[*position, length), writing to out[*written, room). */
int tb_scan(context_t *c, const u8 *buffer, i64 *position, i64 length, u8 *out, i64 *written, i64 room, i64 longest)
{
    i32 answer[256], class[256], table[256];
    while (*position < length) {
        const u8 *p = buffer + *position, *start = space(p), *end;
        c->line_start = *position;
        if (*start == '\n') { *position = start - buffer + 1, c->lines++; continue; }
        if (!(end = read_line(c, start)) || end - p > longest) return stopped(c, buffer, length, LINE);
        if (room - *written < most_written(c)) return stopped(c, buffer, length, ROOM);
        for (i32 i = 0; i < c->ndecision; i++) {
            i32 status = DONE;
            answer[i] = decide(c, i, class + i, table + i, &status);
            if (status || answer[i] < 0) return stopped(c, buffer, length, status ? status : LINE);
        }
        for (i32 i = 0; i < c->ndecision; i++) if (class[i] >= 0 && !c->table[table[i]].met[class[i]]) c->table[table[i]].met[class[i]] = 1, c->fresh = 1;
        *written = write_line(c, answer, out + *written) - out;
        *position = end - buffer + 1, c->lines++;
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
