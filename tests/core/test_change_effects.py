"""What a change does to projects: nothing is passed over that a full comparison would find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.actions.assessments import About, document, evaluate, told
from app.catalogue import Catalogue, compile_catalogue, read_files
from app.core.difference.documents import documents
from app.core.difference.effects import (
    ASK,
    DOCUMENT,
    FLAG,
    HIDDEN,
    LOOK,
    SIGNATURE,
    Effect,
    effects,
    evaluated,
)
from app.core.difference.fitting import under_new_names
from app.core.difference.graph import Graph
from app.core.difference.printed import printed as rests_on
from app.core.difference.reach import Reach, reach
from app.core.difference.signs import DECISION
from app.core.walks import walk
from app.settings import content_root
from tests.core.changing import GONE, NO, YES, Path, compiled, edited, whole
from tests.core.test_difference import (
    BAND,
    BLOCKS,
    COLUMNS,
    CONDITION,
    LEVELS,
    MANY,
    MATRIX,
    NEW_FLAG,
    NEW_QUESTION,
    NUMBER,
    OTHER,
    PICK,
    QUESTIONS,
    REASON,
    ROUTE,
    SCORE,
    SO,
)
from tests.core.test_difference import (
    DECISION as DECIDED,
)
from tests.core.test_difference import (
    FLAG as RULE,
)
from tests.shipped import shipped_catalogue

ON = date(2026, 6, 1)
WALKS = 40
MOST = {"===": [{"var": "a.band"}, "most"]}

CHANGES: dict[str, tuple[tuple[Path, Any], ...]] = {
    "other words": (((*SO, "ask"), "Is it?"),),
    "another short name": (((*SO, "name"), "Other"),),
    "a hint": (((*SO, "hint"), "Other"),),
    "another label": (((*BAND, "options", "most"), "The most"),),
    "an option more": (((*MANY, "options", "three"), "Three"),),
    "an option less": (((*MANY, "options", "two"), GONE),),
    "a question more": (((*QUESTIONS, "+"), NEW_QUESTION),),
    "a question less": ((REASON, GONE),),
    "asked otherwise": (((*MANY, "show_if"), NO),),
    "asked always": (((*MANY, "show_if"), GONE),),
    "tighter bounds": (((*NUMBER, "max"), 20),),
    "another type": (((*NUMBER, "type"), "text"), ((*NUMBER, "min"), GONE), ((*NUMBER, "max"), GONE), ((*NUMBER, "unit"), GONE), ((*NUMBER, "decimals"), GONE)),
    "a column more": (((*COLUMNS, "+"), {"id": "more", "type": "text", "ask": "More?"}),),
    "a column less": (((*COLUMNS, 3), GONE),),
    "a column asked otherwise": (((*COLUMNS, 3, "show_if"), {"===": [{"var": "likely"}, "rare"]}),),
    "a rating": (((*MATRIX, "cells", "mild", "often"), "high"),),
    "steps up otherwise": (((*MATRIX, "step_up", "when"), YES),),
    "a named condition": (((*CONDITION, "when"), MOST),),
    "a rule": (((*RULE, "when"), MOST),),
    "a rule of nobody": (((*RULE, "when"), {"and": [YES, NO]}),),
    "a rule more": (((*RULE[:-1], "+"), NEW_FLAG),),
    "a rule less": ((OTHER, GONE),),
    "the severity": (((*RULE, "severity"), "mild"),),
    "not confirmed": (((*RULE, "checked"), False),),
    "not in force yet": (((*RULE, "effective_from"), "2080-01-01"),),
    "points": (((*SCORE, "points", "most"), 9),),
    "levels": (((*LEVELS, 1, "from"), 4),),
    "a decision": (((*DECIDED, "outcomes", 0, "when"), {"===": [{"var": "a.band"}, "little"]}),),
    "a label of a decision": (((*DECIDED, "outcomes", 0, "label"), "Other"),),
    "the route": (((*ROUTE, "when"), YES),),
    "the documents of a route": (((*ROUTE, "documents"), []), (("questionnaires/pipeline.yaml", "stages", 0, "documents"), [])),
    "a block": (((*BLOCKS, "+"), {"text": "The end."}),),
    "when a document is offered": ((("outputs/note.yaml", "if"), NO),),
    "an offer": (((*PICK, "offer"), GONE),),
    "the words of an entry": ((("rules/r.yaml", "offers", 0, "entries", 0, "title"), "Other"),),
    "who takes part": ((("questionnaires/pipeline.yaml", "people", "lead", "title"), "Head"),),
}  # fmt: skip


@cache
def changed(name: str) -> Catalogue:
    """The small catalogue after one of these changes."""
    return compiled(edited(*CHANGES[name]))


@cache
def walked(seed: int) -> dict[str, Any]:
    """Answers as somebody might give them; some stop early."""
    found = walk(whole().program, seed, ON, share=(1.0, 0.6, 1.0, 0.3)[seed % 4])
    return {id_: found.values[id_] for id_ in found.shown if id_ in found.values}


def found_by(how: Reach, answers: dict[str, Any]) -> set[Effect]:
    """What a change does, but for documents."""
    both = evaluated(how, answers, ON)
    return set(effects(how, both)) if both is not None else set()


def papers_by(how: Reach, answers: dict[str, Any]) -> set[str]:
    """The documents that print otherwise, or are offered otherwise."""
    both = evaluated(how, answers, ON)
    return {each.id for each in documents(how, both)} if both is not None else set()


def everything(old: Catalogue, new: Catalogue) -> Reach:
    """As if all of it were touched."""
    both = old.program, new.program
    facts = frozenset(id_ for program in both for id_ in program.scope)
    documents = [
        (name, rests_on(outline, each, Graph(each.program)))
        for each in (old, new)
        for name, outline in each.outlines.items()
    ]
    outlines = dict(documents)
    return replace(
        reach(old, new),
        values=facts,
        flags=frozenset(each.rule.id for program in both for each in program.flags),
        outlines={name: found.join(outlines[name]) for name, found in reversed(documents)},
        changed=facts,
        parts=both,
        first=both,
    )


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(CHANGES)), st.integers(0, WALKS - 1))
def test_what_is_not_looked_at_hides_nothing(name: str, seed: int) -> None:
    new, answers = changed(name), walked(seed)

    assert found_by(reach(whole(), new), answers) == found_by(everything(whole(), new), answers)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(CHANGES)), st.integers(0, WALKS - 1))
def test_a_document_that_prints_otherwise_is_told(name: str, seed: int) -> None:
    new, answers = changed(name), walked(seed)
    how = reach(whole(), new)
    both = evaluated(how, answers, ON)
    carried = both.fitted.answers if both is not None else answers
    before, after = printed(whole(), answers), printed(new, dict(carried))
    differ = {name for name in {**before, **after} if before.get(name) != after.get(name)}

    assert differ <= papers_by(how, answers)


def printed(catalogue: Catalogue, answers: dict[str, Any]) -> dict[str, str]:
    """Every document that is offered, as it prints, but for the release and the hash."""
    from app.actions.assessments import documents as offered

    evaluation = evaluate(catalogue, answers, ON)
    record = told(evaluation, About())
    bare = record.__class__(
        **{
            **{name: getattr(record, name) for name in record.__dataclass_fields__},
            "control": _bare(record.control),
        }
    )
    return {
        name: repr(document(catalogue, bare, name).blocks)
        for name in offered(catalogue, evaluation.facts, evaluation.route)
    }


def _bare(control: Any) -> Any:
    from dataclasses import replace

    return replace(control, release="", content_hash="")


# Each kind of effect


def of(name: str, answers: dict[str, Any]) -> set[tuple[str, str]]:
    """The kinds of effect and what they are about."""
    return {(each.kind, each.id) for each in found_by(reach(whole(), changed(name)), answers)}


YES_MANY = {"a.yes": "yes", "a.many": ["two"], "a.band": "most"}


@pytest.mark.parametrize(
    ("name", "answers", "expected"),
    [
        ("other words", YES_MANY, set()),
        ("a hint", YES_MANY, set()),
        ("an option more", YES_MANY, {(LOOK, "a.many")}),
        ("an option more", {"a.yes": "yes"}, set()),
        ("an option less", YES_MANY, {(ASK, "a.many")}),
        ("an option less", {**YES_MANY, "a.many": ["one"]}, set()),
        ("a question more", YES_MANY, {(ASK, "a.new")}),
        ("a question less", {"a.pick": "rail", "a.reason": "So."}, {(HIDDEN, "a.reason")}),
        ("a question less", {"a.pick": "rail"}, set()),
        ("asked otherwise", YES_MANY, {(HIDDEN, "a.many")}),
        ("tighter bounds", {"a.number": 40}, {(ASK, "a.number")}),
        ("tighter bounds", {"a.number": 20}, set()),
        ("a rule more", {"a.yes": "yes"}, {(FLAG, "F3")}),
        ("a rule more", {"a.yes": "no"}, set()),
        ("a rule more", {}, {(FLAG, "F3")}),
        ("a rule less", {"a.yes": "yes", "a.band": "most"}, {(FLAG, "F2")}),
        ("a rule less", {"a.yes": "no"}, set()),
        ("the severity", {"a.yes": "no"}, set()),
        ("not confirmed", {"a.yes": "yes"}, {(FLAG, "F1")}),
        ("points", {"a.band": "most", "a.why": "So."}, {("score", "s.band"), ("score", "s.sum")}),
        ("points", {"a.band": "little", "a.why": "So."}, set()),
        ("a decision", {"a.yes": "yes", "a.band": "most"}, {(DECISION, "d.which")}),
        ("the route", {"a.yes": "yes"}, {(DECISION, "x.route")}),
    ],
)
def test_what_a_change_does(
    name: str, answers: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    assert of(name, answers) == expected


def test_what_was_lost_of_an_answer_is_said() -> None:
    (lost,) = found_by(reach(whole(), changed("an option less")), YES_MANY)

    assert lost == Effect(ASK, "a.many", "Answered “Two”", "To be answered again")


def test_what_people_wrote_is_not_said() -> None:
    change = reach(
        whole(), compiled(edited(((*BLOCKS,), lambda b: b), ((*QUESTIONS, 5, "check"), "postcode")))
    )
    (lost,) = found_by(change, {"a.text": "me@example.invalid"})

    assert (lost.kind, lost.before) == (ASK, "Answered")


def test_cells_of_rows_are_hidden_and_asked_by_column() -> None:
    rows = {"a.rows": [{"id": 1, "what": "Names", "likely": "often", "bad": "mild", "how": "post"}]}

    assert of("a column less", rows) == {(HIDDEN, "a.rows/how")}
    assert of("a column more", rows) == {(ASK, "a.rows/more")}
    assert of("a column asked otherwise", rows) == {(HIDDEN, "a.rows/how")}


def test_a_signed_document_is_never_changed_its_signatures_are_out_of_date() -> None:
    how = reach(whole(), changed("a block"))
    both = evaluated(how, YES_MANY, ON)
    assert both is not None

    assert {each.kind for each in documents(how, both)} == {DOCUMENT}
    assert {each.kind for each in documents(how, both, {"note"})} == {SIGNATURE}


def test_only_what_a_change_reaches_is_worked_out() -> None:
    how = reach(whole(), changed("a rule"))

    assert "F1" in how.flags
    assert not how.values
    assert len(how.first[0].nodes) < len(whole().program.nodes)


def test_a_change_of_a_comment_reaches_nothing() -> None:
    assert reach(whole(), whole()).nothing


def test_what_was_renamed_is_the_same_under_its_new_name() -> None:
    files = {name: bytes(text) for name, text in whole().files.items()}
    names = {"a.yes": "a.so", "a.many": "a.several"}
    old = compile_catalogue(under_new_names(files, names))

    assert "a.so" in old.program.questions
    assert not any(name in old.program.questions for name in names)
    assert under_new_names(files, {"a.ye": "b.ye"}) == files


# The shipped definitions


@cache
def shipped() -> Catalogue:
    return shipped_catalogue()


@cache
def shipped_walk(seed: int) -> dict[str, Any]:
    catalogue = shipped()
    last = catalogue.pipeline.route.outcomes[-1].code
    toward = (catalogue.pipeline.route.id, last) if seed % 2 else None
    found = walk(catalogue.program, seed, ON, toward, 1.0 if seed % 3 else 0.3)
    return {id_: found.values[id_] for id_ in found.shown if id_ in found.values}


def shipped_changes() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Changes of the shipped files: a gate let go, a rule that looks at something else."""
    files = read_files(content_root())
    for name, text in files.items():
        lines = text.decode().split("\n") if name.endswith(".yaml") else []
        gates = [n for n, line in enumerate(lines) if line.startswith("            show_if: {")]
        if gates and name.startswith("questionnaires/") and "organisations" not in name:
            kept = [line for n, line in enumerate(lines) if n != gates[len(gates) // 2]]
            yield name, {**files, name: "\n".join(kept).encode()}


SHIPPED = dict(shipped_changes())


@pytest.mark.parametrize("name", sorted(SHIPPED)[:5])
def test_nothing_is_hidden_of_a_change_of_a_shipped_file(name: str) -> None:
    new = compile_catalogue(SHIPPED[name])
    how, all_of_it = reach(shipped(), new), everything(shipped(), new)

    for seed in range(6):
        answers = shipped_walk(seed)
        assert found_by(how, answers) == found_by(all_of_it, answers)
