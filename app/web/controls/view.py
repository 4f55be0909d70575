"""What a page must know of a question in order to show it."""

from __future__ import annotations

from typing import NamedTuple

Given = str | tuple[str, ...] | None


class Option(NamedTuple):
    """One option of a choice, multi, band or row reference."""

    code: str
    label: str
    hint: str = ""


class Suggestion(NamedTuple):
    """An answer proposed by the rules; accepted with one button, never preselected."""

    answer: str
    because: str


class Conflict(NamedTuple):
    """What somebody else saved while this page was open."""

    theirs: str
    by: str
    at: str


class OfferEntry(NamedTuple):
    """One entry of a list shown beside a question; `text_html` is safe HTML."""

    title: str
    text_html: str = ""
    because: str = ""
    source: str = ""


class NearMiss(NamedTuple):
    """Something looked at and not offered, and why not."""

    title: str
    because: str = ""
    source: str = ""


class Row(NamedTuple):
    """One row of a rows question; `cells` stand in the order of the view's `columns`."""

    address: str
    title: str
    cells: tuple[str, ...] = ()
    note: str = ""


class QuestionView(NamedTuple):
    """Everything that decides how one question looks; texts are plain unless named `_html`.

    `value` is the answer (text, code, ISO date, or a tuple of codes for checkboxes). `raw` is what
    was typed when it could not be read, in the same shape (a date: day, month and year) and wins
    over `value`; of a file, `value` is its name, what it is, and its address. `version` is the version of the answer this page shows. `known` are
    texts that a text is likely to be: offered while one types. `proposed`: who wrote the answer for
    those whose it is, who say with one button that it is right.
    """

    address: str
    kind: str
    ask: str
    name: str = ""
    hint: str = ""
    guide_html: str = ""
    why_html: str = ""
    source: str = ""
    for_whom: str = ""
    optional: bool = False
    options: tuple[Option, ...] = ()
    exclusive: str = ""
    unit: str = ""
    whole: bool = True
    max_length: int = 0
    input_type: str = "text"
    known: tuple[str, ...] = ()
    value: Given = None
    raw: Given = None
    error: str = ""
    prompt: str = ""
    note_before: str = ""
    suggestion: Suggestion | None = None
    conflict: Conflict | None = None
    offer_title: str = ""
    offer: tuple[OfferEntry, ...] = ()
    near: tuple[NearMiss, ...] = ()
    fitting: int | None = None
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    row_name: str = "row"
    none_label: str = ""
    none: bool = False
    version: int = 0
    proposed: str = ""


def text_given(view: QuestionView) -> str:
    """Return the text or code to show: what was typed wins over what was understood."""
    given = view.raw if view.raw is not None else view.value
    return given if isinstance(given, str) else ""


def codes_given(view: QuestionView) -> tuple[str, ...]:
    """Return the codes to show as chosen."""
    given = view.raw if view.raw is not None else view.value
    if given is None:
        return ()
    return (given,) if isinstance(given, str) else given


def date_given(view: QuestionView) -> tuple[str, str, str]:
    """Return day, month and year as they stand in their three boxes."""
    given = view.raw if view.raw is not None else view.value
    if isinstance(given, tuple):
        day, month, year = (*given, "", "", "")[:3]
        return day, month, year
    year, month, day = (*(given or "").split("-"), "", "", "")[:3]
    return day.lstrip("0"), month.lstrip("0"), year
