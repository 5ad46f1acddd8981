/* The calendar: ordinals as the caller counts them (1 is the first day of the year 1). */
#ifndef TB_CALENDAR_H
#define TB_CALENDAR_H

#include "context.h"

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
    if (!last_day || b->day < 28) return count - (b->day < a->day);
    return count - (b->day < a->day && b->day < month_days(b->month / 12, b->month % 12 + 1));
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

#endif
