"""What one question, column or derived fact may come to, as literals; and its answer in a model."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from functools import partial
from typing import Any

from app.core.domains import UNSURE, Kind, date_number, day_of
from app.core.proof.formula import FALSE, TRUE, Formula, Model, Place
from app.core.proof.sums import Value
from app.core.questions import Asked
from app.core.wording import short

SOME_DAY = date(2026, 1, 1)
WHOLE = 60  # a number with so few values is followed value by value


@dataclass(slots=True)
class Fact:
    """One fact. `there`: it has a value; `waits`: it waits; neither: it is absent.

    `codes`: it has (or includes) this code, and `points`: it is this number, both where it is
    there. `answers` are the points as an answers file says them. `values`: those of a score, with
    what follows from each. `rows`: whether there is a first, a second row.
    """

    there: int = TRUE
    waits: int = FALSE
    codes: Mapping[str, int] = field(default_factory=dict)
    points: Mapping[float, int] = field(default_factory=dict)
    answers: Mapping[float, Any] = field(default_factory=dict)
    values: Mapping[Value, int] | None = None
    nothing: int = FALSE  # of a score: nothing counts
    stated: int = TRUE  # of a score: the line that defines it
    rows: tuple[int, ...] = ()
    compared: dict[tuple[str, float], int] = field(default_factory=dict)

    def made_before(self, model: Model) -> bool:
        """Whether a model says what it comes to."""
        return all(map(model.knows, (*self.codes.values(), *self.points.values(), *self.rows)))

    def answer(self, kind: Kind, model: Model) -> Any:
        """The answer that a model gives."""
        match kind:
            case Kind.CODE:
                return model.chosen(self.codes)[0]
            case Kind.CODES:
                return model.chosen(self.codes)
            case Kind.NUMBER | Kind.DATE:
                return self.answers[model.chosen(self.points)[0]]
            case Kind.ROW:
                return int(model.chosen(self.codes)[0])
            case _:
                return "Words"


def asked_fact(
    formula: Formula, asked: Asked, kind: Kind, thresholds: Collection[float], place: Place
) -> Fact:
    """What may be answered to a question or column; when it is asked is for the caller to say."""
    match kind:
        case Kind.CODE:
            return _choice(formula, asked, place)
        case Kind.CODES:
            return _multi(formula, asked, place)
        case Kind.NUMBER | Kind.DATE:
            return _measured(formula, asked, kind, thresholds, place)
        case _:
            return Fact()


def _options(asked: Asked, place: Place) -> Place:
    return place.at("options") if asked.options and not asked.options_from else place


def _choice(formula: Formula, asked: Asked, place: Place) -> Fact:
    codes = {code: formula.choose() for code in asked.labels}
    line = formula.named(_options(asked, place), lambda: _one_of(asked))
    formula.exactly_one(list(codes.values()), line)
    return Fact(codes=codes)


def _one_of(asked: Asked) -> str:
    labels = ", ".join(f"“{short(label, 40)}”" for label in asked.labels.values())
    return f"“{short(asked.called)}” has one answer: {labels}"


def _multi(formula: Formula, asked: Asked, place: Place) -> Fact:
    codes = {code: formula.choose() for code in asked.labels}
    line = formula.named(_options(asked, place), lambda: f"“{short(asked.called)}” has an answer")
    formula.add(-line, *codes.values())
    for alone in (asked.exclusive, UNSURE):
        if alone in codes:
            at = place.at("exclusive") if alone == asked.exclusive else _options(asked, place)
            line = formula.named(at, partial(_excludes, asked.labels[alone]))
            for code, literal in codes.items():
                if code != alone:
                    formula.add(-line, -codes[alone], -literal)
    return Fact(codes=codes)


def _measured(
    formula: Formula, asked: Asked, kind: Kind, thresholds: Collection[float], place: Place
) -> Fact:
    answers = points_of(asked, kind, thresholds)
    points = {point: formula.choose() for point in answers}
    formula.exactly_one(list(points.values()))
    for key, bound, beyond in (("min", asked.min, -1), ("max", asked.max, 1)):
        if bound is None:
            continue
        limit = date_number(str(bound)) if kind is Kind.DATE else float(bound)
        what = "at least" if key == "min" else "at most"
        line = formula.named(place.at(key), partial(_bounded, asked, f"{what} {bound}"))
        for point, literal in points.items():
            if (point - limit) * beyond > 0:
                formula.add(-line, -literal)
    return Fact(points=points, answers=answers)


def _excludes(label: str) -> str:
    return f"“{short(label)}” excludes the others"


def _bounded(asked: Asked, bound: str) -> str:
    return f"“{short(asked.called)}” is {bound}"


def points_of(asked: Asked, kind: Kind, thresholds: Collection[float]) -> dict[float, Any]:
    """Answers that stand for all others: at every value something is compared with, and beside it."""
    if kind is Kind.DATE:
        return _days(asked, thresholds)
    step = Decimal(1).scaleb(-asked.decimals)
    found: set[Decimal] = set()
    bounds = [Decimal(str(bound)) for bound in (asked.min, asked.max) if bound is not None]
    for each in (*map(Decimal, map(str, thresholds)), *bounds):
        base = (each / step).to_integral_value(ROUND_FLOOR) * step
        found |= {base - step, base, base + step}
    found = found or {Decimal(1)}
    whole = asked.decimals == 0
    return {float(each): int(each) if whole else float(each) for each in sorted(found)}


def _days(asked: Asked, thresholds: Collection[float]) -> dict[float, Any]:
    days: set[date] = set()
    bounds = [date_number(str(bound)) for bound in (asked.min, asked.max) if bound is not None]
    for day in map(day_of, (*thresholds, *bounds)):
        days |= {day + timedelta(days=n) for n in (-1, 0, 1)}
    return {date_number(day.isoformat()): day.isoformat() for day in sorted(days or {SOME_DAY})}


def all_of(asked: Asked) -> list[float] | None:
    """Every number that can be answered, where they are few."""
    if asked.min is None or asked.max is None:
        return None
    step = Decimal(1).scaleb(-asked.decimals)
    low, high = Decimal(str(asked.min)), Decimal(str(asked.max))
    count = int((high - low) / step) + 1
    return [float(low + n * step) for n in range(count)] if count <= WHOLE else None
