"""What is offered: to the project or row by row, with what was looked at and not offered, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from app.core import logic
from app.core.facts import Facts
from app.core.logic import WAITS, EvaluationError, Expression, Record
from app.core.program import EntryTest, Offering
from app.core.rules import Entry, Offer

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Near:
    """An entry that is not offered, and why not."""

    entry: Entry
    because: str


@dataclass(frozen=True, slots=True)
class Offered:
    """The entries of an offer that hold, those that may still hold, and the near misses.

    `row`: the row to which they are offered, or a supposed one (it has no id).
    """

    offer: Offer
    entries: tuple[Entry, ...]
    open: tuple[Entry, ...]
    near: tuple[Near, ...]
    row: Row | None = None


class Offers(Mapping[str, Offered]):
    """All offers of a project, each worked out when it is first asked for: saving reads none."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._known: dict[str, Offered] = {}

    def __getitem__(self, id_: str) -> Offered:
        if id_ not in self._known:
            self._known[id_] = offered(self._facts.program.offers[id_], self._facts)
        return self._known[id_]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts.program.offers)

    def __len__(self) -> int:
        return len(self._facts.program.offers)


def offered(offering: Offering, facts: Facts) -> Offered:
    """The entries of one offer; of an offer for each row, those of all its rows together."""
    if offering.rule.each is None:
        return _offered(offering, facts, None, Record({}))
    parts = offered_to_rows(offering, facts)
    holds = _once(entry for part in parts for entry in part.entries)
    waits = _once(entry for part in parts for entry in part.open if entry.code not in holds)
    near = {(each.entry.code, each.because): each for part in parts for each in part.near}
    order = [entry.code for entry in offering.rule.entries]
    return Offered(
        offering.rule,
        tuple(sorted(holds.values(), key=lambda entry: order.index(entry.code))),
        tuple(sorted(waits.values(), key=lambda entry: order.index(entry.code))),
        tuple(sorted(near.values(), key=lambda each: order.index(each.entry.code))),
    )


def _once(entries: Iterable[Entry]) -> dict[str, Entry]:
    return {entry.code: entry for entry in entries}


def offered_to_rows(
    offering: Offering, facts: Facts, only: str | None = None
) -> tuple[Offered, ...]:
    """What is offered to each row (or to the one with this id); while there are none, to supposed ones."""
    each = offering.rule.each
    if each is None:
        return ()
    pairs: Iterable[tuple[Row, Row]] = zip(
        facts.values.get(each, ()), facts.encoded.get(each, ()), strict=True
    )
    if not facts.encoded.get(each):
        pairs = _supposed(offering, facts)
    return tuple(
        _offered(offering, facts, row, record)
        for row, code in pairs
        if only is None or str(row.get("id")) == only
        for record in [Record(dict(code))]
        if _truth(offering.where, record) is not False
    )


def _supposed(offering: Offering, facts: Facts) -> Iterator[tuple[Row, Row]]:
    """The rows that may come: of each organisation for each purpose, say; like ones once.

    Each as far as it is known, and as conditions see it.
    """
    supposed = offering.rule.supposed
    if supposed is None:
        return
    codes = [facts.values.get(id_) or () for id_ in supposed.codes.values()]
    listed = [code if isinstance(code, list | tuple) else [code] for code in codes]
    seen = set()
    for row in facts.encoded.get(supposed.rows, ()):
        # What no organisation says of itself is open until there is a row that does.
        known = {name: row.get(name, WAITS) for name in sorted(offering.reads)}
        for chosen in product(*listed):
            whole = {**known, **dict(zip(supposed.codes, chosen, strict=True))}
            if str(whole) not in seen:
                seen.add(str(whole))
                yield {name: value for name, value in whole.items() if value != WAITS}, whole


def _offered(offering: Offering, facts: Facts, row: Row | None, record: Record) -> Offered:
    found = _Found()
    on = facts.on.isoformat()
    for entry, test in zip(offering.rule.entries, offering.tests, strict=True):
        if entry.in_force(on):
            found.add(entry, test, facts, record)
    return Offered(offering.rule, tuple(found.holds), tuple(found.open), tuple(found.near), row)


@dataclass
class _Found:
    """The entries of an offer as they are looked at."""

    holds: list[Entry] = field(default_factory=list)
    open: list[Entry] = field(default_factory=list)
    near: list[Near] = field(default_factory=list)

    def add(self, entry: Entry, test: EntryTest, facts: Facts, record: Record) -> None:
        fits = _both(facts.truth(test.when), _truth(test.where, record))
        if fits is False:
            if entry.near_miss:
                self.near.append(Near(entry, entry.near_miss))
            return
        barred = [
            (_truth(bar.test, record) if bar.of_row else facts.truth(bar.test), bar.because)
            for bar in test.bars
        ]
        reason = next((because for truth, because in barred if truth), None)
        if reason is not None:
            if fits:
                self.near.append(Near(entry, reason))
        elif fits and all(truth is False for truth, _ in barred):
            self.holds.append(entry)
        else:
            self.open.append(entry)


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return True if one and other else None


def _truth(expression: Expression, record: Record) -> bool | None:
    try:
        return logic.truth(expression, record)
    except EvaluationError:
        return None
