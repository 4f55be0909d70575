"""What an earlier proof has shown is shown again exactly where something it rests on has changed."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.proof import Known, Proof, known_data, known_from, prove, proving
from app.core.proof.formula import Oracle
from app.proving import definitions_of
from tests.core.test_proof_agreement import definitions
from tests.core.worlds import Choose
from tests.tiny import ON, flag, tiny

KIND = {
    "id": "a.kind",
    "type": "choice",
    "ask": "Which?",
    "options": {"x": "X", "y": "Y", "z": "Z"},
}
OTHER = {"id": "a.other", "type": "choice", "ask": "Which?", "options": {"x": "X", "y": "Y"}}
RULES = {
    "flags": [
        flag({"===": [{"var": "a.kind"}, "x"]}, "F1"),
        flag({"===": [{"var": "a.other"}, "x"]}, "F2"),
    ]
}


def proof_of(*questions: Any, rules: Any = None, known: Known | None = None) -> Proof:
    made = definitions_of(tiny(questions, rules or RULES))
    return prove(made, ON, known=known or Known())


def total(proof: Proof) -> int:
    return sum(proof.proven.values())


@pytest.fixture
def known() -> Known:
    return proof_of(KIND, OTHER).known


def test_a_catalogue_that_did_not_change_is_not_proven_again(
    known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "replayed", lambda *_: pytest.fail("replayed"))
    monkeypatch.setattr(Oracle, "holds", lambda *_: pytest.fail("asked the solver"))
    again = proof_of(KIND, OTHER, known=known)
    assert again.before == len(known.proven)
    assert again.holds


def test_another_wording_is_no_change(known: Known) -> None:
    said = {"ask": "Which of them?", "hint": "One only", "why": "It matters.", "source": "Art 5"}
    assert proof_of({**KIND, **said}, OTHER, known=known).before == len(known.proven)


CHANGES: dict[str, tuple[Any, Any]] = {
    "an option more": ({**KIND, "options": {"v": "V", "x": "X", "y": "Y"}}, RULES),
    "an answer for who does not know": ({**KIND, "unsure": True}, RULES),
    "a condition": ({**KIND, "show_if": {"===": [{"var": "a.other"}, "x"]}}, RULES),
    "another rule": (
        KIND,
        {"flags": [flag({"===": [{"var": "a.kind"}, "y"]}, "F1"), RULES["flags"][1]]},
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_rests_on_a_change_is_proven_again_and_nothing_else(what: str, known: Known) -> None:
    question, rules = CHANGES[what]
    again = proof_of(OTHER, question, rules=rules, known=known)
    shown = {name.split("=")[0] for _, name in again.witnesses}
    assert "F1" in shown
    assert shown <= {"F1", "a.kind"}
    assert 0 < again.before < len(known.proven)


def test_a_change_that_makes_something_impossible_is_found(known: Known) -> None:
    never = {**KIND, "show_if": {"===": [{"var": "a.other"}, "x"]}}
    both = {"and": [{"===": [{"var": "a.kind"}, "x"]}, {"===": [{"var": "a.other"}, "y"]}]}
    rules = {"flags": [flag(both, "F1"), RULES["flags"][1]]}
    again = proof_of(OTHER, never, rules=rules, known=known)
    assert ("raised", "F1") in {(each.kind, each.name) for each in again.findings}


def test_a_flag_that_now_implies_an_unchanged_one_is_found(known: Known) -> None:
    both = {"and": [{"===": [{"var": "a.kind"}, "x"]}, {"===": [{"var": "a.other"}, "x"]}]}
    rules = {"flags": [flag(both, "F1"), RULES["flags"][1]]}
    (finding,) = proof_of(KIND, OTHER, rules=rules, known=known).findings
    assert (finding.kind, finding.name) == ("implied", "F1>F2")


def test_what_is_wrong_is_said_every_time() -> None:
    both = {"and": [{"===": [{"var": "a.kind"}, "x"]}, {"===": [{"var": "a.kind"}, "y"]}]}
    rules = {"flags": [flag(both, "F1")]}
    first = proof_of(KIND, rules=rules)
    again = proof_of(KIND, rules=rules, known=first.known.after(Known()))
    assert again.findings == first.findings != ()


def test_what_is_known_is_kept_as_plain_data(known: Known) -> None:
    assert known_from(known_data(known)) == known


@pytest.mark.parametrize("several", [1, 10_000])
@pytest.mark.parametrize("first", range(0, 12, 4))
def test_a_proof_from_what_is_known_finds_what_a_whole_proof_finds(
    first: int, several: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "SEVERAL", several)  # with and without earlier answers tried first
    spared = 0
    for seed in range(first, first + 4):
        made, *_ = definitions(random.Random(seed).randrange)  # noqa: S311 - cases, not secrets
        known = prove(made, ON, rows=2).known
        for number in range(20, 120, 20):
            changed, *_ = definitions(with_one_other_choice(seed, number))
            whole, part = prove(changed, ON, rows=2), prove(changed, ON, rows=2, known=known)
            assert said(part) == said(whole), (seed, number)
            assert total(part) == total(whole), (seed, number)
            spared += part.before
            known = part.known.after(known)
    assert spared > 50


def edits() -> dict[str, list[Any]]:
    """Each place of a small catalogue that an editor may change, and what may stand there."""
    kind, other = ({"===": [{"var": "a.kind"}, code]} for code in ("x", "y"))
    unlike = {"===": [{"var": "a.other"}, "x"]}
    red = {"===": [{"var": "c.colour"}, "red"]}
    three = {"x": "X", "y": "Y", "z": "Z"}
    return {
        "options": [three, {**three, "v": "V"}, {"x": "Ex", "y": "Y"}],
        "unsure": [False, True],
        "other_if": [None, kind, {"in": [{"var": "a.kind"}, ["x", "y"]]}],
        "when": [kind, other, {"and": [kind, unlike]}, {"or": [other, red]}],
        "again": [unlike, kind, red, {"and": [other, unlike]}],
        "condition": [kind, {"or": [kind, unlike]}, {"and": [kind, other]}],
        "points": [(1, 2, 3, 4), (3, 2, 2, 0), (1, 1, 1, 1)],
        "value": ["sum", "mean", "max"],
        "from": [2, 3, 9],
    }


def edited(made: dict[str, Any]) -> Any:
    """The catalogue in which these things stand."""
    kind = {**KIND, "options": made["options"]} | ({"unsure": True} if made["unsure"] else {})
    other = OTHER | ({"show_if": made["other_if"]} if made["other_if"] else {})
    other |= {"unsure": "hide"} if made["other_if"] and made["unsure"] else {}
    more = {"points": "a.other", "table": {"x": 1, "y": 4}}
    parts = [{"points": "a.kind"}, more]
    points = dict(zip(made["options"], made["points"], strict=False))
    score = {"id": "c.score", "title": "Score", "points": points}
    score |= {"value": {made["value"]: parts}, "band": {"id": "c.colour", "from": "colours"}}
    levels = [{"code": "green", "label": "G"}, {"code": "red", "label": "R", "from": made["from"]}]
    rules = {
        "flags": [flag(made["when"], "F1"), flag(made["again"], "F2")],
        "conditions": [{"id": "b.both", "title": "Both", "when": made["condition"]}],
        "bands": [{"id": "colours", "levels": levels}],
        "scores": [score],
    }
    return definitions_of(tiny([kind, other], rules))


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=25, deadline=None)
def test_after_any_edits_what_is_remembered_is_never_stale(data: st.DataObject) -> None:
    places = edits()
    made = {place: data.draw(st.sampled_from(ways)) for place, ways in places.items()}
    known = prove(edited(made), ON).known
    for _ in range(3):
        place = data.draw(st.sampled_from(list(places)))
        made[place] = data.draw(st.sampled_from(places[place]))
        changed = edited(made)
        whole, part = prove(changed, ON), prove(changed, ON, known=known)
        assert said(part) == said(whole)
        assert total(part) == total(whole)
        known = part.known.after(known)


def with_one_other_choice(seed: int, number: int) -> Choose:
    """The choices of a seed but for one of them: a catalogue with something in it changed."""
    chance, count = random.Random(seed), [0]  # noqa: S311 - cases, not secrets

    def choose(below: int) -> int:
        count[0] += 1
        chosen = chance.randrange(below)
        return (chosen + 1) % below if count[0] == number else chosen

    return choose


def said(proof: Proof) -> tuple[set[Any], set[str]]:
    every = {(each.kind, each.name) for each in proof.findings}
    every |= {both for each in proof.findings for both in each.ids}
    return every, {what for what, _ in proof.not_analysed}
