"""Offers: the conditions of their entries, over the project or over each row of a question."""

from __future__ import annotations

from app.core import logic
from app.core.compiling.deriving import check_code
from app.core.compiling.draft import Draft, Scope, Spot
from app.core.domains import Domain, Kind
from app.core.logic import Every, Expression, Quantified
from app.core.program import Bar, EntryTest, Offering
from app.core.rules import Entry, Offer, Unless


def offerings(draft: Draft) -> dict[str, Offering]:
    """Every offer with the conditions of its entries."""
    return {offer.id: _offering(draft, spot, offer) for spot, offer in draft.each(Offer)}


def _offering(draft: Draft, spot: Spot, offer: Offer) -> Offering:
    rows = _rows(draft, spot, offer)
    scope = rows.columns if rows else None
    codes = [entry.code for entry in offer.entries]
    tests, whole = [], []
    for n, entry in enumerate(offer.entries):
        at = spot.at("entries", n)
        check_code(codes, n, at)
        test = _test(draft, at, entry, scope)
        tests.append(test)
        whole.append(_whole(test, offer.each, rows))
    where = _over_row(draft, spot, offer.where, scope)
    if offer.supposed:
        _check_supposed(draft, spot.at("supposed"), offer)
    read = [where, *(test.where for test in tests)]
    read += [bar.test for test in tests for bar in test.bars if bar.of_row]
    reads = frozenset().union(*map(logic.reads, read))
    return Offering(offer, tuple(whole), tuple(tests), where, reads)


def _rows(draft: Draft, spot: Spot, offer: Offer) -> Domain | None:
    """The rows question that an offer walks through."""
    if offer.each is None:
        return None
    rows = draft.scope.get(offer.each)
    if rows is None or rows.kind is not Kind.ROWS:
        spot.at("each").missing("no rows are called", offer.each, draft.questions)
        return None
    return rows


def _test(draft: Draft, spot: Spot, entry: Entry, scope: Scope | None) -> EntryTest:
    when: Expression = logic.ALWAYS
    if entry.when is not None:
        when = draft.condition(entry.when, spot.at("when"))
    bars = tuple(
        _bar(draft, spot.at("unless", n), unless, scope) for n, unless in enumerate(entry.unless)
    )
    return EntryTest(when, _over_row(draft, spot, entry.where, scope), bars)


def _bar(draft: Draft, spot: Spot, unless: Unless, scope: Scope | None) -> Bar:
    if (unless.when is None) == (unless.where is None):
        spot.fault("'unless' has either 'when', over the project, or 'where', over the row")
    if unless.where is not None:
        return Bar(_over_row(draft, spot, unless.where, scope), unless.because, of_row=True)
    when = draft.condition(unless.when, spot.at("when")) if unless.when else logic.NEVER
    return Bar(when, unless.because, of_row=False)


def _over_row(draft: Draft, spot: Spot, raw: object, scope: Scope | None) -> Expression:
    if raw is None:
        return logic.ALWAYS
    if scope is None:
        spot.at("where").fault("'where' reads the row of an offer with 'each'; use 'when' here")
        return logic.ALWAYS
    return draft.condition(raw, spot.at("where"), scope)


def _whole(test: EntryTest, each: str | None, rows: Domain | None) -> Expression | None:
    """All conditions of an entry as one over the project: some row to which it is offered."""
    over_project = [test.when] if test.when != logic.ALWAYS else []
    over_row = [test.where] if test.where != logic.ALWAYS else []
    for bar in test.bars:
        (over_row if bar.of_row else over_project).append(logic.negate(bar.test))
    if over_row and each and rows:
        over_project.append(Quantified("some", each, _all(over_row), rows))
    return _all(over_project) if over_project else None


def _all(items: list[Expression]) -> Expression:
    return items[0] if len(items) == 1 else Every(tuple(items))


def _check_supposed(draft: Draft, spot: Spot, offer: Offer) -> None:
    """What is supposed are rows and codes that the offer's own rows could have."""
    supposed, rows = offer.supposed, draft.scope.get(offer.each or "")
    if supposed is None or rows is None:
        return
    source = draft.scope.get(supposed.rows)
    if source is None or source.kind is not Kind.ROWS:
        spot.at("rows").missing("no rows are called", supposed.rows, draft.questions)
    for column, id_ in supposed.codes.items():
        if column not in rows.columns:
            spot.at("codes", column).missing("there is no column", column, rows.columns)
        if id_ not in draft.questions:
            spot.at("codes", column).missing("no question", id_, draft.questions)
