"""What differs between two catalogues: every change said once, with the right kind of effect."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.catalogue import (
    HOUSE_STYLE,
    BadDefinitions,
    Catalogue,
    compile_catalogue,
    read_files,
)
from app.core.difference import Effect, differences, marked, states_law
from app.core.difference.change import canonical
from app.core.difference.keys import KEYS
from app.core.models import Model
from app.core.outputs import Outline
from app.core.pipeline import DeclaredAct, Door, Pipeline, Route, Routes, Stage
from app.core.questionnaire import Page, Questionnaire, Section
from app.core.questions import Column, Question, RowOutcome, Suggestion
from app.core.register import Register, Role
from app.core.rules import (
    Bands,
    Decision,
    Entry,
    FlagRule,
    Floor,
    Level,
    Matrix,
    NamedCondition,
    Offer,
    Outcome,
    Score,
    Unless,
)
from app.settings import content_root
from tests.core.changing import GONE, NO, WHOLE, YES, Path, compiled, edited, files_of, whole
from tests.shipped import shipped_catalogue

WORDING, DOCUMENT, FLOW, SCORING, MEANING = Effect
LAW = True
Q: Path = ("questionnaires/q.yaml",)
QUESTIONS: Path = (*Q, "sections", 0, "pages", 0, "questions")
SO, MANY, BAND, WHY, NUMBER, TEXT, PICK, ROWS, REASON = ((*QUESTIONS, n) for n in range(9))
COLUMNS: Path = (*ROWS, "columns")
R: Path = ("rules/r.yaml",)
CONDITION, SCORE = (*R, "conditions", 0), (*R, "scores", 0)
LEVELS, DECISION = (*R, "bands", 0, "levels"), (*R, "decisions", 0)
OFFER, ENTRY, LOCK = (*R, "offers", 0), (*R, "offers", 0, "entries", 0), (*R, "offers", 1)
FLAG, OTHER, MATRIX = (*R, "flags", 0), (*R, "flags", 1), (*R, "matrices", 0)
P: Path = ("questionnaires/pipeline.yaml",)
ACT: Path = (*P, "acts", 0)
STAGE, ROUTE = (*P, "stages", 0), (*P, "route", "outcomes", 0)
O: Path = ("outputs/note.yaml",)  # noqa: E741 - outputs
BLOCKS: Path = (*O, "blocks")
MOST = {"===": [{"var": "a.band"}, "most"]}
NEW_QUESTION = {"id": "a.new", "type": "text", "ask": "And this?"}
NEW_FLAG = {"id": "F3", "title": "Third", "when": YES, "because": "It is new."}


def swapped(these: list[Any]) -> list[Any]:
    """The same in another order: the last two change places."""
    return [*these[:-2], these[-1], these[-2]]


def turned(mapping: dict[str, Any]) -> dict[str, Any]:
    """A mapping in another order."""
    return dict(reversed(mapping.items()))


EDITS: list[tuple[Path, Any, str, Effect, bool]] = [
    # questionnaires, sections, pages
    ((*Q, "title"), "Other", "questionnaire", WORDING, False),
    ((*Q, "about"), "Other", "questionnaire", WORDING, False),
    ((*Q, "source"), "Other", "questionnaire", WORDING, LAW),
    ((*Q, "sections", 0, "title"), "Other", "section", WORDING, False),
    ((*Q, "sections", 1, "show_if"), MOST, "section", FLOW, False),
    ((*Q, "sections", 0, "pages", 0, "title"), "Other", "page", WORDING, False),
    ((*Q, "sections", 0, "pages", 0, "intro"), "Other", "page", WORDING, False),
    ((*Q, "sections", 1, "pages", 0, "show_if"), GONE, "page", FLOW, False),
    ((*Q, "sections", 0, "pages", "+"), {"id": "e", "title": "Empty", "questions": []}, "page", FLOW, False),
    # questions
    ((*QUESTIONS, "+"), NEW_QUESTION, "question", FLOW, False),
    ((*QUESTIONS, "+"), {**NEW_QUESTION, "why": "To plan."}, "question", FLOW, False),
    ((*QUESTIONS, "+"), {**NEW_QUESTION, "source": "An Act"}, "question", FLOW, LAW),
    ((*MANY, "why"), "To plan.", "question", WORDING, False),
    (REASON, GONE, "question", FLOW, False),
    ((*QUESTIONS,), swapped, "page", FLOW, False),
    ((*Q, "sections", 1, "pages", 0, "questions", "+"), {"use": "a.text"}, "question", FLOW, False),
    ((*SO, "ask"), "Is it?", "question", WORDING, False),
    ((*SO, "name"), "Other", "question", WORDING, False),
    ((*SO, "hint"), GONE, "question", WORDING, False),
    ((*SO, "guide"), "Other", "question", WORDING, False),
    ((*SO, "why"), "Other", "question", WORDING, LAW),
    ((*SO, "source"), "Other", "question", WORDING, LAW),
    ((*SO, "required"), False, "question", FLOW, False),
    ((*SO, "for"), "dpo", "question", FLOW, False),
    ((*SO, "material"), False, "question", MEANING, False),
    ((*SO, "restricted"), True, "question", MEANING, False),
    ((*SO, "offer"), "o.list", "question", FLOW, False),
    ((*Q, "sections", 1, "pages", 0, "questions", 0, "type"), "long_text", "question", MEANING, False),
    ((*MANY, "show_if"), {"in": [{"var": "a.yes"}, ["no"]]}, "question", FLOW, False),
    ((*MANY, "show_if"), {"in": [{"var": "a.yes"}, ["yes"]]}, "question", WORDING, False),
    ((*MANY, "show_if"), GONE, "question", FLOW, False),
    ((*MANY, "options", "three"), "Three", "question", FLOW, False),
    ((*MANY, "options", "two"), GONE, "question", FLOW, False),
    ((*MANY, "options", "one"), "First", "question", WORDING, False),
    ((*MANY, "options", "two", "hint"), "Other", "question", WORDING, False),
    ((*MANY, "options"), turned, "question", WORDING, False),
    ((*BAND, "options"), turned, "question", MEANING, False),
    ((*MANY, "exclusive"), GONE, "question", FLOW, False),
    ((*MANY, "unsure"), True, "question", FLOW, False),
    ((*MANY, "suggest", 0, "when"), NO, "question", FLOW, False),
    ((*MANY, "suggest", 0, "answer"), ["two"], "question", FLOW, False),
    ((*MANY, "suggest", 0, "because"), "Other", "question", WORDING, LAW),
    ((*MANY, "suggest", "+"), {"when": NO, "answer": ["two"], "because": "So."}, "question", FLOW, LAW),
    ((*REASON, "justifies"), "a.band", "question", FLOW, False),
    ((*WHY, "prompts", "most"), "Other", "question", WORDING, False),
    ((*NUMBER, "unit"), "homes", "question", WORDING, False),
    ((*NUMBER, "min"), 1, "question", FLOW, False),
    ((*NUMBER, "max"), GONE, "question", FLOW, False),
    ((*NUMBER, "decimals"), 2, "question", FLOW, False),
    ((*TEXT, "max_length"), 90, "question", FLOW, False),
    ((*TEXT, "check"), "postcode", "question", FLOW, False),
    ((*PICK, "options_from"), "o.rows", "question", FLOW, False),
    ((*ROWS, "row_name"), "thing", "question", WORDING, False),
    ((*ROWS, "none"), "None of it", "question", FLOW, False),
    ((*COLUMNS, "+"), {"id": "more", "type": "text", "ask": "More?"}, "question", FLOW, False),
    ((*COLUMNS, 3), GONE, "question", FLOW, False),
    ((*COLUMNS, 0, "ask"), "Other?", "question", WORDING, False),
    ((*COLUMNS, 3, "show_if"), GONE, "question", FLOW, False),
    ((*COLUMNS, 3, "options", "hand"), "By hand", "question", FLOW, False),
    ((*COLUMNS, 5, "title"), "Other", "question", WORDING, False),
    ((*COLUMNS, 5, "matrix", "severity"), "worse", "question", SCORING, False),
    ((*COLUMNS, 6, "decide", 0, "when"), {"===": [{"var": "bad"}, "grave"]}, "question", MEANING, False),
    ((*COLUMNS, 6, "decide", 0, "label"), "Other", "question", WORDING, False),
    ((*COLUMNS, 1, "confirms", "right"), "often", "question", FLOW, False),
    ((*COLUMNS, 7, "look_up", "column"), "name", "question", MEANING, False),
    # rules
    ((*CONDITION, "title"), "Other", "condition", WORDING, False),
    ((*CONDITION, "when"), MOST, "condition", MEANING, False),
    ((*CONDITION, "because"), "Other", "condition", WORDING, LAW),
    ((*CONDITION, "source"), "Other", "condition", WORDING, LAW),
    ((*CONDITION, "checked"), False, "condition", MEANING, LAW),
    ((*CONDITION, "extent"), "Wales", "condition", WORDING, LAW),
    ((*CONDITION, "effective_from"), "2021-01-01", "condition", MEANING, LAW),
    ((*CONDITION, "effective_to"), GONE, "condition", MEANING, LAW),
    ((*CONDITION, "raised_by"), [], "condition", WORDING, False),
    (CONDITION, GONE, "condition", MEANING, LAW),
    ((*SCORE, "title"), "Other", "score", WORDING, False),
    ((*SCORE, "value"), {"sum": [{"points": "a.band"}, 2]}, "score", SCORING, False),
    ((*SCORE, "points", "most"), 4, "score", SCORING, False),
    ((*SCORE, "with"), [], "score", SCORING, False),
    ((*SCORE, "reported_as"), "a.other", "score", SCORING, False),
    ((*LEVELS, 1, "from"), 4, "bands", SCORING, False),
    ((*LEVELS, 0, "label"), "Other", "bands", WORDING, False),
    ((*LEVELS, 0, "text"), "Other", "bands", WORDING, False),
    ((*LEVELS, 2, "never"), "Other", "bands", WORDING, False),
    ((*LEVELS, "+"), {"code": "over", "label": "Over", "from": 20}, "bands", SCORING, False),
    ((*DECISION, "title"), "Other?", "decision", WORDING, False),
    ((*DECISION, "only_if"), GONE, "decision", MEANING, False),
    ((*DECISION, "source"), "Other", "decision", WORDING, LAW),
    ((*DECISION, "outcomes", 0, "when"), NO, "decision", MEANING, False),
    ((*DECISION, "outcomes", 0, "label"), "Other", "decision", WORDING, False),
    ((*DECISION, "outcomes", 0, "text"), "Other", "decision", WORDING, False),
    ((*DECISION, "outcomes", 0, "checked"), False, "decision", MEANING, LAW),
    ((*OFFER, "title"), "Other", "offer", WORDING, False),
    ((*OFFER, "about"), "Other", "offer", WORDING, False),
    ((*OFFER, "entries", 1, "text"), "Other", "offer", WORDING, False),
    ((*OFFER, "entries", "+"), {"code": "sea", "title": "Sea"}, "offer", MEANING, False),
    ((*OFFER, "entries", "+"), {"code": "sea", "title": "Sea", "act": "Sea Act"}, "offer", MEANING, LAW),
    ((*ENTRY, "title"), "Other", "offer", WORDING, LAW),
    ((*ENTRY, "text"), "Other", "offer", WORDING, LAW),
    ((*ENTRY, "act"), "Other Act", "offer", WORDING, LAW),
    ((*ENTRY, "section"), "s.9", "offer", WORDING, LAW),
    ((*ENTRY, "kind"), "mandatory", "offer", WORDING, LAW),
    ((*ENTRY, "who"), "nobody", "offer", WORDING, LAW),
    ((*ENTRY, "limits"), "some", "offer", WORDING, LAW),
    ((*ENTRY, "commencement"), "now", "offer", WORDING, LAW),
    ((*ENTRY, "because"), "Other", "offer", WORDING, LAW),
    ((*ENTRY, "near_miss"), "Other", "offer", WORDING, LAW),
    ((*ENTRY, "when"), NO, "offer", MEANING, False),
    ((*ENTRY, "unless", 0, "because"), "Other", "offer", WORDING, LAW),
    ((*ENTRY, "unless", 0, "when"), NO, "offer", MEANING, False),
    ((*LOCK, "where"), {"===": [{"var": "bad"}, "mild"]}, "offer", MEANING, False),
    ((*LOCK, "entries", 0, "where"), {"===": [{"var": "likely"}, "rare"]}, "offer", MEANING, False),
    ((*R, "flags", "+"), NEW_FLAG, "rule", MEANING, LAW),
    (OTHER, GONE, "rule", MEANING, LAW),
    ((*FLAG, "title"), "Other", "rule", WORDING, LAW),
    ((*FLAG, "kind"), "tolerance", "rule", MEANING, False),
    ((*FLAG, "when"), MOST, "rule", MEANING, False),
    ((*FLAG, "when"), {"and": [YES]}, "rule", MEANING, False),
    ((*FLAG, "because"), "Other", "rule", WORDING, LAW),
    ((*FLAG, "source"), "Other", "rule", WORDING, LAW),
    ((*FLAG, "checked"), False, "rule", MEANING, LAW),
    ((*FLAG, "checked_by"), "The officer", "rule", WORDING, LAW),
    ((*FLAG, "likelihood"), "rare", "rule", SCORING, False),
    ((*FLAG, "severity"), "mild", "rule", SCORING, False),
    ((*FLAG, "harm"), "Other", "rule", WORDING, False),
    ((*FLAG, "blocks"), "s", "rule", MEANING, False),
    ((*FLAG, "from"), "t", "rule", MEANING, False),
    ((*FLAG, "for"), "dpo", "rule", FLOW, False),
    ((*FLAG, "measures"), [], "rule", MEANING, False),
    ((*FLAG, "not_by"), [], "rule", WORDING, False),
    ((*OTHER, "task_until"), "s", "rule", MEANING, False),
    ((*OTHER, "implies"), [], "rule", WORDING, False),
    ((*MATRIX, "title"), "Other", "matrix", WORDING, False),
    ((*MATRIX, "source"), "Other", "matrix", WORDING, LAW),
    ((*MATRIX, "cells", "mild", "often"), "medium", "matrix", SCORING, False),
    ((*MATRIX, "ratings", "low"), "Lowest", "matrix", SCORING, False),
    ((*MATRIX, "likelihood", "rare"), "Rarely", "matrix", SCORING, False),
    ((*MATRIX, "severity", "mild"), "Mildly", "matrix", SCORING, False),
    ((*MATRIX, "floor", 0, "when"), NO, "matrix", SCORING, False),
    ((*MATRIX, "floor", 0, "label"), "Other", "matrix", WORDING, False),
    ((*MATRIX, "step_up", "when"), NO, "matrix", SCORING, LAW),
    # the pipeline
    ((*P, "title"), "Other", "pipeline", WORDING, False),
    ((*P, "people", "dpo", "title"), "Officer", "pipeline", FLOW, False),
    ((*P, "names", "flows"), "a.rows", "pipeline", MEANING, False),
    ((*P, "quick"), ["a.yes", "a.band"], "pipeline", FLOW, False),
    ((*P, "in_short"), [], "pipeline", WORDING, False),
    ((*P, "not_counted"), ["later"], "pipeline", FLOW, False),
    ((*P, "feedback"), ["a.text"], "pipeline", WORDING, False),
    ((*P, "reuse"), {"choose_again": ["a.pick"], "wording": []}, "pipeline", FLOW, False),
    ((*P, "signed"), {"kind": "l.paper", "file": "l.file", "on": "l.day", "by": "a.text", "stands_for": {"deal": ["s"]}}, "pipeline", FLOW, False),
    ((*P, "readers", "all"), "For all", "pipeline", DOCUMENT, False),
    ((*P, "legislation"), {"Act 1": "https://law.example/ukpga/1"}, "pipeline", WORDING, False),
    ((*STAGE, "title"), "Other", "pipeline", WORDING, False),
    ((*STAGE, "about"), "Other", "pipeline", WORDING, False),
    ((*STAGE, "takes_part"), ["lead", "dpo"], "pipeline", FLOW, False),
    ((*STAGE, "closed_by"), "dpo", "pipeline", FLOW, False),
    ((*STAGE, "needs"), ["dpo_advice"], "pipeline", FLOW, False),
    ((*STAGE, "documents"), [], "pipeline", DOCUMENT, False),
    ((*P, "stages", 1, "signed"), GONE, "pipeline", DOCUMENT, False),
    ((*STAGE, "within"), 14, "pipeline", FLOW, False),
    ((*ACT, "title"), "Other", "pipeline", WORDING, False),
    ((*ACT, "about"), "Other", "pipeline", WORDING, False),
    ((*ACT, "does"), "other", "pipeline", WORDING, False),
    ((*ACT, "done"), "other", "pipeline", WORDING, False),
    ((*ACT, "stages"), ["s", "t"], "pipeline", FLOW, False),
    ((*ACT, "by"), ["dpo"], "pipeline", FLOW, False),
    ((*ACT, "each"), "controller", "pipeline", FLOW, False),
    ((*ACT, "ask"), "Other?", "pipeline", WORDING, False),
    ((*ACT, "choices", "whole"), "Wholly", "pipeline", MEANING, False),
    ((*ACT, "words"), "Other?", "pipeline", WORDING, False),
    ((*ACT, "explain"), [], "pipeline", FLOW, False),
    ((*ACT, "must_say"), True, "pipeline", FLOW, False),
    ((*ACT, "after"), ["dpo_advice"], "pipeline", FLOW, False),
    ((*ACT, "apart_from"), ["dpo_advice"], "pipeline", FLOW, False),
    ((*ACT, "answers"), {"a.text": "who"}, "pipeline", FLOW, False),
    ((*P, "acts", 1, "adopts"), GONE, "pipeline", FLOW, False),
    ((*ACT, "asked_if"), "c.so", "pipeline", FLOW, False),
    ((*ACT, "opens"), {"whole": "note"}, "pipeline", FLOW, False),
    ((*P, "acts", 1), GONE, "pipeline", FLOW, False),
    ((*P, "acts"), swapped, "pipeline", WORDING, False),
    ((*ROUTE, "label"), "Other", "pipeline", WORDING, False),
    ((*ROUTE, "when"), YES, "pipeline", FLOW, False),
    ((*ROUTE, "limits", "lead"), 40, "pipeline", FLOW, False),
    ((*ROUTE, "text"), "Other", "pipeline", WORDING, False),
    ((*P, "route", "outcomes", 1, "optional"), ["later"], "pipeline", FLOW, False),
    ((*P, "route", "title"), "Way", "pipeline", WORDING, False),
    ((*P, "doors", 0, "text"), "Other", "pipeline", WORDING, False),
    ((*P, "doors", 0, "answers"), {}, "pipeline", FLOW, False),
    # documents
    ((*O, "title"), "Other", "document", DOCUMENT, False),
    ((*O, "marking"), "OFFICIAL-SENSITIVE", "document", DOCUMENT, False),
    ((*O, "if"), GONE, "document", DOCUMENT, False),
    ((*O, "restricted"), True, "document", DOCUMENT, False),
    ((*O, "gaps"), "named", "document", DOCUMENT, False),
    ((*O, "for"), GONE, "document", DOCUMENT, False),
    ((*O, "subtitle"), GONE, "document", DOCUMENT, False),
    ((*BLOCKS, 0, "heading"), "Other", "document", DOCUMENT, False),
    ((*BLOCKS, 1, "text"), "It is named {x.title}.", "document", DOCUMENT, False),
    ((*BLOCKS, 1, "else", 0, "text"), "Nameless.", "document", DOCUMENT, False),
    ((*BLOCKS, 2, "bullets"), ["First"], "document", DOCUMENT, False),
    ((*BLOCKS, 3, "answers"), ["a.yes"], "document", DOCUMENT, False),
    ((*BLOCKS, 4, "except"), [], "document", DOCUMENT, False),
    ((*BLOCKS, 5, "columns"), ["what", "likely"], "document", DOCUMENT, False),
    ((*BLOCKS, 6, "lines", 0, 0), "Which", "document", DOCUMENT, False),
    ((*BLOCKS, 7, "if"), NO, "document", DOCUMENT, False),
    ((*BLOCKS, 7, "if"), {"in": [{"var": "a.yes"}, ["yes"]]}, "document", DOCUMENT, False),
    ((*BLOCKS, 7, "blocks", 0, "text"), "It surely is so.", "document", DOCUMENT, False),
    ((*BLOCKS, 8, "where"), {"===": [{"var": "kind"}, "board"]}, "document", DOCUMENT, False),
    ((*BLOCKS, 8, "blocks", 0, "schedule"), "Of {name}", "document", DOCUMENT, False),
    ((*BLOCKS, 9, "locked"), False, "document", DOCUMENT, False),
    ((*BLOCKS, 9, "parts", 1, "text"), "and there", "document", DOCUMENT, False),
    ((*BLOCKS, 9, "then", 0, "text"), "And less.", "document", DOCUMENT, False),
    ((*BLOCKS, 10, "fields", "What"), "{a.text}", "document", DOCUMENT, False),
    ((*BLOCKS, 14, "header"), ["Which", "Why"], "document", DOCUMENT, False),
    ((*BLOCKS, 15), GONE, "document", DOCUMENT, False),
    ((*BLOCKS, "+"), {"text": "The end."}, "document", DOCUMENT, False),
    ((*BLOCKS,), swapped, "document", DOCUMENT, False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "kind", "effect", "law"),
    EDITS,
    ids=["/".join(map(str, path[1:])) + f"#{n}" for n, (path, *_) in enumerate(EDITS)],
)
def test_an_edit_is_one_change_with_its_effect(
    path: Path, value: Any, kind: str, effect: Effect, law: bool
) -> None:
    found = differences(whole(), compiled(edited((path, value))))

    (change,) = found
    assert (change.kind, change.effect, change.law) == (kind, effect, law)
    assert change.before != change.after
    assert change.file == path[0]


def test_the_table_has_an_edit_for_every_key_but_those_that_name_something() -> None:
    named = {"id", "code", "route", "identifier"}
    keys = {
        name.rstrip("_") for model in KEYS for name in KEYS[model] if model not in (Register, Role)
    } - named
    edited_keys = {part for path, *_ in EDITS for part in path if isinstance(part, str)}

    assert len(EDITS) > 180
    assert keys - edited_keys <= LEFT_OUT


LEFT_OUT = {
    *("unsure_shows", "columns", "rows", "otherwise", "band", "each", "supposed", "on_every_route"),
    *("previews", "questionnaires", "stages", "leaves_out", "advice", "file", "about", "contents"),
    *("as", "at_most", "rating", "kind", "checked", "gives", "name"),
}
"""Keys that cannot change alone, or that another test changes."""


@pytest.mark.parametrize(
    "model",
    [
        *(Questionnaire, Section, Page, Question, Column, Suggestion, RowOutcome, NamedCondition),
        *(Level, Bands, Score, Outcome, Decision, Unless, Entry, Offer, FlagRule, Floor, Matrix),
        *(Stage, DeclaredAct, Route, Routes, Door, Pipeline, Register, Role, Outline),
    ],
)
def test_every_key_of_a_definition_has_a_name_and_an_effect(model: type[Model]) -> None:
    deep = {
        *("sections", "pages", "questions", "columns", "options", "suggest", "decide", "levels"),
        *("outcomes", "entries", "unless", "floor", "stages", "route", "doors", "roles", "blocks"),
        *("converters", "acts"),
    }
    known = {name for each in model.__mro__ for name in KEYS.get(each, {})}

    assert set(model.model_fields) - known <= deep


def test_nothing_differs_from_itself() -> None:
    assert differences(whole(), whole()) == ()
    assert not states_law(())


def test_the_shipped_catalogue_does_not_differ_from_itself() -> None:
    files = read_files(content_root())

    assert differences(compile_catalogue(files), compile_catalogue(files)) == ()


def test_comments_and_layout_are_no_change() -> None:
    files = files_of(WHOLE)
    laid_out = {**files, "rules/r.yaml": b"# a comment\n" + files["rules/r.yaml"] + b"\n\n"}

    assert differences(whole(), compile_catalogue(laid_out)) == ()


def test_files_that_come_and_go_are_told() -> None:
    less = edited()
    del less["outputs/note.yaml"]
    for stage in less["questionnaires/pipeline.yaml"]["stages"]:
        stage.pop("signed", None)
        stage["documents"] = []
    for route in less["questionnaires/pipeline.yaml"]["route"]["outcomes"]:
        route["documents"] = []
    kinds = [(each.kind, each.part) for each in differences(whole(), compiled(less))]

    assert ("document", "removed") in kinds
    assert ("document", "added") in [
        (each.kind, each.part) for each in differences(compiled(less), whole())
    ]


def test_a_rule_in_another_file_is_moved_and_not_new() -> None:
    moved = edited()
    moved["rules/more.yaml"] = {"flags": [moved["rules/r.yaml"]["flags"].pop()]}
    found = differences(whole(), compiled(moved))

    assert [(each.id, each.part, each.effect) for each in found if each.kind == "rule"] == [
        ("F2", "file", WORDING)
    ]


def test_the_house_style_is_a_change_of_documents() -> None:
    files = files_of(WHOLE)
    (change,) = differences(whole(), compile_catalogue({**files, HOUSE_STYLE: b"styles"}))

    assert (change.kind, change.effect) == ("document", DOCUMENT)


def test_what_organisations_are_asked_is_compared_too() -> None:
    files = read_files(content_root())
    path = "questionnaires/organisations/set_up.yaml"
    text = files[path].decode()
    title = text.split("title: ", 1)[1].split("\n", 1)[0]
    other = text.replace(f"title: {title}", "title: Other", 1).encode()
    (change,) = differences(compile_catalogue(files), compile_catalogue({**files, path: other}))

    assert (change.kind, change.effect, change.after) == ("questionnaire", WORDING, "Other")
    assert change.where.startswith("What organisations say")


def test_a_renamed_question_is_one_change_where_a_converter_says_so() -> None:
    renamed = compile_catalogue(
        {name: text.replace(b'"a.text"', b'"a.address"') for name, text in files_of(WHOLE).items()}
    )
    (change,) = differences(whole(), renamed, {"a.text": "a.address"})
    apart = differences(whole(), renamed)

    assert (change.kind, change.part, change.before, change.after) == (
        "question",
        "id",
        "a.text",
        "a.address",
    )
    assert {each.part for each in apart if each.kind == "question"} == {"added", "removed"}


def test_a_condition_is_said_in_english_on_both_sides() -> None:
    (change,) = differences(whole(), compiled(edited(((*FLAG, "when"), MOST))))

    assert change.before == "Raised if “So” is “Yes”"
    assert change.after == "Raised if “How much?” is “Most”"
    assert change.where == "Rule F1: A flag"


def test_a_condition_written_otherwise_is_only_wording_and_says_so() -> None:
    other = {"in": [{"var": "a.yes"}, ["yes"]]}
    (change,) = differences(whole(), compiled(edited(((*FLAG, "when"), other))))

    assert change.effect is WORDING
    assert change.after == "Raised if “So” is “Yes” (written in another way)"


def test_an_option_that_comes_is_counted_and_named() -> None:
    (change,) = differences(whole(), compiled(edited(((*MANY, "options", "three"), "Three"))))

    assert (change.before, change.after) == ("3 options", "4 options. Three")


# Whatever differs is told

LEAVES = st.sampled_from(
    ["Other words", "yes", "a.band", "trust", "t", 3, True, False, [], {}, "low"]
)


def paths(value: Any, at: Path = ()) -> list[Path]:
    """Every place in a definition."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [
        *([at] if at else []),
        *(path for key, each in inner for path in paths(each, (*at, key))),
    ]


