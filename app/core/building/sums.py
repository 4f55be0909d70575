"""A score read aloud: how its parts are taken together, and each part with its weight or its points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SUM, MEAN, MIN, MAX, COUNT = "sum", "mean", "min", "max", "count"
HOWS = (SUM, MEAN, MIN, MAX, COUNT)
POINTS, NUMBER, HOLDS = "points", "var", "holds"

Number = int | float


@dataclass(frozen=True)
class Part:
    """One part of a score: points for an answer, a number as it is, or a condition that holds.

    `weight`: what it is multiplied with; of a condition, what it adds. `table`: its own points.
    """

    kind: str
    about: str
    weight: Number = 1
    table: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Sum:
    """A score as its parts and how they are taken together."""

    how: str = SUM
    parts: tuple[Part, ...] = field(default=())


def sum_of(value: Any) -> Sum | None:
    """A score's value as its parts; None where it says more than parts can."""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    how, raw = next(iter(value.items()))
    if how not in HOWS or not isinstance(raw, list):
        return None
    parts = [_part(each, how) for each in raw]
    found = Sum(how, tuple(part for part in parts if part is not None))
    return found if None not in parts and repr(value_of(found)) == repr(value) else None


def value_of(found: Sum) -> dict[str, Any]:
    """The value of a score as a file says it."""
    return {found.how: [_said(part, found.how) for part in found.parts]}


def _part(raw: Any, how: str) -> Part | None:
    """One part; what is read otherwise than it is written again is found out by whoever asks."""
    if not isinstance(raw, dict) or not raw:
        return None
    key, args = next(iter(raw.items()))
    match key, args:
        case "product", [int() | float() as weight, dict() as inner] if how != COUNT:
            part = _part(inner, how)
            return None if part is None else Part(part.kind, part.about, weight, part.table)
        case "if", [{"var": str() as about}, int() | float() as weight, 0] if how != COUNT:
            return Part(HOLDS, about, weight)
        case "points", str():
            return Part(POINTS, args, 1, raw.get("table"))
        case "var", str():
            return Part(HOLDS if how == COUNT else NUMBER, args)
        case _:
            return None


def _said(part: Part, how: str) -> Any:
    if part.kind == HOLDS:
        named = {"var": part.about}
        return named if how == COUNT else {"if": [named, part.weight, 0]}
    said: dict[str, Any] = {part.kind: part.about}
    if part.table is not None:
        said["table"] = dict(part.table)
    return said if part.weight == 1 else {"product": [part.weight, said]}
