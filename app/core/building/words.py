"""Lines in English as they grow, and what happens while something is not answered."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.blocks import Run, Runs, Tone
from app.core.building.lines import (
    ALL,
    AND,
    AT_LEAST,
    HOLDS_NOT,
    NONE,
    NOT_ALL,
    SOME,
    Answer,
    Built,
    Group,
    Line,
    OfRows,
)
from app.core.building.offered import Offered, Offers
from app.core.building.settling import known_at, plain_lines, unsaid
from app.core.domains import UNSURE, Kind, show_date
from app.core.wording import listed

GAP = "…"  # where somebody has not chosen yet
_WHICH = {SOME: "at least one", NONE: "no", ALL: "every", NOT_ALL: "not every"}


def english(built: Built, offers: Offers, begins: str = "Asked when") -> Runs:
    """The lines as one sentence; names and answers are emphasised, what is not chosen yet is "…"."""
    if not built.lines:
        return (Run("Always."),)
    runs = [Run(f"{begins} "), *_several(built, offers), Run(".")]
    return tuple(_merged(runs))


def _merged(runs: list[Run]) -> Iterator[Run]:
    text = ""
    for run in runs:
        if run.tone is Tone.PLAIN:
            text += run.text
            continue
        if text:
            yield Run(text)
        text = ""
        yield run
    if text:
        yield Run(text)


def _several(part: Built | Group | OfRows, offers: Offers) -> Iterator[Run]:
    rows = part.about if isinstance(part, OfRows) else ""
    number = 1 if isinstance(part, OfRows) else part.number
    joint = f" {part.join} "
    if part.join == AT_LEAST:
        yield Run(f"at least {number} of these hold: ")
        joint = "; "
    for n, each in enumerate(part.lines):
        if n:
            yield Run(joint)
        apart = len(part.lines) > 1 and not isinstance(each, Line)
        yield from ((Run("("),) if apart else ())
        yield from _one(each, offers, rows)
        yield from ((Run(")"),) if apart else ())


def _one(part: Line | OfRows | Group, offers: Offers, rows: str) -> Iterator[Run]:
    if isinstance(part, Line):
        yield from _line(part, known_at(offers, rows).get(part.about))
        return
    if isinstance(part, OfRows):
        offered = offers.these.get(part.about)
        row = offered.row_name if offered else GAP
        yield Run(f"for {_WHICH.get(part.test, GAP)} {row}, ")
    yield from _several(part, offers)


def _line(line: Line, offered: Offered | None) -> Iterator[Run]:
    if offered is None:
        yield Run(line.about or GAP, Tone.EMPHASIS if line.about else Tone.PLAIN)
        yield Run(f" {GAP}")
        return
    if offered.kind is Kind.TRUTH:
        yield Run("it is not so that " if line.test == HOLDS_NOT else "")
        yield Run(offered.name, Tone.EMPHASIS)
        return
    yield Run(offered.name, Tone.EMPHASIS)
    yield Run(f" {offered.tests.get(line.test, GAP)} ")
    for n, answer in enumerate(line.answers):
        if n:
            yield Run(" or " if n == len(line.answers) - 1 else ", ")
        yield Run(_answer(answer, offered), Tone.EMPHASIS)
    if not line.answers:
        yield Run(GAP)


def _answer(answer: Answer, offered: Offered) -> str:
    if offered.kind is Kind.DATE:
        return show_date(str(answer))
    if offered.kind is Kind.NUMBER:
        shown = f"{answer:,}" if isinstance(answer, int | float) else answer
        return f"{shown} {offered.unit}".strip()
    return offered.answers.get(str(answer), str(answer))


# Meanwhile


def meanwhile(built: Built, offers: Offers, what: str, *, shows: bool | None = None) -> str:
    """What happens to `what` ("the question", "the rule") while something is not answered.

    `shows`: what `unsure: show` (True) or `hide` (False) says; None where neither is said.
    """
    if not built.lines:
        return ""
    return f"{_blank(built, offers, what)} {_unsure(built, offers, what, shows)}".strip()


def _blank(built: Built, offers: Offers, what: str) -> str:
    several = len({about for _, line in plain_lines(built) if (about := line.about)}) > 1
    two = len(built.lines) == 2 and all(isinstance(each, Line) for each in built.lines)
    which = "either" if two and several else "any of them" if several else "it"
    waits = f"{what} waits" if offers.gate else f"nobody knows yet about {what}"
    if built.join == AND or not several:
        return f"If {which} is not answered yet, {waits}."
    return f"If none holds and {which} is not answered yet, {waits}."


def _unsure(built: Built, offers: Offers, what: str, shows: bool | None) -> str:
    if not any(
        offered.unsure
        for rows, line in plain_lines(built)
        if (offered := known_at(offers, rows).get(line.about))
    ):
        return ""
    if not offers.gate:
        named = any(UNSURE in line.answers for _, line in plain_lines(built))
        settles = "where a test names it; elsewhere it settles nothing" if named else "nothing"
        return f"“I don't know” settles {settles}: someone must find out."
    if shows is not None:
        return "“I don't know” counts as a test that holds." if shows else _not_asked(built)
    left = unsaid(built, offers)
    if left:
        names = listed([f"“{name}”" for name in left])
        return f"Say what “I don't know” does to {what}: {names} can be answered so."
    return "“I don't know” counts as the tests say."


def _not_asked(built: Built) -> str:
    by_itself = "" if built.join == AND else " by itself"
    return f"“I don't know” does not ask it{by_itself}."
