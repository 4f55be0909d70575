"""Lines as a page posts them: read, written, added to and taken away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from app.core.building.lines import (
    AND,
    AT_LEAST,
    JOINS,
    OR,
    Built,
    Group,
    Line,
    OfRows,
    Part,
)

Posted = Mapping[str, Sequence[str]]
Where = tuple[int, ...]
MOST_LINES = 60  # in one condition by form; a longer one is written as text, or in parts with names
LINE, ROWS, GROUP = "line", "rows", "group"


P = TypeVar("P", Built, Group, OfRows, Line)
Lines = tuple[Any, ...]  # which kinds of part may stand there depends on the place


# What a page posts


def field_name(prefix: str, where: Where, part: str) -> str:
    """The name of a field: prefix, the place of the line, and its part ("when-0-about")."""
    return "-".join((prefix, *map(str, where), part))


def read_posted(posted: Posted, prefix: str) -> Built:
    """The lines of a page as they were typed. What is not there is empty; nothing is refused yet."""
    lines = tuple(_read(posted, prefix, (n,)) for n in _numbered(posted, prefix, ()))
    join, number = _joined(posted, prefix, ())
    return Built(join, lines, number)


def _numbered(posted: Posted, prefix: str, where: Where) -> list[int]:
    """The lines below a place, in order: each has said what kind of part it is."""
    names = (field_name(prefix, (*where, n), "part") for n in range(MOST_LINES))
    return [n for n, name in enumerate(names) if name in posted]


def _joined(posted: Posted, prefix: str, where: Where) -> tuple[str, int]:
    join = _first(posted, field_name(prefix, where, "join"))
    number = _first(posted, field_name(prefix, where, "number"))
    return join if join in JOINS else AND, int(number) if number.isdecimal() else 1


def _first(posted: Posted, name: str) -> str:
    values = posted.get(name, ())
    return values[0].strip()[:200] if values else ""


def _read(posted: Posted, prefix: str, where: Where) -> Part:
    kind = _first(posted, field_name(prefix, where, "part"))
    if kind == GROUP and len(where) == 1:
        join, number = _joined(posted, prefix, where)
        below = _below(posted, prefix, where)
        lines = tuple(each for each in below if not isinstance(each, Group))
        return Group(join, lines, number)
    about, test = (_first(posted, field_name(prefix, where, part)) for part in ("about", "test"))
    if kind == ROWS:
        join, _ = _joined(posted, prefix, where)
        below = _below(posted, prefix, where)
        plain = tuple(each for each in below if isinstance(each, Line))
        return OfRows(about, test, join if join != AT_LEAST else AND, plain)
    answers = posted.get(field_name(prefix, where, "answer"), ())
    typed = dict.fromkeys(answer.strip()[:200] for answer in answers[:500])
    return Line(about, test, tuple(answer for answer in typed if answer))


def _below(posted: Posted, prefix: str, where: Where) -> list[Part]:
    if len(where) > 2:
        return []
    return [_read(posted, prefix, (*where, n)) for n in _numbered(posted, prefix, where)]


# Adding and removing, for a page without a script


def add(built: Built, where: Where = (), kind: str = LINE) -> Built:
    """One more part below a place: an empty line, rows, or a group with two lines."""
    made: Mapping[str, Part] = {
        LINE: Line("", ""),
        ROWS: OfRows("", "", AND, (Line("", ""),)),
        GROUP: Group(OR if built.join == AND else AND, (Line("", ""), Line("", ""))),
    }
    new = made.get(kind, made[LINE])
    return _changed(built, where, lambda lines: (*lines, new))


def remove(built: Built, where: Where) -> Built:
    """The lines without the part at a place; what that leaves empty goes with it."""
    if not where:
        return built

    def without(lines: Lines) -> Lines:
        return tuple(each for n, each in enumerate(lines) if n != where[-1])

    left = _changed(built, where[:-1], without)
    return remove(left, where[:-1]) if len(where) > 1 and not _below_of(left, where[:-1]) else left


def _changed(part: P, where: Where, change: Callable[[Lines], Lines]) -> P:
    """The part with the lines at a place changed."""
    if isinstance(part, Line):
        return part
    lines: Lines = part.lines
    if not where:
        return replace(part, lines=change(lines))
    changed = (
        _changed(each, where[1:], change) if n == where[0] else each for n, each in enumerate(lines)
    )
    return replace(part, lines=tuple(changed))


def _below_of(part: Part | Built, where: Where) -> Lines:
    """The lines at a place."""
    for n in where:
        below: Lines = () if isinstance(part, Line) else part.lines
        if n >= len(below):
            return ()
        part = below[n]
    return () if isinstance(part, Line) else part.lines
