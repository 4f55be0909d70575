"""Whether typed lines make a condition at their place: each fault with its line and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.core.building.lines import AT_LEAST, Answer, Built, Group, Line, OfRows, Part
from app.core.building.offered import Offered, Offers
from app.core.domains import UNSURE, Kind, is_date
from app.core.faults import nearest

Where = tuple[int, ...]
Known = Mapping[str, Offered]
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Amiss:
    """What is wrong with one part of one line: `where` leads to it, `part` is the field's name."""

    where: Where
    part: str
    message: str


@dataclass(frozen=True, slots=True)
class Settled:
    """Lines as they may be kept, numbers as numbers; with `faults` they are as they were typed."""

    built: Built
    faults: tuple[Amiss, ...] = ()


def settle(built: Built, offers: Offers) -> Settled:
    """The lines made ready for `expression_of`, or every fault of every line together."""
    faults = tuple(_amiss_many(built, offers))
    if faults:
        return Settled(built, faults)
    return Settled(replace(built, lines=tuple(_ready(each, offers.these) for each in built.lines)))


def unsaid(built: Built, offers: Offers) -> tuple[str, ...]:
    """The names of what can be answered "I don't know" where no line says what that does.

    Only where something is asked because of it; such a condition says `unsure: show` or `hide`.
    """
    if not offers.gate:
        return ()
    said: dict[tuple[str, str], bool] = {}
    for rows, line in plain_lines(built):
        offered = known_at(offers, rows).get(line.about)
        if offered is not None and offered.unsure:
            key = rows, offered.name
            said[key] = said.get(key, False) or UNSURE in line.answers
    return tuple(name for (_, name), named in said.items() if not named)


def plain_lines(part: Built | Group | OfRows | Line) -> Iterator[tuple[str, Line]]:
    """Every line with the rows question over whose rows it stands (or an empty text)."""
    if isinstance(part, Line):
        yield "", part
        return
    rows = part.about if isinstance(part, OfRows) else ""
    for each in part.lines:
        for inner, line in plain_lines(each):
            yield inner or rows, line


def known_at(offers: Offers, rows: str) -> Known:
    """What a line may be about: the columns, where it stands over rows."""
    if not rows:
        return offers.these
    offered = offers.these.get(rows)
    return offered.columns if offered else {}


# Faults


def _amiss_many(part: Built | Group, offers: Offers, where: Where = ()) -> Iterator[Amiss]:
    if part.join == AT_LEAST and not 1 <= part.number <= len(part.lines):
        there = len(part.lines)
        said = f"{part.number} of {there} tests cannot hold: choose a number from 1 to {there}"
        yield Amiss(where, "number", said)
    if isinstance(part, Group) and not part.lines:
        yield Amiss(where, "join", "This group holds no test: add one, or remove the group")
    for n, each in enumerate(part.lines):
        at = (*where, n)
        if isinstance(each, Group):
            yield from _amiss_many(each, offers, at)
        elif isinstance(each, OfRows):
            yield from _amiss_rows(each, offers, at)
        else:
            yield from _amiss_line(each, offers.these, offers.barred, at)


def _amiss_rows(part: OfRows, offers: Offers, where: Where) -> Iterator[Amiss]:
    found = list(_amiss_about(part.about, offers.these, offers.barred, where))
    yield from found
    offered = offers.these.get(part.about)
    if offered is None or found:
        return
    if offered.kind is not Kind.ROWS:
        yield Amiss(where, "about", f"“{offered.name}” has no rows: add a plain test for it")
        return
    yield from _amiss_test(part.test, offered, where)
    if not part.lines:
        yield Amiss(where, "join", "Nothing is said of these rows: add a test, or remove this part")
    for n, line in enumerate(part.lines):
        yield from _amiss_line(line, offered.columns, {}, (*where, n))


def _amiss_line(
    line: Line, known: Known, barred: Mapping[str, str], where: Where
) -> Iterator[Amiss]:
    found = list(_amiss_about(line.about, known, barred, where))
    yield from found
    offered = known.get(line.about)
    if offered is None or found:
        return
    if offered.kind is Kind.ROWS:
        yield Amiss(where, "about", f"“{offered.name}” is a list: add a test of its rows instead")
        return
    found = list(_amiss_test(line.test, offered, where))
    yield from found
    if not found:
        yield from (Amiss(where, "answer", said) for said in _amiss_answers(line, offered))


def _amiss_about(
    about: str, known: Known, barred: Mapping[str, str], where: Where
) -> Iterator[Amiss]:
    if not about:
        yield Amiss(where, "about", "Choose a question, or remove this line")
    elif about in barred:
        yield Amiss(where, "about", f"'{about}' {barred[about]}")
    elif about not in known:
        hint = nearest(about, known) or ": choose one from the list"
        yield Amiss(where, "about", f"Nothing here is called '{about}'{hint}")


def _amiss_test(test: str, offered: Offered, where: Where) -> Iterator[Amiss]:
    if not test:
        yield Amiss(where, "test", f"Choose a test for “{offered.name}”")
    elif test not in offered.tests:
        fitting = ", ".join(f"“{said}”" for said in offered.tests.values())
        yield Amiss(where, "test", f"This test does not fit “{offered.name}”: choose {fitting}")


def _amiss_answers(line: Line, offered: Offered) -> Iterator[str]:
    if offered.kind is Kind.TRUTH:
        return
    if not line.answers:
        yield f"{_WANTED[offered.kind]} for “{offered.name}”"
    elif len(line.answers) > 1 and not offered.several(line.test):
        yield f"“{offered.tests[line.test]}” takes one answer: choose one"
    for answer in line.answers:
        if not _fits(answer, offered):
            yield _misfit(answer, offered)


_WANTED = {
    Kind.CODE: "Choose an answer",
    Kind.CODES: "Choose an answer",
    Kind.NUMBER: "Enter a number, such as 12,",
    Kind.DATE: "Enter a date, such as 2026-05-01,",
}


def _fits(answer: Answer, offered: Offered) -> bool:
    if offered.kind is Kind.NUMBER:
        return isinstance(answer, int | float) or _NUMBER.fullmatch(answer) is not None
    if offered.kind is Kind.DATE:
        return isinstance(answer, str) and is_date(answer)
    return answer in offered.answers


def _misfit(answer: Answer, offered: Offered) -> str:
    if offered.kind not in (Kind.CODE, Kind.CODES):
        return f"'{answer}' does not fit. {_WANTED[offered.kind]} for “{offered.name}”"
    hint = nearest(str(answer), offered.answers) or ": choose one from the list"
    return f"“{offered.name}” has no option '{answer}'{hint}"


# Ready to be kept


def _ready(part: Part, known: Known) -> Any:
    """The same with numbers as numbers; of the same kind as it was."""
    if isinstance(part, Line):
        numbers = known[part.about].kind is Kind.NUMBER
        return replace(part, answers=tuple(map(_number, part.answers))) if numbers else part
    below = known[part.about].columns if isinstance(part, OfRows) else known
    return replace(part, lines=tuple(_ready(each, below) for each in part.lines))


def _number(answer: Answer) -> Answer:
    if not isinstance(answer, str):
        return answer
    return float(answer) if "." in answer else int(answer)
