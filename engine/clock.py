"""The one clock: what day it is where the rules hold, asked once a run."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

# Asia/Shanghai has been eight hours ahead, summer and winter, for as long as any rule here.
_CHINA = timezone(timedelta(hours=8))


def today() -> date:
    """Today's date in Asia/Shanghai."""
    return datetime.now(_CHINA).date()
