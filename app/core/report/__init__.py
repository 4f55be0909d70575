"""The risk report: what stops, what is breached, what nobody knows yet, and what happens next."""

from app.core.report.ethics import scores, tolerances
from app.core.report.flagged import flags, measure_titles, rating_word
from app.core.report.sources import cited, source
from app.core.report.top import (
    TOP_NEXT,
    TOP_STOPS,
    TOP_UNKNOWN,
    first_sentence,
    next_steps,
    open_words,
    risk_top,
    settles,
    tiles,
    unknown,
    what_next,
)

__all__ = [
    "TOP_NEXT",
    "TOP_STOPS",
    "TOP_UNKNOWN",
    "cited",
    "first_sentence",
    "flags",
    "measure_titles",
    "next_steps",
    "open_words",
    "rating_word",
    "risk_top",
    "scores",
    "settles",
    "source",
    "tiles",
    "tolerances",
    "unknown",
    "what_next",
]
