"""Tiny catalogues for tests: a few definitions, with the least that a catalogue must have around them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.catalogue import BadDefinitions, Catalogue, compile_catalogue
from app.core.assessment import Assessment, assess
from app.core.facts import Facts, facts

ON = date(2026, 1, 1)
LAST = {
    "id": "last",
    "title": "Last",
    "pages": [
        {
            "id": "last",
            "title": "Last",
            "questions": [
                {"id": "x.title", "type": "text", "ask": "What is it called?"},
                {
                    "id": "x.list",
                    "type": "rows",
                    "ask": "Who takes part?",
                    "columns": [{"id": "name", "type": "text", "ask": "Name"}],
                },
            ],
        }
    ],
}
PIPELINE = {
    "title": "A pipeline",
    "people": {"lead": {"title": "Lead"}, "dpo": {"title": "DPO"}},
    "names": {"title": "x.title", "parties": "x.list", "flows": "x.list", "risks": "x.list"},
    "on_every_route": ["q"],
    "stages": [{"id": "s", "title": "Stage", "questionnaires": ["q"], "closed_by": "lead"}],
    "route": {
        "id": "x.route",
        "title": "Route",
        "outcomes": [{"code": "full", "label": "Full", "otherwise": True, "stages": ["s"]}],
    },
    "doors": [],
}

Definition = Mapping[str, Any]


def page(questions: Sequence[Definition], name: str = "p", **keys: Any) -> dict[str, Any]:
    """Return a page of these questions."""
    return {"id": name, "title": name.upper(), "questions": list(questions), **keys}


def section(pages: Sequence[Definition], name: str = "s", **keys: Any) -> dict[str, Any]:
    """Return a section of these pages."""
    return {"id": name, "title": name.upper(), "pages": list(pages), **keys}


def sources(
    questions: Sequence[Definition] = (),
    rules: Definition | None = None,
    sections: Sequence[Definition] | None = None,
    pipeline: Definition | None = None,
) -> dict[str, bytes]:
    """Return the files of a tiny catalogue. JSON is YAML too, so it is written as JSON."""
    asked = [section([page(questions)])] if questions else []
    whole = {"title": "Q", "sections": [*(asked if sections is None else sections), LAST]}
    return {
        "questionnaires/pipeline.yaml": _text({**PIPELINE, **(pipeline or {})}),
        "questionnaires/q.yaml": _text(whole),
        "rules/r.yaml": _text(rules or {"flags": []}),
    }


def _text(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def tiny(
    questions: Sequence[Definition] = (),
    rules: Definition | None = None,
    sections: Sequence[Definition] | None = None,
    pipeline: Definition | None = None,
) -> Catalogue:
    """Return a compiled catalogue of these questions and rules."""
    return compile_catalogue(sources(questions, rules, sections, pipeline))


def lines_of(files: Mapping[str, bytes]) -> list[str]:
    """Return the faults of these files, or an empty list."""
    try:
        compile_catalogue(files)
    except BadDefinitions as bad:
        return bad.lines
    return []


def flag(when: object, name: str = "F1", **keys: Any) -> dict[str, Any]:
    """Return a flag with this condition."""
    return {"id": name, "title": f"Title of {name}", "when": when, "because": "It matters.", **keys}


def evaluate(catalogue: Catalogue, answers: Mapping[str, Any]) -> Facts:
    """Return the facts of these answers on a fixed day."""
    return facts(catalogue.program, answers, ON)


def judge(catalogue: Catalogue, answers: Mapping[str, Any]) -> Assessment:
    """Return what the rules say of these answers on a fixed day."""
    return assess(evaluate(catalogue, answers))


def outcome(catalogue: Catalogue, answers: Mapping[str, Any], name: str = "F1") -> str:
    """Return the outcome of one flag: raised, clear, undetermined or error."""
    return next(f.result.value for f in judge(catalogue, answers).flags if f.id == name)
