"""Answers as a new catalogue would take them: what still fits is carried, what does not is dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.difference.reach import Reach
from app.core.questions import Asked, Question, type_of


@dataclass(frozen=True, slots=True)
class Fitted:
    """The answers that still fit. `dropped`: the others, with the options lost, if they were options."""

    answers: Mapping[str, Any]
    dropped: Mapping[str, str]


def fitted(reach: Reach, answers: Mapping[str, Any]) -> Fitted:
    """Carry answers over; only questions whose answers may no longer fit are looked at."""
    kept, dropped = dict(answers), dict[str, str]()
    for id_ in reach.refit:
        if id_ not in answers:
            continue
        old, new = reach.old.program.questions[id_], reach.new.program.questions[id_]
        if (old.type == "rows") != (new.type == "rows"):
            del kept[id_]
            dropped[id_] = ""
        elif new.type == "rows":
            kept[id_] = [_row(new, row) for row in answers[id_]]
        else:
            reading = type_of(new).from_file(new, answers[id_])
            if reading.error is not None or reading.value is None:
                del kept[id_]
                dropped[id_] = _lost(old, new, answers[id_])
            else:
                kept[id_] = reading.value
    return Fitted(kept, dropped)


def _row(question: Question, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with the cells that still fit."""
    columns = {column.id: column for column in question.columns if not column.derived}
    return {
        name: value
        for name, value in row.items()
        if name in ("id", "owner") or (name in columns and _fits(columns[name], value))
    }


def _fits(asked: Asked, value: Any) -> bool:
    if asked.type == "row_of":
        return isinstance(value, int)
    return type_of(asked).from_file(asked, value).error is None


def _lost(old: Asked, new: Asked, answer: Any) -> str:
    """The options that are no longer there, in words; nothing of what people wrote themselves."""
    codes = answer if isinstance(answer, list) else [answer]
    lost = [
        old.labels[code]
        for code in map(str, codes)
        if code in old.labels and code not in new.labels
    ]
    return ", ".join(f"“{label}”" for label in lost)
