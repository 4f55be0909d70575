"""Which day a moment falls on: London's, where the people are, and not that of the machine's clock."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def day_of(at: datetime) -> date:
    """The day on which something happens, for law, deadlines and documents alike."""
    return at.astimezone(LONDON).date()
