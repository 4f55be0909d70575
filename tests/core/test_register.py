"""The register of organisations: what it may leave out, and what it must name rightly."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from app.catalogue import BadDefinitions, compile_catalogue
from app.core.facts import facts
from tests.tiny import ON, page, section, sources

REGISTER: dict[str, Any] = {
    "title": "A register",
    "people": {"lead": {"title": "Keeper"}},
    "kind": "o.kind",
    "stages": [{"id": "s", "title": "Record", "questionnaires": ["about"], "closed_by": "lead"}],
    "route": {
        "id": "o.way",
        "title": "Way",
        "outcomes": [{"code": "whole", "label": "Whole", "otherwise": True, "stages": ["s"]}],
    },
    "roles": [{"title": "DPO", "holder": "o.dpo", "standing": "o.stands", "gaps": ["nobody"]}],
    "checked": {"date": "o.day", "standing": "o.stands", "again": ["nobody"]},
    "gives": {"name": "o.dpo"},
}
ABOUT: list[dict[str, Any]] = [
    {"id": "o.kind", "type": "choice", "ask": "Kind?", "options": {"one": "One"}},
    {"id": "o.dpo", "type": "text", "ask": "DPO?"},
    {"id": "o.day", "type": "date", "ask": "When?"},
]
STANDS = {
    "id": "o.stands",
    "title": "Stands",
    "outcomes": [
        {"code": "held", "label": "Held", "when": {"===": [{"var": "o.kind"}, "one"]}},
        {"code": "nobody", "label": "Nobody", "otherwise": True},
    ],
}


def files(register: dict[str, Any]) -> dict[str, bytes]:
    about = {"title": "About", "sections": [section([page(ABOUT)])]}
    theirs = {
        "questionnaires/organisations/pipeline.yaml": register,
        "questionnaires/organisations/about.yaml": about,
        "rules/organisations/stands.yaml": {"decisions": [STANDS]},
    }
    texts = {name: json.dumps(value).encode() for name, value in theirs.items()}
    return {**sources([{"id": "x.go", "type": "text", "ask": "Go?"}]), **texts}


def faults(**keys: Any) -> list[str]:
    with pytest.raises(BadDefinitions) as bad:
        compile_catalogue(files({**copy.deepcopy(REGISTER), **keys}))
    return bad.value.lines


def test_a_register_needs_no_names_and_no_doors_and_keeps_its_ids_to_itself() -> None:
    catalogue = compile_catalogue(files(REGISTER))
    theirs = catalogue.organisations
    assert theirs is not None
    assert set(theirs.program.questions) == {"o.kind", "o.dpo", "o.day"}
    assert not set(theirs.program.questions) & set(catalogue.program.questions)
    assert theirs.hash == catalogue.hash
    assert theirs.pipeline.doors == ()
    assert theirs.pipeline.kept_in_brief() == ["o.kind", "o.dpo", "o.stands", "o.day"]


def test_without_its_files_a_release_asks_nothing_of_organisations() -> None:
    mine = {name: text for name, text in files(REGISTER).items() if "organisations" not in name}
    assert compile_catalogue(mine).organisations is None


def test_its_files_need_their_own_pipeline() -> None:
    found = files(REGISTER)
    del found["questionnaires/organisations/pipeline.yaml"]
    with pytest.raises(BadDefinitions) as bad:
        compile_catalogue(found)
    missing = "this file is missing; it names the stages and routes"
    assert bad.value.lines == [f"questionnaires/organisations/pipeline.yaml:1:1: {missing}"]


def test_faults_of_both_parts_are_told_together() -> None:
    found = files({**REGISTER, "kind": "o.kindd"})
    found["rules/wrong.yaml"] = b"a: 1\n"
    with pytest.raises(BadDefinitions) as bad:
        compile_catalogue(found)
    assert [line.split(":")[0] for line in bad.value.lines] == [
        "rules/wrong.yaml",
        "questionnaires/organisations/pipeline.yaml",
    ]


ROLE = REGISTER["roles"][0]
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"kind": "o.knd"}, "there is no question 'o.knd'; did you mean 'o.kind'?"),
    ({"roles": [{**ROLE, "holder": "o.dpi"}]}, "there is no question 'o.dpi'"),
    ({"roles": [{**ROLE, "standing": "o.dpo"}]}, "there is no decision 'o.dpo'"),
    ({"roles": [{**ROLE, "gaps": ["nobdy"]}]}, "'o.stands' has no outcome 'nobdy'"),
    ({"roles": [{**ROLE, "held": ["hld"]}]}, "'o.stands' has no outcome 'hld'"),
    ({"roles": [{**ROLE, "needless": ["no"]}]}, "'o.stands' has no outcome 'no'"),
    ({"checked": {"date": "o.dy", "standing": "o.stands"}}, "there is no question 'o.dy'"),
    ({"checked": {**REGISTER["checked"], "again": ["x"]}}, "'o.stands' has no outcome 'x'"),
    ({"gives": {"nme": "o.dpo"}}, "'x.list' has no column 'nme'"),
    ({"gives": {"name": "o.dpoo"}}, "there is no question 'o.dpoo'"),
    ({"gives": {"name": "o.kind"}}, "'o.kind' is a choice, the column a text"),
]


@pytest.mark.parametrize(("keys", "said"), WRONG)
def test_a_name_that_is_not_there_is_a_fault(keys: dict[str, Any], said: str) -> None:
    assert any(said in line for line in faults(**keys)), faults(**keys)


def test_an_answer_that_the_column_of_a_party_cannot_hold_is_a_fault() -> None:
    columns = [
        {"id": "name", "type": "text", "ask": "Name"},
        {"id": "kind", "type": "choice", "ask": "Kind", "options": {"two": "Two"}},
    ]
    found = files({**REGISTER, "gives": {"kind": "o.kind"}})
    with_kinds = {
        name: text.replace(
            b'"columns": [{"id": "name", "type": "text", "ask": "Name"}]',
            b'"columns": ' + json.dumps(columns).encode(),
        )
        for name, text in found.items()
    }
    with pytest.raises(BadDefinitions) as bad:
        compile_catalogue(with_kinds)
    assert "the column 'kind' has no option 'one' of 'o.kind'" in bad.value.lines[0]


def test_the_same_evaluator_reads_it() -> None:
    theirs = compile_catalogue(files(REGISTER)).organisations
    assert theirs is not None
    assert facts(theirs.program, {"o.kind": "one"}, ON).values["o.stands"] == "held"


def test_an_organisation_is_not_asked_for_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"id": "o.file", "type": "file", "ask": "Which file?"}
    monkeypatch.setitem(globals(), "ABOUT", [*ABOUT, asked])
    (line,) = faults()
    assert "'o.file' asks for a file: only projects keep files" in line
