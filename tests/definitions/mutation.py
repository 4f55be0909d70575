"""Changes one thing in a condition at a time, to see whether the examples of its rule notice.

python -m tests.definitions.mutation            every rule with survivors
python -m tests.definitions.mutation R17 R18    these rules
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from app.catalogue import Catalogue
from app.core import logic
from app.core.domains import OPPOSITES
from app.core.facts import Facts, facts_given
from app.core.logic import (
    AtLeast,
    Compare,
    Either,
    Every,
    Expression,
    Holds,
    Includes,
    OneOf,
    Quantified,
)
from app.core.program import ConditionNode
from app.core.rules import Exemplified
from tests.shipped import shipped_catalogue

ON = date(2026, 11, 21)


@dataclass(frozen=True)
class Exampled:
    """A rule with examples: a flag, a named condition or an entry of an offer."""

    id: str
    rule: Exemplified
    when: Expression


def parts(catalogue: Catalogue) -> list[Catalogue]:
    """What is asked about projects, and what is asked about organisations."""
    theirs = catalogue.organisations
    return [catalogue] if theirs is None else [catalogue, theirs]


def exampled(catalogue: Catalogue) -> Iterator[Exampled]:
    """Everything in a catalogue that has a condition and may have examples."""
    program = catalogue.program
    for each in program.flags:
        yield Exampled(each.rule.id, each.rule, each.when)
    for node in program.nodes.values():
        if isinstance(node, ConditionNode):
            yield Exampled(node.id, node.rule, node.when)
    for offering in program.offers.values():
        for entry, when in zip(offering.rule.entries, offering.when, strict=True):
            if when is not None:
                yield Exampled(f"{offering.rule.id}:{entry.code}", entry, when)


def wrong_examples(each: Exampled, catalogue: Catalogue) -> list[str]:
    """The examples that do not come out as they say."""
    found = []
    for kind, wanted in (("raised_by", True), ("not_by", False)):
        for n, example in enumerate(getattr(each.rule, kind), 1):
            truth = facts_given(catalogue.program, example, ON).truth(each.when)
            if truth is not wanted:
                found.append(f"{each.id}: {kind} {n} gives {truth}: {example}")
    return found


def survivors(each: Exampled, catalogue: Catalogue) -> tuple[int, list[str]]:
    """How many mutants there are, and those that no example notices."""
    cases = [
        (facts_given(catalogue.program, example, ON), wanted)
        for kind, wanted in (("raised_by", True), ("not_by", False))
        for example in getattr(each.rule, kind)
    ]
    every = list(dict.fromkeys(mutants(each.when)))
    return len(every), [logic.english(mutant) for mutant in every if not _noticed(mutant, cases)]


def _noticed(mutant: Expression, cases: list[tuple[Facts, bool]]) -> bool:
    return any(facts.truth(mutant) is not wanted for facts, wanted in cases)


def mutants(expression: Expression) -> Iterator[Expression]:
    """Every expression with one literal, operator or conjunct changed."""
    match expression:
        case Every() | Either():
            yield from _joined(expression)
        case AtLeast():
            yield from _counted(expression)
        case Quantified(kind, _, body):
            yield replace(expression, negated=not expression.negated)
            yield replace(expression, kind="all" if kind == "some" else "some")
            yield from (replace(expression, body=each) for each in mutants(body))
        case Compare():
            yield from _compared(expression)
        case OneOf():
            yield from _chosen(expression)
        case Includes(_, code, domain):
            yield replace(expression, negated=not expression.negated)
            others = [other for other in list(domain.codes)[:2] if other != code]
            yield from (replace(expression, code=other) for other in others)
        case Holds():
            yield replace(expression, negated=not expression.negated)


def _joined(expression: Every | Either) -> Iterator[Expression]:
    items = expression.items
    other = Either if isinstance(expression, Every) else Every
    if len(items) > 1:
        yield other(items)
        for n in range(len(items)):
            yield type(expression)(items[:n] + items[n + 1 :])
    yield from _inner(expression, items)


def _counted(expression: AtLeast) -> Iterator[Expression]:
    if expression.number > 1:
        yield replace(expression, number=expression.number - 1)
    if expression.number < len(expression.items):
        yield replace(expression, number=expression.number + 1)
    yield from _inner(expression, expression.items)


def _compared(expression: Compare) -> Iterator[Expression]:
    yield replace(expression, op=OPPOSITES[expression.op])
    near = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}.get(expression.op)
    if near:
        yield replace(expression, op=near)
    if isinstance(expression.literal, int | float):
        yield replace(expression, literal=expression.literal + 1)
        yield replace(expression, literal=expression.literal - 1)


def _chosen(expression: OneOf) -> Iterator[Expression]:
    yield replace(expression, negated=not expression.negated)
    codes = expression.codes
    others = [code for code in expression.domain.codes if code not in codes]
    for n in range(len(codes)):
        if len(codes) > 1:
            yield replace(expression, codes=codes[:n] + codes[n + 1 :], ordering=None)
        if others:
            changed = (*codes[:n], others[0], *codes[n + 1 :])
            yield replace(expression, codes=changed, ordering=None)


def _inner(
    expression: Every | Either | AtLeast, items: tuple[Expression, ...]
) -> Iterator[Expression]:
    for n, item in enumerate(items):
        for changed in mutants(item):
            yield replace(expression, items=(*items[:n], changed, *items[n + 1 :]))


def main(wanted: list[str]) -> int:
    """Print wrong examples and survivors; the exit code says whether there are any."""
    amiss = total = 0
    rules = [(each, part) for part in parts(shipped_catalogue()) for each in exampled(part)]
    for each, catalogue in rules:
        if wanted and each.id not in wanted:
            continue
        wrong = wrong_examples(each, catalogue)
        number, alive = survivors(each, catalogue)
        total += number
        amiss += len(wrong) + len(alive)
        for line in wrong:
            print(line)  # noqa: T201 - a command
        for text in alive:
            print(f"{each.id}: no example notices: {text}")  # noqa: T201
    print(f"{total} mutants, {amiss} findings")  # noqa: T201
    return 1 if amiss else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
