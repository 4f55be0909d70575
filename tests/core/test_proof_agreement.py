"""The prover against every set of answers of small random catalogues, through the real evaluator.

What the prover shows must happen in some of them, what it rules out in none. The numbers are printed
with -s.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.catalogue import Catalogue
from app.core.domains import Kind
from app.core.facts import Facts
from app.core.outputs import Outline
from app.core.proof import Definitions, Proof, prove, sums, world
from app.core.proof.claims import Claim, Replay
from app.core.proof.formula import FALSE, Oracle
from app.core.proof.proving import all_claims, never_claims
from app.core.proof.world import World
from tests.core.completions import UNSURE, Question
from tests.core.completions import World as Asked
from tests.core.worlds import Choose, Made
from tests.tiny import ON, evaluate

MODELS = 8
MOST = 1500  # sets of answers of one catalogue
ROWS = 2
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


class Bounded(Made):
    """Random catalogues whose numbers are few, with a document that names what there is."""

    def options(self, definition: dict[str, Any], type_: str) -> tuple[Any, ...]:
        values = super().options(definition, type_)
        if type_ == "number":
            definition |= {"min": 2, "max": 6}
        return values

    def outline(self) -> Outline:
        named = [*self.scope, *(each.id for each in self.questions)]
        blocks: list[Any] = []
        for _ in range(3):
            words = f"It says {{{self.pick(named)}}} and {{{self.pick(named)}}}."
            block: Any = {"text": words}
            if self.chance(60):
                under = [{"text": f"Or it says {{{self.pick(named)}}}."}]
                block = {"if": self.condition(self.scope, 1), "blocks": [block], "else": under}
            blocks.append(block)
        rows = list(self.columns)
        if rows:
            each = self.pick(rows)
            where = self.condition(self.columns[each], 1)
            inner = [{"text": "Of it {c1} and {c2}."}]
            blocks.append({"each": each, "where": where, "blocks": inner})
        return Outline.model_validate({"title": "D", "file": "d", "blocks": blocks})


def definitions(choose: Choose) -> tuple[Definitions, Catalogue, Asked]:
    made = Bounded(choose)
    catalogue, asked = made.catalogue()
    outlines = {"d": made.outline()}
    rest = catalogue.pipeline, catalogue.questionnaires, catalogue.rules
    return Definitions(*rest, outlines, catalogue.program), catalogue, asked


def every(catalogue: Catalogue, asked: Asked) -> list[Facts] | None:
    """The facts of every complete set of answers; None where they are too many."""
    questions = {each.id: each for each in asked.questions}
    found: list[Facts] = []

    def onward(answers: dict[str, Any]) -> bool:
        facts = evaluate(catalogue, answers)
        blank = next((id_ for id_ in questions if facts.blank(id_)), None)
        if blank is None:
            found.append(facts)
            return len(found) <= MOST
        return all(onward({**answers, blank: value}) for value in values(questions[blank]))

    return found if onward({}) else None


def values(question: Question) -> Iterator[Any]:
    type_ = question.definition["type"]
    if type_ == "rows":
        yield from rows(question.definition["columns"])
        return
    if type_ == "text":
        yield "words"
        return
    if type_ == "multi":
        codes = list(question.definition["options"])
        for number in range(1, len(codes) + 1):
            yield from map(list, itertools.combinations(codes, number))
        yield from [[UNSURE]] if question.unsure else []
        return
    yield from question.values
    if question.unsure:
        yield UNSURE


def rows(columns: list[Any]) -> Iterator[list[Any]]:
    asked = [column for column in columns if "type" in column]
    each = [
        [*column.get("options", ("yes", "no")), *([UNSURE] if unsure(column) else [])]
        for column in asked
    ]
    ways = [
        dict(zip((column["id"] for column in asked), chosen, strict=True))
        for chosen in itertools.product(*each)
    ]
    for number in range(1, ROWS + 1):
        for several in itertools.combinations_with_replacement(ways, number):
            yield [{"id": n, **row} for n, row in enumerate(several, 1)]


def unsure(column: Any) -> bool:
    if column["type"] == "yes_no":
        return column.get("unsure") is not False
    return column.get("unsure") is True


@pytest.fixture(scope="module")
def counted() -> Iterator[Counter[str]]:
    counts: Counter[str] = Counter()
    yield counts
    print("\nThe prover: " + ", ".join(f"{n:,} {what}" for what, n in counts.items()))  # noqa: T201


def check(choose: Choose, counted: Counter[str]) -> None:
    made, catalogue, asked = definitions(choose)
    found = every(catalogue, asked)
    if found is None:
        counted["catalogues left out: too many answers"] += 1
        return
    proof = prove(made, ON, rows=ROWS)
    replays = [Replay(facts) for facts in found]
    counted["catalogues"] += 1
    counted["sets of answers"] += len(found)
    assert not [each for each in proof.findings if each.kind == "replay"]
    check_models(made, catalogue, counted)
    check_claims(made, proof, replays, counted)
    check_implied(catalogue, proof, found, counted)


def check_models(made: Definitions, catalogue: Catalogue, counted: Counter[str]) -> None:
    """Every fact and outcome of some sets of answers is as the real evaluator has it."""
    every_fact = World(made, ON, ROWS)
    oracle = Oracle(every_fact.formula)
    flags = {each.rule.id: each.when for each in catalogue.program.flags}
    outcomes = {id_: every_fact.outcome(when) for id_, when in flags.items()}
    known = {id_: every_fact.fact(id_) for id_ in catalogue.program.scope}
    if every_fact.loose:
        return
    for _ in range(MODELS):
        model = oracle.model([])
        assert model is not None
        facts = evaluate(catalogue, every_fact.answers(model))
        counted["models"] += 1
        for id_, when in flags.items():
            surely, possibly = (literal in model for literal in outcomes[id_])
            assert facts.truth(when) is (True if surely else None if possibly else False), id_
        for id_, fact in known.items():
            assert (fact.there in model) is (id_ in facts.values), id_
            assert (fact.waits in model) is (id_ in facts.waiting), id_
            codes = [code for code, literal in fact.codes.items() if literal in model]
            if fact.there in model and catalogue.program.scope[id_].kind is Kind.CODE:
                assert codes == [facts.values[id_]], id_
            if fact.there in model and fact.values is not None:
                near = pytest.approx(facts.values[id_])
                assert any(each in model for v, each in fact.values.items() if v == near), id_


def check_claims(
    made: Definitions, proof: Proof, replays: list[Replay], counted: Counter[str]
) -> None:
    skipped = {name for name, _ in proof.not_analysed}
    refuted = {(each.kind, each.name) for each in proof.findings}
    refuted |= {(kind, name) for each in proof.findings for kind, name in each.ids}
    for claim in all_claims(made):
        if claim.says in skipped:
            counted["claims not analysed"] += 1
            continue
        possible = shown(claim, replays)
        counted["claims possible" if possible else "claims impossible"] += 1
        assert ((claim.kind, claim.name) in proof.witnesses) is possible, claim
        assert ((claim.kind, claim.name) in refuted) is not possible, claim
    for claim in never_claims(made):
        if claim.says not in skipped:
            counted["what must never be"] += 1
            assert ((claim.kind, claim.name) in refuted) is shown(claim, replays), claim


def shown(claim: Claim, replays: list[Replay]) -> bool:
    return any(replay.shows(claim) for replay in replays)


def check_implied(
    catalogue: Catalogue, proof: Proof, found: list[Facts], counted: Counter[str]
) -> None:
    raised = {
        each.rule.id: {n for n, facts in enumerate(found) if facts.truth(each.when)}
        for each in catalogue.program.flags
    }
    said = {each.name for each in proof.findings if each.kind in ("implied", "duplicate")}
    for a, b in itertools.combinations(raised, 2):
        if proof.not_analysed:
            return
        counted["pairs of flags"] += 1
        forth = bool(raised[a]) and raised[a] <= raised[b]
        back = bool(raised[b]) and raised[b] <= raised[a]
        assert (f"{a}>{b}" in said) is forth or (forth and back), (a, b)
        assert (f"{b}>{a}" in said) is (back and not forth), (a, b)


@given(data=st.data())
@settings(suppress_health_check=SLOW, max_examples=25)
def test_the_prover_agrees_with_every_set_of_answers(data: Any, counted: Counter[str]) -> None:
    check(lambda below: int(data.draw(st.integers(0, below - 1))), counted)


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_the_prover_agrees_on_larger_catalogues(first: int, counted: Counter[str]) -> None:
    # Hypothesis looks for small cases; these come straight from a seeded generator.
    for seed in range(first, first + 20):
        check(random.Random(seed).randrange, counted)  # noqa: S311 - cases, not secrets


def unsure_settles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "_unsure", lambda _leaf, _fact: FALSE)


def nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    right = world.World.asked
    monkeypatch.setattr(world.World, "asked", lambda self, id_: (right(self, id_)[0],) * 2)


def none_is_not_some_sure_row(monkeypatch: pytest.MonkeyPatch) -> None:
    right = world.World._over_rows

    def wrong(self: world.World, expression: Any) -> Any:
        surely, _ = right(self, expression)
        return surely, surely

    monkeypatch.setattr(world.World, "_over_rows", wrong)


def halves_round_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sums, "_half_up", lambda value, over: value and value // over)


def what_does_not_count_is_nought(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sums, "_one", lambda value: (value or 0, 1))


@pytest.mark.parametrize(
    "mistake",
    [
        unsure_settles,
        nothing_waits,
        none_is_not_some_sure_row,
        halves_round_down,
        what_does_not_count_is_nought,
    ],
)
def test_a_mistake_in_the_prover_is_noticed(
    mistake: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    mistake(monkeypatch)
    with pytest.raises(AssertionError):
        check_seeds(range(150))


def check_seeds(seeds: range) -> None:
    for seed in seeds:
        made, catalogue, _ = definitions(random.Random(seed).randrange)  # noqa: S311 - cases
        check_models(made, catalogue, Counter())
