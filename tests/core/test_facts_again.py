"""What is worked out again after a change: the same as from the beginning, and no more than needed."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.actions.assessments import Evaluated, evaluate
from app.catalogue import Catalogue
from app.core.assessment import brief, outcomes
from app.core.facts import Facts, facts
from app.core.logic import Record
from bench.filled import answer, fill
from tests.core.test_facts import COSTLY, MANY, QUESTIONS, SURE, YES_NO, yes
from tests.core.worlds import Made
from tests.shipped import shipped_catalogue
from tests.tiny import ON, flag, tiny

Answers = Mapping[str, Any]


def told(found: Facts) -> tuple[object, ...]:
    """Everything that facts say."""
    return found.values, found.waiting, found.shown, found.errors, found.encoded


def pages(evaluated: Evaluated) -> list[tuple[object, ...]]:
    """Everything that a journey says."""
    return [
        (step.key, step.ids, step.answered, dict(step.unfinished))
        for step in evaluated.journey.steps
    ]


def check_walk(catalogue: Catalogue, walk: Sequence[Answers], on: date = ON) -> None:
    """Each set of answers comes to the same after the one before as from the beginning."""
    known = None
    for answers in walk:
        known = evaluate(catalogue, answers, on, known)
        anew = evaluate(catalogue, answers, on)
        assert told(known.facts) == told(anew.facts)
        assert outcomes(known.facts) == outcomes(anew.facts)
        assert known.brief == anew.brief == brief(anew.facts)
        assert pages(known) == pages(anew)
        assert known.route == anew.route


@given(seed=st.integers(0, 10**9))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_change_comes_to_the_same_as_starting_afresh(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - cases, not secrets
    made = Made(chance.randrange)
    catalogue, world = made.catalogue()
    first, *others = (made.answers(world, 10) for _ in range(4))
    mixed = []
    for each in others:
        # Most changes are small: a few answers given, changed or taken back.
        first = {id_: value for id_, value in {**first, **each}.items() if chance.random() < 0.9}
        mixed.append(first)
    check_walk(catalogue, [*others, *mixed])


@pytest.mark.parametrize("seed", range(4))
def test_a_change_comes_to_the_same_in_the_shipped_catalogue(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - cases, not secrets
    catalogue = shipped_catalogue()
    program = catalogue.program
    answers = fill(program, chance)
    walk = [answers]
    for _ in range(25):
        answers = dict(answers)
        for id_ in chance.sample(sorted(program.questions), chance.choice([1, 1, 2, 12])):
            if chance.random() < 0.25:
                answers.pop(id_, None)
            else:
                answers[id_] = answer(program.questions[id_], program.scope.get(id_), chance)
        walk.append(answers)
    check_walk(catalogue, walk)


CHAIN = tiny(
    [
        {"id": "a.one", "ask": "One?", **YES_NO},
        {"id": "a.two", "ask": "Two?", **SURE, "show_if": yes("a.one")},
        {"id": "b.note", "type": "text", "ask": "Note?"},
        {
            "id": "p.list",
            "type": "rows",
            "ask": "P?",
            "columns": [
                {"id": "k", "ask": "K?", **YES_NO},
                {"id": "more", "ask": "More?", **YES_NO, "show_if": yes("k")},
            ],
        },
    ],
    {
        "conditions": [{"id": "c.two", "title": "Two", "when": yes("a.two")}],
        "flags": [
            flag({"var": "c.two"}, "TWO"),
            flag({"some": [{"var": "p.list"}, yes("more")]}, "MORE"),
        ],
    },
)
BEGUN: Answers = {
    "a.one": "yes",
    "a.two": "yes",
    "b.note": "As it was",
    "p.list": [{"id": 1, "k": "yes", "more": "yes"}, {"id": 2, "k": "no"}],
}
CHANGES: list[tuple[Answers, set[str]]] = [
    # answers that are new (None: taken back), what conditions read otherwise
    ({}, set()),
    ({"b.note": "In other words"}, set()),
    ({"a.two": "no"}, {"a.two", "c.two"}),
    ({"a.two": None}, {"a.two", "c.two"}),
    ({"a.one": "no"}, {"a.one", "a.two", "c.two"}),
    ({"b.note": None}, {"b.note"}),
    ({"p.list": [{"id": 1, "k": "no"}]}, {"p.list", "p.list/k", "p.list/more"}),
]


@pytest.mark.parametrize(("change", "changed"), CHANGES)
def test_only_what_comes_out_otherwise_is_passed_on(change: Answers, changed: set[str]) -> None:
    before = facts(CHAIN.program, BEGUN, ON)
    after = {id_: each for id_, each in {**BEGUN, **change}.items() if each is not None}
    found = facts(CHAIN.program, after, ON, before)
    assert found.since is not None
    assert found.since.changed == changed
    assert told(found) == told(facts(CHAIN.program, after, ON))


def test_only_the_rules_that_read_a_change_are_tested_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = facts(CHAIN.program, BEGUN, ON)
    outcomes(before)
    tested = []
    monkeypatch.setattr(Record, "evaluate", lambda _, rule: tested.append(rule))
    same = facts(CHAIN.program, {**BEGUN, "b.note": "Otherwise"}, ON, before)
    assert outcomes(same) == outcomes(before)
    assert tested == []


def test_what_was_known_before_is_never_changed() -> None:
    before = facts(CHAIN.program, BEGUN, ON)
    kept = repr(told(before))
    for change, _ in CHANGES:
        after = {id_: each for id_, each in {**BEGUN, **change}.items() if each is not None}
        outcomes(facts(CHAIN.program, after, ON, before))
    assert repr(told(before)) == kept


@pytest.mark.parametrize("other", ["day", "catalogue"])
def test_what_was_known_of_another_day_or_catalogue_is_not_used(other: str) -> None:
    program = CHAIN.program if other == "day" else tiny(QUESTIONS).program
    on = date(2025, 1, 1) if other == "day" else ON
    found = facts(CHAIN.program, BEGUN, ON, facts(program, {}, on))
    assert found.since is None
    assert told(found) == told(facts(CHAIN.program, BEGUN, ON))


@pytest.mark.usefixtures("small_budget")
def test_what_cannot_be_evaluated_comes_and_goes_with_the_answers() -> None:
    few = {**MANY, "p.list": MANY["p.list"][:1]}
    check_walk(tiny(QUESTIONS, COSTLY), [few, MANY, {**MANY, "a.fine": "no"}, few, MANY])
