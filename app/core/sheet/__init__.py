"""A sheet: all current answers about one subject, and how several people's changes meet in it."""

from app.core.sheet.changes import (
    Change,
    Clash,
    Conflict,
    Event,
    Merged,
    Origin,
    Stamp,
    Unreadable,
    contested,
    merge,
)
from app.core.sheet.entries import (
    NEW_ROW,
    NO_ROWS,
    Draft,
    Entry,
    Place,
    Sheet,
    answers,
    from_document,
    read_address,
    to_document,
)

__all__ = [
    "NEW_ROW",
    "NO_ROWS",
    "Change",
    "Clash",
    "Conflict",
    "Draft",
    "Entry",
    "Event",
    "Merged",
    "Origin",
    "Place",
    "Sheet",
    "Stamp",
    "Unreadable",
    "answers",
    "contested",
    "from_document",
    "merge",
    "read_address",
    "to_document",
]
