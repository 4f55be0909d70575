"""What may be written in a definition: its schema, and every name, option and code there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from app.catalogue import ORGANISATIONS, OUTPUTS, QUESTIONNAIRES, RULES, Catalogue
from app.core.domains import Domain
from app.core.parts import PARTS
from app.core.program import Program
from app.schema import Schema, schemas

Json = dict[str, Any]
Codes = dict[str, str]

KINDS = {QUESTIONNAIRES: "questionnaire", RULES: "rules", OUTPUTS: "outputs"}
_COMMON = {
    "use": "questions",
    "justifies": "questions",
    "options_from": "offers",
    "offer": "offers",
    "rows": "rows",
    "each": "rows",
}
_KEYS: Mapping[str, Mapping[str, str]] = {
    "questionnaire": {**_COMMON, "for": "people"},
    "rules": {
        **_COMMON,
        "for": "people",
        "measures": "measures",
        "implies": "flags",
        "blocks": "stages",
        "task_until": "stages",
        "from": "from",
        "likelihood": "likelihood",
        "severity": "severity",
        "points": "questions",
        "with": "questions",
    },
    "outputs": {
        **_COMMON,
        "for": "readers",
        "answers": "names",
        "answers_of": "questionnaires",
        "except": "questions",
        "decision": "names",
        "scores": "names",
        "part": "parts",
    },
    "pipeline": {
        "questionnaires": "questionnaires",
        "previews": "questionnaires",
        "on_every_route": "questionnaires",
        "not_counted": "questionnaires",
        "leaves_out": "questionnaires",
        "documents": "outputs",
        "signed": "outputs",
        "closed_by": "people",
        "takes_part": "people",
        "stages": "stages",
        "optional": "questionnaires",
        "quick": "questions",
        "in_short": "names",
    },
}
_KEYS = {**_KEYS, "register": _KEYS["pipeline"]}


def kind_of(path: str) -> str:
    """Which schema a file follows."""
    folder, *below, name = path.split("/")
    if name == "pipeline.yaml":
        return "register" if below else "pipeline"
    return KINDS.get(folder, "rules")


def words_of(catalogue: Catalogue, path: str) -> Json:
    """Everything that completion and hover need to know about one file.

    `names`: what conditions may read, with its options and columns. `lists`: other codes, and
    `keys`: behind which key which of them may stand. `texts`: whether texts may name {answers}.
    """
    below = path.rpartition("/")[0].endswith(ORGANISATIONS)
    part = catalogue.organisations if below and catalogue.organisations else catalogue
    kind = kind_of(path)
    return {
        "schema": _schemas()[kind],
        "names": dict(_names(part)),
        "keys": dict(_KEYS[kind]),
        "lists": _lists(part),
        "texts": kind == "outputs",
    }


@cache
def _schemas() -> dict[str, Schema]:
    return schemas()


def _names(part: Catalogue) -> Iterator[tuple[str, Json]]:
    program = part.program
    pages = {
        (name, page.id): f"{questionnaire.title}: {page.title}"
        for name, questionnaire in part.questionnaires.items()
        for _, page in questionnaire.pages()
    }
    for id_, domain in program.scope.items():
        question, places = program.questions.get(id_), program.places.get(id_, ())
        said = _said(domain, question.ask if question else domain.name)
        said["kind"] = question.type if question else domain.kind.value
        if places:
            said["where"] = pages[places[0].questionnaire, places[0].page]
        if question and domain.columns:
            said["columns"] = {
                name: _said(each, each.name) for name, each in domain.columns.items()
            }
        yield id_, said


def _said(domain: Domain, label: str) -> Json:
    said: Json = {"label": label, "kind": domain.kind.value}
    if domain.codes:
        said["options"] = dict(domain.codes)
    return said


def _lists(part: Catalogue) -> dict[str, Codes]:
    program, pipeline = part.program, part.pipeline
    rows = {id_: each.called for id_, each in program.questions.items() if each.type == "rows"}
    stages = {stage.id: stage.title for stage in pipeline.stages}
    bands = {each.id: "bands" for rules in part.rules.values() for each in rules.bands}
    return {
        "questions": {id_: each.ask for id_, each in program.questions.items()},
        "names": {id_: domain.name for id_, domain in program.scope.items()},
        "rows": rows,
        "stages": stages,
        "from": stages | bands,
        "people": {code: person.title for code, person in pipeline.people.items()},
        "readers": dict(pipeline.readers),
        "questionnaires": {name: each.title for name, each in part.questionnaires.items()},
        "outputs": {name: each.title for name, each in part.outlines.items()},
        "parts": dict.fromkeys(PARTS, ""),
        **_of_rules(program),
    }


def _of_rules(program: Program) -> dict[str, Codes]:
    matrix = next(iter(program.matrices.values()), None)
    return {
        "offers": {id_: each.rule.title for id_, each in program.offers.items()},
        "measures": {
            entry.code: entry.title
            for each in program.offers.values()
            for entry in each.rule.entries
        },
        "flags": {each.rule.id: each.rule.title for each in program.flags},
        "likelihood": dict(matrix.likelihood) if matrix else {},
        "severity": dict(matrix.severity) if matrix else {},
    }
