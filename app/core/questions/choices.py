"""Choices: one code or several, of the options there are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.core.domains import UNSURE
from app.core.questions.asked import BLANK, Answer, Asked, Reading, first_of
from app.core.wording import listed

# A list itself, or so many words that it starts a sentence of its own.
_STANDS_ALONE = re.compile(r",|\b(?:and|or)\b|\S+(?:\s+\S+){3}")


def _code(asked: Asked, raw: str) -> Reading:
    if not raw:
        return BLANK
    if raw not in asked.labels:
        return Reading(error="Choose one of the options")
    return Reading(raw)


def choice_form(asked: Asked, posted: Mapping[str, Sequence[str]]) -> Reading:
    """Read what a page posts."""
    return _code(asked, first_of(posted))


def choice_file(asked: Asked, raw: Any) -> Reading:
    """Read what an answers file says."""
    labels = asked.labels
    text = str(raw)
    if isinstance(raw, list | dict) or text not in labels:
        return Reading(error=f"'{raw}' is none of its options: {', '.join(labels)}")
    return Reading(text)


def show_choice(asked: Asked, answer: Answer) -> str:
    """Put an answer into words."""
    return asked.labels.get(str(answer), str(answer))


def _codes(asked: Asked, codes: list[str]) -> Reading:
    chosen = [code for code in asked.labels if code in codes]
    alone = [code for code in chosen if code in (asked.exclusive, UNSURE)]
    if alone and len(chosen) > 1:
        return Reading(error=f"Choose “{asked.labels[alone[0]]}” alone, or the others without it")
    return Reading(chosen) if chosen else BLANK


def multi_form(asked: Asked, posted: Mapping[str, Sequence[str]]) -> Reading:
    """Read what a page posts."""
    codes = [code for code in posted.get("", ()) if code]
    if any(code not in asked.labels for code in codes):
        return Reading(error="Choose from the options")
    return _codes(asked, codes)


def multi_file(asked: Asked, raw: Any) -> Reading:
    """Read what an answers file says."""
    if not isinstance(raw, list):
        return Reading(error="expected a list of option codes")
    labels = asked.labels
    unknown = [str(each) for each in raw if str(each) not in labels]
    if unknown:
        return Reading(error=f"{', '.join(unknown)}: none of its options: {', '.join(labels)}")
    return _codes(asked, [str(each) for each in raw])


def show_multi(asked: Asked, answer: Answer) -> str:
    """Put an answer into words."""
    labels = asked.labels
    chosen = [labels.get(code, code) for code in answer]
    # Where an option is a list itself or a clause, only a semicolon tells where it ends.
    return "; ".join(chosen) if any(map(_STANDS_ALONE.search, chosen)) else listed(chosen)
