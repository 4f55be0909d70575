"""Answers as a new catalogue would take them: carried, converted, or to be given again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.difference.reach import Reach
from app.core.moving.converting import asked_at
from app.core.questions import Asked
from app.core.sheet import Place


@dataclass(frozen=True, slots=True)
class Fitted:
    """The answers under the new catalogue.

    `dropped`: those to be given again, with the options lost, if it were options; nothing of what
    people wrote themselves.
    """

    answers: Mapping[str, Any]
    dropped: Mapping[str, str]


def fitted(reach: Reach, answers: Mapping[str, Any]) -> Fitted:
    """Carry answers over as a move would; only those that may no longer fit are looked at."""
    kept, dropped = dict(answers), dict[str, str]()
    questions = reach.old.program.questions
    for id_ in reach.refit:
        if id_ not in answers:
            continue
        del kept[id_]
        to = reach.way.question(id_)
        if to is None:
            continue  # no question asks for it any more
        old, new = questions[id_], reach.new.program.questions[to]
        if old.type == new.type == "rows":
            kept[to] = [dict(_cells(reach, id_, row)) for row in answers[id_]]
            continue
        value = None
        if "rows" not in (old.type, new.type):
            value = reach.way.value((Place(id_), Place(to)), old, new, answers[id_])
        if value is None:
            dropped[id_] = _lost(old, new, answers[id_])
        else:
            kept[to] = value
    return Fitted(kept, dropped)


def _cells(reach: Reach, rows: str, row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """A row with the cells that still fit."""
    for name, value in row.items():
        if name in ("id", "owner"):
            yield name, value
            continue
        place = Place(rows, str(row.get("id", "")), name)
        to = reach.way.place(place)
        before = asked_at(reach.old.program, place.question, place.column)
        after = asked_at(reach.new.program, to.question, to.column) if to else None
        if to is None or before is None or after is None:
            continue
        made = reach.way.value((place, to), before, after, value)
        if made is not None:
            yield str(to.column), made


def _lost(old: Asked, new: Asked, answer: Any) -> str:
    """The options that are no longer there, in words; nothing of what few may see."""
    if old.restricted or new.restricted:
        return ""
    codes = answer if isinstance(answer, list) else [answer]
    known = {str(code) for code in codes} & old.labels.keys()
    lost = [label for code, label in old.labels.items() if code in known and code not in new.labels]
    return ", ".join(f"“{label}”" for label in lost)


def under_new_names(files: Mapping[str, bytes], names: Mapping[str, str]) -> dict[str, bytes]:
    """Definitions as they would be if their questions had always been called what they are now."""
    if not names:
        return dict(files)
    every = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    # The ids of ours alone make up this expression: an id is no part of a longer one.
    pattern = re.compile(rf"(?<![\w.])(?:{every})(?![\w.]*[\w])".encode())

    def put(found: re.Match[bytes]) -> bytes:
        return names[found.group().decode()].encode()

    return {
        path: pattern.sub(put, text) if path.endswith(".yaml") else text
        for path, text in files.items()
    }
