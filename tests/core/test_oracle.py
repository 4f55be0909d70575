"""The law of the three outcomes, against every completion of small random catalogues.

Raised means raised in every completion of the blanks, clear means raised in none, and filling a
blank turns neither into anything else. The numbers are printed with -s. A long search, with other
cases each time: pytest tests/core/test_oracle.py -s --hypothesis-profile=long
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.catalogue import Catalogue
from app.core.assessment import Assessment, Result, assess, outcomes
from app.core.facts import Facts
from app.core.logic import tree
from tests.core.completions import (
    ABSENT,
    UNSURE,
    Complete,
    Scope,
    World,
    completions,
    derived,
    holds,
)
from tests.core.worlds import Choose, Made
from tests.tiny import evaluate

SETTLED = (Result.RAISED, Result.CLEAR)
COMPLETIONS = 300  # of one set of answers, at most (about)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@dataclass(frozen=True)
class Case:
    """A small catalogue with some sets of partial answers."""

    made: Made
    catalogue: Catalogue = field(repr=False)
    world: World = field(repr=False)
    partial: list[dict[str, Any]]


def make_case(choose: Choose) -> Case:
    made = Made(choose)
    catalogue, world = made.catalogue()
    return Case(made, catalogue, world, [made.answers(world, COMPLETIONS) for _ in range(3)])


@st.composite
def cases(draw: Any) -> Case:
    return make_case(lambda below: int(draw(st.integers(0, below - 1))))


@pytest.fixture(scope="module")
def counted() -> Iterator[Counter[str]]:
    """Count what was checked, and say so at the end."""
    counts: Counter[str] = Counter()
    yield counts
    print("\nThe oracle: " + ", ".join(f"{n:,} {what}" for what, n in counts.items()))  # noqa: T201


@given(case=cases())
@settings(suppress_health_check=SLOW)
def test_every_outcome_and_fact_holds_in_every_completion(
    case: Case, counted: Counter[str]
) -> None:
    check(case, counted)


@pytest.mark.parametrize("first", range(0, 600, 100))
def test_every_outcome_and_fact_of_larger_catalogues_holds_in_every_completion(
    first: int, counted: Counter[str]
) -> None:
    # Hypothesis looks for small cases; these come straight from a seeded generator.
    own: Counter[str] = Counter()
    check_seeds(range(first, first + 100), own)
    counted.update(own)
    for each in (*SETTLED, Result.UNDETERMINED):
        assert own[f"outcomes {each}"] > 50, f"too few flags were {each} for this to say much"


def check_seeds(seeds: range, counted: Counter[str]) -> None:
    for seed in seeds:
        check(make_case(random.Random(seed).randrange), counted)  # noqa: S311 - cases, not secrets


def check(case: Case, counted: Counter[str]) -> None:
    counted["catalogues"] += 1
    for answers in case.partial:
        facts = evaluate(case.catalogue, answers)
        assessment = assess(facts)
        every = list(completions(case.world, answers))
        counted["sets of answers"] += 1
        counted["completions"] += len(every)
        counted.update(f"outcomes {each.result}" for each in assessment.flags)
        check_flags(case.world, assessment, every)
        check_questions(case.world, facts, every)
        check_derived(case.world, facts, every)
        check_needs(facts, assessment)
        for filled in fillings(case.world, facts, answers):
            counted["fillings"] += 1
            check_filled(case.catalogue, assessment, filled)


def check_flags(world: World, assessment: Assessment, every: list[Complete]) -> None:
    for each in assessment.flags:
        assert each.result is not Result.ERROR, each.error
        if each.result in SETTLED:
            raised = {holds(world.flags[each.id], Scope(world, complete)) for complete in every}
            assert raised == {each.raised}, (each.id, each.result)


def check_questions(world: World, facts: Facts, every: list[Complete]) -> None:
    """What is shown is asked in every completion; what neither is shown nor waits, in none."""
    for question in world.questions:
        if question.id in facts.shown:
            assert all(question.id in complete for complete in every), question.id
        elif question.id not in facts.waiting:
            assert not any(question.id in complete for complete in every), question.id


def check_derived(world: World, facts: Facts, every: list[Complete]) -> None:
    """A derived fact that does not wait has this value (or none) in every completion."""
    for name in world.derived:
        if name in facts.waiting:
            continue
        expected = facts.values.get(name, ABSENT)
        for complete in every:
            value = derived(world, name, complete)
            if isinstance(value, int | float) and expected is not ABSENT:
                assert value == pytest.approx(expected), name
            else:
                assert value == expected, name


def check_needs(facts: Facts, assessment: Assessment) -> None:
    """What is undetermined names at least one answer, and only answers that can be given now."""
    for each in assessment.of(Result.UNDETERMINED):
        assert each.needs, f"{each.id} names nothing that would settle it"
        for address in each.needs:
            assert is_open(facts, address), (
                f"{each.id} needs {address}, which is answered or hidden"
            )


def is_open(facts: Facts, address: str) -> bool:
    """Whether an address is a shown blank, or answered "I don't know"."""
    if "/" not in address:
        unsure = facts.values.get(address) in (UNSURE, [UNSURE])
        return address in facts.shown and (address in facts.waiting or unsure)
    rows, id_, column = address.split("/")
    row = next(row for row in facts.values[rows] if str(row["id"]) == id_)
    return address in facts.waiting or row.get(column) == UNSURE


def fillings(world: World, facts: Facts, answers: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each shown blank filled with each of its answers, "I don't know" among them."""
    for question in world.questions:
        if not facts.blank(question.id):
            continue
        values: list[Any] = list(question.values)
        if question.definition["type"] == "rows":
            values = [[], [{"id": 1}]]
        elif question.unsure:
            values.append([UNSURE] if question.definition["type"] == "multi" else UNSURE)
        yield from ({**answers, question.id: value} for value in values or ["words"])


def check_filled(catalogue: Catalogue, before: Assessment, filled: dict[str, Any]) -> None:
    after = outcomes(evaluate(catalogue, filled))
    for each in before.flags:
        if each.result in SETTLED:
            assert after[each.id] is each.result, (each.id, each.result, filled)


def blank_counts_as_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "WAITS", "nothing")


def unsure_counts_as_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    right = tree._derive_leaf

    def wrong(leaf: tree.Leaf) -> tree.Outcomes:
        if isinstance(leaf, tree.OneOf | tree.Includes):
            leaf = replace(leaf, unsure=False)
        return right(leaf)

    monkeypatch.setattr(tree, "_derive_leaf", wrong)


def not_asked_counts_as_different(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "present", lambda _var: True)


def none_looks_at_sure_rows_only(monkeypatch: pytest.MonkeyPatch) -> None:
    right = tree._derive_rows

    def wrong(expression: tree.Quantified) -> tree.Outcomes:
        return tree.Outcomes(*[right(expression).surely] * 2)

    monkeypatch.setattr(tree, "_derive_rows", wrong)


@pytest.mark.parametrize(
    "mistake",
    [
        blank_counts_as_no,
        unsure_counts_as_an_answer,
        not_asked_counts_as_different,
        none_looks_at_sure_rows_only,
    ],
)
def test_the_oracle_notices_a_mistake_in_the_derivation(
    mistake: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    mistake(monkeypatch)
    with pytest.raises(AssertionError):
        check_seeds(range(100), Counter())