PLACES = [path for path in paths(WHOLE) if len(path) > 1]


@st.composite
def mutations(draw: st.DrawFn) -> dict[str, Any]:
    """The catalogue with something left out, put instead, doubled or turned round."""
    path = draw(st.sampled_from(PLACES))
    other = copy.deepcopy(WHOLE)
    at: Any = other
    for part in path[:-1]:
        at = at[part]
    now, how = at[path[-1]], draw(st.sampled_from(["out", "put", "twice", "turn"]))
    if how == "out":
        del at[path[-1]]
    elif how == "twice" and isinstance(at, list):
        at.append(copy.deepcopy(now))
    elif how == "turn" and isinstance(now, dict | list):
        at[path[-1]] = turned(now) if isinstance(now, dict) else list(reversed(now))
    else:
        at[path[-1]] = draw(LEAVES)
    return other


def test_a_question_of_no_type_that_a_document_walks_through_is_a_fault_and_no_crash() -> None:
    with pytest.raises(BadDefinitions, match="there is no type"):
        compiled(edited(((*ROWS, "type"), "table")))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(mutations())
def test_nothing_differs_without_being_told(mutated: dict[str, Any]) -> None:
    try:
        new = compiled(mutated)
    except BadDefinitions:
        assume(False)
    found = differences(whole(), new)

    assert bool(found) == (_parsed(whole()) != _parsed(new))
    assert all(each.before != each.after for each in found), found


