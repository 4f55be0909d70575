"""What the prover finds in definitions with one defect each, and how it says so to an editor."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.catalogue.editing import File
from app.cli import main
from app.core.facts import facts
from app.core.proof import Proof, prove
from app.core.proof.claims import Replay
from app.core.proof.examples import coverage, examples, smallest
from app.core.proof.formula import Formula, Oracle
from app.core.proof.pairs import pairwise
from app.core.proof.proving import all_claims, never_claims
from app.core.proof.world import World
from app.proving import definitions_of
from tests.tiny import ON, evaluate, flag, outcome, tiny

DEFECTS = Path(__file__).parent.parent / "features" / "defects"
GUIDE = Path(__file__).parent.parent.parent / "docs" / "proofs.md"
KIND = {"id": "a.kind", "type": "choice", "ask": "Which kind?", "options": {"x": "X", "y": "Y"}}
YES = {"id": "a.yes", "type": "yes_no", "ask": "So?"}

# What an editor reads first; the lines that together make it so; the nearest mend.
FOUND: dict[str, tuple[str, list[str], str]] = {
    "contradiction_and": (
        "rules/r.yaml:5:5: the flag F1 “Both at once” can never be raised",
        ["questionnaires/q.yaml:10", "rules/r.yaml:8", "rules/r.yaml:9"],
        "it could be if “Kind” is “Second”, instead of: “Kind” is “First”",
    ),
    "number_out_of_range": (
        "rules/r.yaml:2:56: the flag F1 “Title of F1” can never be raised",
        ["questionnaires/q.yaml:10", "rules/r.yaml:2"],
        "it could be if “Number” is more than 99, instead of: “Number” is more than 200",
    ),
    "parent_hidden": (
        "questionnaires/q.yaml:13:58: the question “Which child?” (a.child) can never be asked",
        ["questionnaires/q.yaml:10", "questionnaires/q.yaml:12", *["questionnaires/q.yaml:13"] * 2],
        "it could be if “Kind” is “Second”, instead of: “Kind” is “First”",
    ),
    "contradiction_or": (
        "the flag F1 “One of two, and neither” can never be raised",
        ["questionnaires/q.yaml:10", "rules/r.yaml:7", "rules/r.yaml:10", "rules/r.yaml:11"],
        "it could be if",
    ),
    "threshold_out_of_reach": (
        "the flag F1 “Title of F1” can never be raised",
        ["rules/r.yaml:4", "rules/r.yaml:7"],
        "it could be if “Sum” is at least 5, instead of: “Sum” is at least 6",
    ),
    "value_never_given": (
        "the flag F1 “Title of F1” can never be raised",
        ["rules/r.yaml:2", "rules/r.yaml:4"],
        "it could be if “One or two” is 2, instead of: “One or two” is 3",
    ),
    "always_true": (
        "the flag F1 “So or not so” is always raised: no answers make it clear",
        ["rules/r.yaml:7", "rules/r.yaml:8"],
        "say when it does not hold, or remove it",
    ),
    "all_options_excluded": (
        "the question “What else?” (a.none) can never be asked",
        [f"questionnaires/q.yaml:{line}" for line in (10, 17, 18, 19)],
        "it could be if “Kind” is “First”, instead of: “Kind” is not “First”",
    ),
    "page_never_shown": (
        "questionnaires/q.yaml:14:9: the page “Second” can never be shown",
        ["questionnaires/q.yaml:10", *["questionnaires/q.yaml:14"] * 2],
        "it could be if “Kind” is “Second”, instead of: “Kind” is “First”",
    ),
    "duplicate_rules": (
        "F1 “Title of F1” and F2 “Title of F2” are raised by the same answers",
        ["rules/r.yaml:2", "rules/r.yaml:3"],
        "keep one of them, or change one",
    ),
    "same_conditions": (
        "“It is the first” (b.first) and “It is the first again” (b.again) mean the same",
        ["questionnaires/q.yaml:10", "rules/r.yaml:2", "rules/r.yaml:3"],
        "keep one of them, or let one say",
    ),
    "implied_rule": (
        "whenever F2 “Title of F2” is raised, F1 “Title of F1” is raised as well",
        ["rules/r.yaml:2", "rules/r.yaml:3"],
        "write “implies: [F1]” in it to accept this",
    ),
    "untrue_implies": (
        "rules/r.yaml:2:66: F1 says that it implies F2, but it can be raised without it",
        [],
        "take F2 out of “implies”",
    ),
    "band_out_of_reach": (
        "rules/r.yaml:6:9: the score “Sum” can never be “High”",
        ["rules/r.yaml:3", "rules/r.yaml:10"],
        "move where this level or the next one begins",
    ),
    "untrue_never": ("“Low” is said to be out of reach, but answers give it", [], "take “never”"),
    "outcome_out_of_reach": (
        "rules/r.yaml:6:35: “What next?” can never come out as “Wait”",
        ["rules/r.yaml:5", "rules/r.yaml:6"],
        "its place matters as well",
    ),
    "entry_never_offered": (
        "the entry G2 “No way” can never be offered",
        ["questionnaires/q.yaml:11", *["rules/r.yaml:6"] * 2],
        "it could be if “Other” is “Second”",
    ),
    "column_never_asked": (
        "the column “Why?” of “Which things?” can never be asked",
        [f"questionnaires/q.yaml:{line}" for line in (14, 15, 16, 16)],
        "it could be if “Which kind?” is “First”, instead of: “Which kind?” is “Second”",
    ),
    "row_outcome_out_of_reach": (
        "the column “State” of “Which things?” can never be “Two”",
        ["questionnaires/q.yaml:14", "questionnaires/q.yaml:18"],
        "change one of these lines",
    ),
    "suggestion_never_made": (
        "suggestion 1 for “Is it late?” can never be made",
        [f"questionnaires/q.yaml:{line}" for line in (10, 15, 16)],
        "it could be if “Kind” is “First”, instead of: “Kind” is “Second”",
    ),
    "block_never_printed": (
        "outputs/d.yaml:7:9: what stands under this condition can never be printed",
        ["outputs/d.yaml:4", "outputs/d.yaml:7", "questionnaires/q.yaml:10"],
        "it could be if “Kind” is “First”, instead of: “Kind” is “Second” or “Third”",
    ),
    "text_never_printed": (
        "the text “The first is {a.one} and the second is {a.two}.” can never be printed",
        [f"questionnaires/q.yaml:{line}" for line in (10, 12, 13)],
        "a text that names two things needs both to be asked together",
    ),
    "placeholder_without_value": (
        "“What next?” (b.choice) is printed here also where it has no value",
        [],
        "print it only where it has a value",
    ),
    "document_nowhere": (
        "outputs/d.yaml:1:1: the document “A document” is written at no stage",
        [],
        "name it under “documents”",
    ),
    "stage_never_closed": (
        "the stage “Review” can never be closed on the route “Full”",
        ["questionnaires/q.yaml:10", "rules/r.yaml:7", "rules/r.yaml:13"],
        "let one of these flags be clear there",
    ),
}
# What the loader refuses already, with its own words.
REFUSED = {
    "unknown_option": "'Kind' has no option \"w\"; its options are x, y, z",
    "unknown_question": "nothing here is called 'a.kid'; did you mean 'a.kind'?",
    "literal_false": "a condition is one operator with its operands, not false",
    "cycle": "each waits for the next, for ever: b.one → b.two → b.one",
}
SHOWN_BY_ANSWERS = {"untrue_implies", "untrue_never", "placeholder_without_value"}


def run(*arguments: str | Path) -> Result:
    done = CliRunner().invoke(main, ["check", *map(str, arguments)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def test_every_folder_of_a_defect_is_expected_to_be_found() -> None:
    assert {path.name for path in DEFECTS.iterdir()} == {*FOUND, *REFUSED}


@pytest.mark.parametrize("name", FOUND)
def test_a_defect_is_found_and_worded_for_an_editor(name: str) -> None:
    says, lines, mend = FOUND[name]
    done = run("--prove", DEFECTS / name)
    assert done.exit_code == 1
    first, *rest = done.stderr.splitlines()
    assert says in first
    assert re.match(r"[a-z/]+\.yaml:\d+:\d+: ", first)
    located = [re.match(r" +([a-z/]+\.yaml:\d+):\d+: ", line) for line in rest]
    assert [found[1] for found in located if found] == lines
    assert mend in next(line for line in rest if "Nearest mend" in line)
    assert rest[-1].startswith("1 finding:")
    assert any("as these answers show" in line for line in rest) is (name in SHOWN_BY_ANSWERS)


DOCUMENTED = re.findall(
    r"<!-- found: (\w+) -->\n```\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL
)


@pytest.mark.parametrize(("name", "text"), DOCUMENTED, ids=[name for name, _ in DOCUMENTED])
def test_the_guide_shows_findings_as_they_are_printed(name: str, text: str) -> None:
    told = run("--prove", DEFECTS / name).stderr
    assert told.splitlines()[:-1] == text.splitlines()


def test_the_guide_shows_some() -> None:
    assert len(DOCUMENTED) == 3


@pytest.mark.parametrize("name", REFUSED)
def test_a_defect_that_the_loader_sees_is_refused_with_its_line(name: str) -> None:
    done = run("--prove", DEFECTS / name)
    assert done.exit_code == 1
    assert REFUSED[name] in done.stderr


@pytest.mark.parametrize("name", FOUND)
def test_without_proof_the_same_definitions_have_no_fault(name: str) -> None:
    assert run(DEFECTS / name).exit_code == 0


def test_what_follows_from_a_dead_page_is_said_below_it() -> None:
    told = run("--prove", DEFECTS / "page_never_shown").stderr
    assert "It follows that:" in told
    assert "the flag F1 “Title of F1” can never be raised" in told


def test_a_proof_can_be_read_by_other_programs() -> None:
    done = run("--json", DEFECTS / "implied_rule")
    assert done.exit_code == 1
    (finding,) = json.loads(done.stdout)["projects"]["findings"]
    assert finding["kind"] == "implied"
    assert finding["name"] == "F2>F1"


def test_what_a_changed_questionnaire_touches_is_proven_without_walks() -> None:
    for _ in range(2):
        done = run("--changed", "q", DEFECTS / "page_never_shown")
        assert done.exit_code == 1
        assert "the page “Second” can never be shown" in done.stderr
        assert "walks" not in done.stdout
    assert re.search(r"\d+ claims \([1-9]\d* of them as proven before\), 1 finding", done.stdout)


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_questionnaire_that_there_is_not_is_refused(options: list[str]) -> None:
    done = run(*options, "--changed", "nosuch", DEFECTS / "page_never_shown")
    assert done.exit_code == 2
    assert "nosuch is none of q" in done.output


@pytest.mark.parametrize("name", FOUND)
def test_what_pages_show_of_a_finding_are_plain_sentences(name: str) -> None:
    (finding,) = json.loads(run("--json", DEFECTS / name).stdout)["projects"]["findings"]
    heads = [finding["says"], *finding["follows"]]
    assert [each for each in heads if each[0].islower()] == []
    texts = [*heads, finding["mend"], *(line["says"] for line in finding["lines"])]
    assert [each for each in texts if each.endswith(".") or set("`<>") & set(each)] == []
    assert bool(finding["lines"]) is (finding["witness"] is None and name != "document_nowhere")


JUDGED = {  # what only an editor can decide
    "always_true",
    "band_out_of_reach",
    "document_nowhere",
    "duplicate_rules",
    "outcome_out_of_reach",
    "placeholder_without_value",
    "row_outcome_out_of_reach",
    "stage_never_closed",
    "text_never_printed",
}


@pytest.mark.parametrize("name", FOUND)
def test_after_the_one_change_that_mends_it_nothing_is_found(name: str, tmp_path: Path) -> None:
    (finding,) = json.loads(run("--json", DEFECTS / name).stdout)["projects"]["findings"]
    edit = finding["edit"]
    assert (edit is None) is (name in JUDGED)
    if edit is None:
        return
    shutil.copytree(DEFECTS / name, tmp_path, dirs_exist_ok=True)
    path = tmp_path / edit["file"]
    before = File.of(path.read_bytes())
    path.write_bytes(before.put(tuple(edit["path"]), edit["value"]).content)
    done = run("--prove", tmp_path)
    assert (done.exit_code, done.stderr) == (0, "")


# Proofs of small catalogues


def proof_of(*questions: Any, rules: Any = None, **more: Any) -> Proof:
    return prove(definitions_of(tiny(questions, rules or {"flags": []})), ON, **more)


def names(proof: Proof) -> set[tuple[str, str]]:
    return {(each.kind, each.name) for each in proof.findings}


def test_the_nearest_mend_is_another_value_before_the_opposite_of_a_line() -> None:
    is_x = {"id": "c.x", "title": "It is X", "when": {"===": [{"var": "a.kind"}, "x"]}}
    both = flag({"and": [{"var": "c.x"}, {"===": [{"var": "a.kind"}, "y"]}]}, "A")
    (finding,) = proof_of(KIND, rules={"conditions": [is_x], "flags": [both]}).findings

    assert finding.mend == "it could be if “Which kind?” is “X”, instead of: “Which kind?” is “Y”"


def test_an_implication_that_is_accepted_is_no_finding() -> None:
    a = flag({"===": [{"var": "a.kind"}, "x"]}, "A", implies=["B"])
    b = flag({"!==": [{"var": "a.yes"}, "unsure"]}, "B")
    wide = flag({"in": [{"var": "a.kind"}, ["x", "y"]]}, "B")
    kind = {**KIND, "options": {"x": "X", "y": "Y", "z": "Z"}}
    assert names(proof_of(kind, rules={"flags": [a, wide]})) == set()
    assert ("implies", "A>B") in names(proof_of(kind, YES, rules={"flags": [a, b]}))


def test_flags_of_another_severity_may_imply_each_other() -> None:
    matrix = {
        "id": "m", "title": "M", "likelihood": {"l": "L"}, "severity": {"s": "S", "t": "T"},
        "ratings": {"r": "R"}, "cells": {"s": {"l": "r"}, "t": {"l": "r"}},
    }  # fmt: skip
    kind = {**KIND, "options": {"x": "X", "y": "Y", "z": "Z"}}
    grave = flag({"===": [{"var": "a.kind"}, "x"]}, "A", severity="t", likelihood="l")
    light = flag({"in": [{"var": "a.kind"}, ["x", "y"]]}, "B", severity="s", likelihood="l")
    assert names(proof_of(kind, rules={"flags": [grave, light], "matrices": [matrix]})) == set()


def test_a_score_over_any_number_is_not_analysed_and_said_so() -> None:
    number = {"id": "a.number", "type": "number", "ask": "How many?"}
    score = {"id": "b.double", "title": "Double", "value": {"sum": [{"var": "a.number"}, 1]}}
    rules = {"scores": [score], "flags": [flag({">": [{"var": "b.double"}, 7]})]}
    proof = proof_of(number, rules=rules)
    assert proof.findings == ()
    assert ("raised", "F1") in proof.witnesses or proof.not_analysed
    for _, why in proof.not_analysed:
        assert "a.number" in why


@pytest.mark.parametrize(("least", "raised"), [(3, True), (4, False)])
def test_a_number_of_few_values_is_followed_through_a_score(least: int, *, raised: bool) -> None:
    number = {"id": "a.number", "type": "number", "ask": "How many?", "min": 0, "max": 2}
    score = {"id": "b.more", "title": "More", "value": {"sum": [{"var": "a.number"}, 1]}}
    rules = {"scores": [score], "flags": [flag({">=": [{"var": "b.more"}, least]})]}
    proof = proof_of(number, rules=rules)
    assert (("raised", "F1") in proof.witnesses) is raised
    assert proof.not_analysed == ()
    assert [(each.low, each.high) for each in proof.ranges] == [(1, 3)]


def test_hidden_answers_do_not_raise_the_range_of_a_score() -> None:
    shown = {"===": [{"var": "a.kind"}, "x"]}
    hidden = {**KIND, "id": "a.more", "show_if": {"===": [{"var": "a.kind"}, "y"]}}
    only = {**KIND, "id": "a.other", "show_if": shown}
    parts = [{"points": "a.more"}, {"points": "a.other"}]
    score = {"id": "b.sum", "title": "Sum", "value": {"sum": parts}, "points": {"x": 1, "y": 3}}
    proof = proof_of(KIND, hidden, only, rules={"scores": [score], "flags": []})
    assert [(each.low, each.high) for each in proof.ranges] == [(1, 3)]


def test_days_since_a_date_are_followed() -> None:
    day = {"id": "a.day", "type": "date", "ask": "When?"}
    score = {"id": "b.days", "title": "Days", "value": {"days": ["a.day", "today"]}}
    rules = {"scores": [score], "flags": [flag({">": [{"var": "b.days"}, 365]})]}
    proof = proof_of(day, rules=rules)
    assert proof.findings == ()
    found = facts(tiny([day], rules).program, proof.witnesses["raised", "F1"], ON)
    assert found.values["b.days"] > 365


def test_rows_are_followed_as_far_as_they_are_counted() -> None:
    rows = {"id": "a.rows", "type": "rows", "ask": "Which?", "columns": [
        {"id": "yes", "type": "yes_no", "ask": "So?", "unsure": False}]}  # fmt: skip
    count = {"count_rows": [{"var": "a.rows"}, {"===": [{"var": "yes"}, "yes"]}]}
    score = {"id": "b.count", "title": "Count", "value": count}
    rules = {"scores": [score], "flags": [flag({">=": [{"var": "b.count"}, 6]})]}
    proof = proof_of(rows, rules=rules)
    assert proof.findings == ()
    assert len(proof.witnesses["raised", "F1"]["a.rows"]) >= 6
    assert proof.more_rows == {"a.rows": 7}


def test_only_what_a_changed_question_touches_is_proven() -> None:
    rules = {"flags": [flag({"===": [{"var": "a.kind"}, "x"]}, "A"),
                       flag({"===": [{"var": "a.yes"}, "yes"]}, "B")]}  # fmt: skip
    part = proof_of(KIND, YES, rules=rules, about={"a.kind"})
    assert ("raised", "A") in part.witnesses
    assert ("raised", "B") not in part.witnesses


# What witnesses are good for

RULES = {"flags": [flag({"and": [{"===": [{"var": "a.kind"}, "x"]}, {"===": [{"var": "a.yes"}, "yes"]}]}),
                   flag({"===": [{"var": "a.kind"}, "y"]}, "F2")]}  # fmt: skip


def test_every_flag_gets_an_example_that_raises_it_and_holds_no_more_than_it_needs() -> None:
    more = {**YES, "id": "a.other"}
    catalogue = tiny([KIND, YES, more], RULES)
    made = definitions_of(catalogue)
    found = examples(made, prove(made, ON), ON)
    assert found["F1"] == {"a.kind": "x", "a.yes": "yes"}
    assert found["F2"] == {"a.kind": "y"}
    assert smallest(made, "F2", {"a.kind": "y", "a.yes": "no"}, ON) == {"a.kind": "y"}
    assert outcome(catalogue, found["F1"]) == "raised"


def test_coverage_counts_the_answers_that_raise_each_flag() -> None:
    catalogue = tiny([KIND, YES], RULES)
    several = [{"a.kind": "y"}, {"a.kind": "y", "a.yes": "no"}]
    found = [evaluate(catalogue, each) for each in several]
    assert coverage(definitions_of(catalogue), found) == {"F1": 0, "F2": 2}


def test_pairs_of_options_that_can_meet_meet_in_some_case_and_the_others_are_said() -> None:
    late = {**YES, "id": "a.late", "show_if": {"===": [{"var": "a.kind"}, "x"]}}
    catalogue = tiny([KIND, YES, late])
    cases = pairwise(definitions_of(catalogue), "q", ON)
    met = {
        frozenset({(a, each[a]), (b, each[b])})
        for each in cases.answers
        for a in ("a.kind", "a.yes", "a.late")
        for b in ("a.kind", "a.yes", "a.late")
        if a != b and a in each and b in each
    }
    assert len(met) == cases.covered == 2 * 3 + 3 * 1 + 3 * 3
    assert {pair[0] for pair in cases.never} == {("a.kind", "y")}
    assert len(cases.answers) < cases.covered


# The pieces


def test_a_gate_holds_exactly_if_its_parts_do() -> None:
    formula = Formula()
    a, b, c = (formula.new() for _ in range(3))
    two = formula.at_least(2, [a, b, c])
    one = formula.some([a, b])
    oracle = Oracle(formula)
    assert not oracle.holds([two, -a, -b])
    assert not oracle.holds([-two, a, c])
    assert oracle.holds([two, a, c, -b])
    assert not oracle.holds([one, -a, -b])
    assert formula.every([a, -a]) == -1


def test_a_witness_that_does_not_replay_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(World, "answers", lambda _self, _model: {})
    found = proof_of(KIND, rules={"flags": [flag({"===": [{"var": "a.kind"}, "x"]})]})
    assert {each.kind for each in found.findings} >= {"replay"}


@pytest.mark.parametrize("name", FOUND)
def test_every_witness_replays(name: str) -> None:
    from app.catalogue import load

    made = definitions_of(load(DEFECTS / name))
    proof = prove(made, ON)
    claims = {(claim.kind, claim.name): claim for claim in (*all_claims(made), *never_claims(made))}
    assert proof.witnesses
    for key, answers in proof.witnesses.items():
        assert Replay(facts(made.program, answers, ON)).shows(claims[key]), key
