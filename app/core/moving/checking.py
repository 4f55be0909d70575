"""What a catalogue says of ids and options it no longer has: faults in it, with their mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping

from app.core.faults import Faults, Path
from app.core.moving.converting import asked_at
from app.core.pipeline import Converters
from app.core.program import Program
from app.core.questions import Asked


def check_converters(converters: Converters, program: Program, faults: Faults) -> None:
    """Whatever is renamed is gone, and what it became is there."""
    at: Path = ("converters", "questions")
    _renamed(converters.questions, program.questions, program.scope, at, faults, "question")
    for id_, columns in converters.columns.items():
        at = ("converters", "columns", id_)
        question = program.questions.get(id_)
        if question is None or question.type != "rows":
            rows = [each.id for each in program.questions.values() if each.type == "rows"]
            faults.missing(at, "no rows are called", id_, rows)
            continue
        asked = [column.id for column in question.columns if not column.derived]
        _renamed(columns, asked, {c.id for c in question.columns}, at, faults, "column")
    _options(converters, program, faults)


def _renamed(
    renamed: Mapping[str, str | None],
    known: Iterable[str],
    taken: Container[str],
    path: Path,
    faults: Faults,
    what: str,
) -> None:
    known = list(known)
    twice = Counter(filter(None, renamed.values()))
    for old, new in renamed.items():
        at = (*path, old)
        if old in taken:
            faults.add(at, f"'{old}' is still there: only what is gone has become something else")
        elif _in_a_circle(old, renamed):
            faults.add(at, f"'{old}' becomes itself again: say what it is called now")
        elif new is None:
            continue
        elif twice[new] > 1:
            faults.add(at, f"two of them become '{new}': both may be answered, so name one")
        elif new not in known and new not in renamed:
            mend = f"there is no {what} '{{}}' (write '{new}: null' below if it is gone as well)"
            faults.missing(at, mend, new, known)


def _in_a_circle(old: str, renamed: Mapping[str, str | None]) -> bool:
    seen = [old]
    while (now := renamed.get(seen[-1])) is not None:
        if now in seen:
            return True
        seen.append(now)
    return False


def _options(converters: Converters, program: Program, faults: Faults) -> None:
    for address, codes in converters.options.items():
        path: Path = ("converters", "options", address)
        id_, _, column = address.partition("/")
        asked = asked_at(program, id_, column or None)
        if asked is None or not asked.labels:
            wrong = "no question or column with options is called"
            faults.missing(path, wrong, address, program.questions)
            continue
        for old, new in codes.items():
            _option(old, new, codes, asked, (*path, old), faults)


def _option(
    old: str,
    new: str | list[str] | None,
    codes: Mapping[str, str | list[str] | None],
    asked: Asked,
    at: Path,
    faults: Faults,
) -> None:
    renamed = {one: other if isinstance(other, str) else None for one, other in codes.items()}
    if old in asked.labels:
        faults.add(at, f"'{old}' is still an option: only what is gone has become something else")
    elif _in_a_circle(old, renamed):
        faults.add(at, f"'{old}' becomes itself again: say what it is called now")
    elif isinstance(new, list) and len(new) < 2:
        faults.add(at, "a list names the several options it became; write one without brackets")
    for each in new if isinstance(new, list) else [new]:
        if each is not None and each not in asked.labels and each not in codes:
            faults.missing(at, "there is no option", each, asked.labels)
