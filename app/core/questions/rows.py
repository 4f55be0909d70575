"""Rows, of which only "there are none" is read here, and references to a row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.core.questions.asked import BLANK, Answer, Asked, Question, Reading, first_of, row_label
from app.core.wording import listed

MAX_ROWS = 500  # of one question
TOO_MANY_ROWS = f"This list holds {MAX_ROWS} entries, which is the most it can. Say several in one, or take one out."


def rows_form(_asked: Asked, posted: Mapping[str, Sequence[str]]) -> Reading:
    """Read what a page posts."""
    return Reading([]) if first_of(posted, "-none") else BLANK


def rows_file(_asked: Asked, raw: Any) -> Reading:
    """Read what an answers file says."""
    if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
        return Reading(error="expected a list of rows, each a mapping of columns ([] for none)")
    if len(raw) > MAX_ROWS:
        return Reading(error=f"{len(raw):,} rows, and {MAX_ROWS} are the most it can hold")
    return Reading(raw)


def show_rows(asked: Asked, answer: Answer) -> str:
    """Put an answer into words."""
    if not isinstance(asked, Question):  # a column holds no rows
        return ""
    if not answer:
        return asked.none or "None"
    return listed(row_label(asked, row) for row in answer)


def row_form(_asked: Asked, posted: Mapping[str, Sequence[str]]) -> Reading:
    """Read what a page posts."""
    text = first_of(posted)
    if not text:
        return BLANK
    if not re.fullmatch("[1-9][0-9]{0,5}", text):
        return Reading(error="Choose one of the list")
    return Reading(int(text))


def row_file(_asked: Asked, raw: Any) -> Reading:
    """Read what an answers file says."""
    if isinstance(raw, bool) or not isinstance(raw, int) or raw < 1:
        return Reading(error=f"expected the number of a row (1 for the first), not '{raw}'")
    return Reading(raw)