def _parsed(catalogue: Catalogue) -> str:
    parts = catalogue.pipeline, catalogue.questionnaires, catalogue.rules, catalogue.outlines
    # The order of files is none of theirs.
    return "".join(
        canonical(dict(sorted(part.items())) if isinstance(part, dict) else part) for part in parts
    )


@pytest.mark.parametrize("seed", range(12))
def test_a_change_of_a_shipped_file_is_told(seed: int) -> None:
    files = read_files(content_root())
    names = [name for name in files if name.endswith(".yaml")]
    name = names[seed * 5 % len(names)]
    lines = files[name].decode().split("\n")
    titled = [
        n for n, line in enumerate(lines) if line.strip().startswith(("title: ", "- title: "))
    ]
    at = titled[seed * 7 % len(titled)]
    lines[at] = lines[at].split("title: ")[0] + "title: Quite another title"
    new = compile_catalogue({**files, name: "\n".join(lines).encode()})
    found = differences(shipped_catalogue(), new)

    assert len(found) == 1
    assert "Quite another title" in found[0].after


# Words marked


def test_only_the_words_that_differ_are_marked() -> None:
    before, after = marked("Does it include any of these?", "Do the records include any of these?")

    assert [each.text for each in before if each.changed] == ["Does it"]
    assert [each.text for each in after if each.changed] == ["Do the records"]
    assert "".join(each.text for each in before) == "Does it include any of these?"


def test_the_middle_of_what_stays_is_cut() -> None:
    long = " ".join(f"word{n}" for n in range(80))
    before, after = marked(f"{long} old", f"{long} new")

    assert len("".join(each.text for each in before)) < 120
    assert after[-1].text.strip() == "new"


def test_texts_with_little_in_common_are_marked_whole() -> None:
    before, after = marked("One thing only", "Quite a different sentence")

    assert [each.changed for each in (*before, *after)] == [True, True]
    assert marked("", "New")[0] == ()
