"""How one question looks on a page: its control, notes, guidance and error, as HTML."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from markupsafe import Markup, escape

from app.web.controls.fields import CONTROLS
from app.web.controls.parts import article, draw_guide, near, offer
from app.web.controls.view import (
    Conflict,
    Given,
    NearMiss,
    OfferEntry,
    Option,
    QuestionView,
    Row,
    Suggestion,
)

__all__ = [
    "CONTROLS",
    "RESTRICTED",
    "Conflict",
    "NearMiss",
    "OfferEntry",
    "Option",
    "QuestionView",
    "Row",
    "Suggestion",
    "article",
    "draw_control",
    "draw_guide",
    "draw_question",
    "locate_error",
]

RESTRICTED: Final = "restricted"
"""What is told instead of a question to whoever may not see its answer."""

MEMO_ENTRIES: Final = 2048
"""How many drawn questions are remembered; a question and its answer make one entry."""

MEMO_LENGTH: Final = 2000
"""Answers longer than this are drawn afresh, so that long texts never fill the memory."""


def draw_question(view: QuestionView) -> Markup:
    """Return the whole block of a question: its control, its guidance and what the page saw."""
    guide = draw_guide(view.guide_html, view.why_html, view.source)
    if view.kind == RESTRICTED:  # nothing is asked here, and nothing may be posted
        return Markup(
            '<div class="fp-ask"><div><p class="govuk-heading-s">{}</p><p>{}</p></div></div>'
        ).format(view.ask, view.hint)
    return Markup(  # noqa: S704 - every part below is escaped where it is written
        f'<div class="fp-ask">{draw_control(view)}{guide}'
        f'<input type="hidden" name="seen" value="{escape(view.address)}={view.version}"></div>'
    )


def draw_control(view: QuestionView) -> str:
    """Return the form group of a question, remembered while its answer stays the same."""
    if _length(view.raw if view.raw is not None else view.value) > MEMO_LENGTH:
        return _control(view)
    return _remembered(view)


def locate_error(view: QuestionView) -> str:
    """Return the id of the element that a link in the error summary should reach."""
    return f"{view.address}-day" if view.kind == "date" else view.address


def _length(given: Given) -> int:
    return len(given) if isinstance(given, str) else 0


def _control(view: QuestionView) -> str:
    owner = f'<p class="fp-for">For {escape(view.for_whom)}</p>' if view.for_whom else ""
    error = " govuk-form-group--error" if view.error else ""
    inner = CONTROLS[view.kind](view)
    return f'<div class="govuk-form-group{error}">{owner}{inner}{offer(view)}{near(view)}</div>'


@lru_cache(maxsize=MEMO_ENTRIES)
def _remembered(view: QuestionView) -> str:
    return _control(view)
