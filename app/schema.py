"""JSON Schema of the definition files, for editors: python -m app.schema writes docs/schema/."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from app.core.logic import OPERATORS
from app.core.outputs import Outline
from app.core.pipeline import Pipeline
from app.core.questionnaire import Questionnaire
from app.core.questions import NAMED_CHECKS, QUESTION_TYPES
from app.core.register import Register
from app.core.rules import Rules
from app.core.scores import KEYS

Schema = dict[str, Any]
MODELS: dict[str, type[BaseModel]] = {
    "questionnaire": Questionnaire,
    "rules": Rules,
    "outputs": Outline,
    "pipeline": Pipeline,
    "register": Register,
}
CONDITION: Schema = {"$ref": "#/$defs/condition"}
SCORE: Schema = {"$ref": "#/$defs/score"}
VAR: Schema = {
    "type": "object",
    "properties": {"var": {"type": "string"}},
    "required": ["var"],
    "additionalProperties": False,
}
LITERAL: Schema = {"type": ["string", "number"]}


def schemas() -> dict[str, Schema]:
    """Return the schema of every kind of definition file, by its name."""
    return {name: _schema(model) for name, model in MODELS.items()}


def texts() -> dict[str, str]:
    """Return the files of docs/schema, by their names."""
    return {
        f"{name}.json": json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
        for name, schema in schemas().items()
    }


def _schema(model: type[BaseModel]) -> Schema:
    schema = model.model_json_schema(by_alias=True)
    definitions = schema.setdefault("$defs", {})
    definitions["condition"] = _condition()
    definitions["score"] = _score()
    for name, mend in _MENDS.items():
        if name in definitions:
            definitions[name] = mend(definitions[name])
    for name, words in WORDS.items():
        if name in definitions:
            _describe(definitions[name], words)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_conditions(schema)}


def _conditions(schema: Any) -> Any:
    """The schema with each field that holds a condition referring to what a condition is."""
    if isinstance(schema, list):
        return [_conditions(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("condition") is True:
        said = {"description": schema["description"]} if "description" in schema else {}
        return CONDITION | said
    return {key: _conditions(each) for key, each in schema.items()}


def _condition() -> Schema:
    """What app/core/logic reads."""
    several = {"type": "array", "minItems": 1, "items": CONDITION}
    compared = _pair(VAR, LITERAL)
    member = {
        "anyOf": [
            _pair(LITERAL, VAR),
            _pair(VAR, {"type": "array", "minItems": 1, "items": LITERAL}),
        ]
    }
    forms: Schema = dict.fromkeys(OPERATORS, compared)
    forms |= {"in": member, "var": {"type": "string"}, "and": several, "or": several}
    forms |= {"!": {"anyOf": [CONDITION, {**several, "maxItems": 1}]}}
    forms |= {"at_least": _pair({"type": "integer", "minimum": 1}, several)}
    forms |= dict.fromkeys(("some", "all", "none"), _pair(VAR, CONDITION))
    return _one_of("A condition: one operator with its operands", forms)


def _score() -> Schema:
    """What app/core/scores reads."""
    several = {"type": "array", "minItems": 1, "items": SCORE}
    forms: Schema = dict.fromkeys(KEYS, several)
    forms |= {key: {"type": "string"} for key in ("var", "points")}
    forms |= {"round": SCORE}
    forms |= {"count": {"type": "array", "minItems": 1, "items": CONDITION}}
    forms |= {"count_rows": _pair(VAR, CONDITION), "subtract": _pair(SCORE, SCORE)}
    forms |= {"sum_rows": _pair(VAR, SCORE), "days": _pair({"type": "string"}, {"type": "string"})}
    forms |= {"divide": _pair(SCORE, SCORE), "if": _tuple(CONDITION, SCORE, SCORE)}
    part = _one_of("A part of a score", forms)
    part["properties"]["table"] = {"type": "object", "additionalProperties": LITERAL}
    part["maxProperties"] = 2
    return {"anyOf": [{"type": "number"}, part]}


def _one_of(words: str, forms: Schema) -> Schema:
    return {
        "description": words,
        "type": "object",
        "properties": forms,
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
    }


def _pair(first: Schema, second: Schema) -> Schema:
    return _tuple(first, second)


def _tuple(*items: Schema) -> Schema:
    return {"type": "array", "prefixItems": list(items), "minItems": len(items), "items": False}


def _describe(schema: Schema, words: Mapping[str, str]) -> None:
    """Say what each key means; a test holds that each of them is a key."""
    known = schema["properties"]
    schema["properties"] = known | {
        key: {**known[key], "description": said} for key, said in words.items()
    }


# Where a model reads more forms than its fields say


def _placement(_: Schema) -> Schema:
    used = {
        "type": "object",
        "properties": {"use": {"type": "string"}},
        "required": ["use"],
        "additionalProperties": False,
    }
    return {"anyOf": [used, {"$ref": "#/$defs/Question"}]}


def _asked(schema: Schema, barred: tuple[str, ...]) -> Schema:
    properties = {key: each for key, each in schema["properties"].items() if key != "unsure_shows"}
    properties["unsure"] = {"enum": [True, False, "hide", "show"]}
    properties["type"] = {"enum": [name for name in QUESTION_TYPES if name not in barred]}
    properties["check"] = {"enum": list(NAMED_CHECKS)}
    return {**schema, "properties": properties}


def _question(schema: Schema) -> Schema:
    return _asked(schema, ("row_of",))


def _column(schema: Schema) -> Schema:
    return _asked(schema, ("rows", "justification", "file"))


def _scored(schema: Schema) -> Schema:
    return {**schema, "properties": {**schema["properties"], "value": SCORE}}


def _flag(schema: Schema) -> Schema:
    known = schema["properties"]
    several = {key: {"anyOf": [{"type": "string"}, known[key]]} for key in ("blocks", "task_until")}
    return {**schema, "properties": {**known, **several}}


_MENDS = {
    "Placement": _placement,
    "Question": _question,
    "Column": _column,
    "Score": _scored,
    "FlagRule": _flag,
}


# What keys mean, for who writes a file by hand; docs/definitions.md says it at length

_ASKED = {
    "id": "Never changes, and has a dot; a column's has none",
    "type": "What kind of answer it takes",
    "ask": "The question as people read it",
    "name": "A short noun for tables and reasons; otherwise the question",
    "for": "Who answers: one of the people of the pipeline; otherwise the lead",
    "hint": "One line below the question",
    "guide": "Beside the question: think of, what good looks like, if you are not sure. Markdown",
    "why": "Why we ask",
    "source": "The Act and section, or the form",
    "required": "Whether a blank holds back that a page is complete; it never refuses a save",
    "show_if": "When it is asked: a condition on earlier questions",
    "options": "The answers to choose from: code and label; of a band, rising",
    "options_from": "An offer whose entries become the options",
    "exclusive": "The option that cannot be chosen with others",
    "unsure": "Whether it can be answered “I don't know”; or what that does to show_if: show or hide",
    "check": "A text that must have a certain form",
    "offer": "An offer shown beside the question",
    "material": "false: a change does not touch signatures",
}
_RULE = {
    "when": "The condition under which it holds",
    "because": "Why this matters, in one or two plain sentences",
    "source": "The Act and section, or the guidance",
    "checked": "The day on which a data protection officer confirmed it, or false",
    "extent": "Where it is law",
    "effective_from": "The first day on which it holds",
    "effective_to": "The last day on which it holds",
    "raised_by": "Examples of answers by which it holds",
    "not_by": "Examples of answers by which it does not hold, best on the boundary",
}
WORDS: Mapping[str, Mapping[str, str]] = {
    "Question": {
        **_ASKED,
        "columns": "What is asked of each row",
        "row_name": "What one row is called, as in “Add a party”",
        "none": "What is said where there are no rows; left out where there must be some",
        "suggest": "Proposed answers, each with its condition and reason; never chosen beforehand",
        "justifies": "The choice that this text gives the reason for",
        "prompts": "What to write about, by the option that was chosen",
    },
    "Column": {
        **_ASKED,
        "rows": "The rows question whose row is chosen",
        "confirms": "The rows that hold for a party, and the option by which it says that they are right",
        "look_up": "Takes what stands elsewhere: in the row referred to, or in a choice",
        "matrix": "Rates the row by a risk matrix",
        "decide": "Decides over the row: the first outcome whose condition holds",
    },
    "FlagRule": {
        **_RULE,
        "title": "What people read of it first",
        "likelihood": "How likely harm is: a code of the risk matrix",
        "severity": "How severe harm would be: a code of the risk matrix",
        "harm": "What could happen to people",
        "blocks": "The stages that cannot be closed or signed while it is raised",
        "from": "The stage from which it is judged; otherwise the first that has asked all it reads",
        "task_until": "Until this stage it is a task not yet done, and no flag",
        "for": "Who can mend it",
        "measures": "What reduces the risk: codes of the offered measures",
        "implies": "Flags of the same severity that are always raised with it, and are meant to be",
    },
    "NamedCondition": {**_RULE, "title": "Reads well after “because”"},
    "Entry": {
        **_RULE,
        "where": "A condition over the row, where the offer goes row by row",
        "unless": "What keeps it from being offered although all else holds, each with its reason",
        "near_miss": "What is said where it is looked at and not offered",
    },
    "Score": {
        "value": "How it is worked out",
        "points": "How many points each code gives",
        "with": "Questions that must be answered before there is a band",
        "band": "The band of the value, under an id of its own",
    },
    "Decision": {
        "only_if": "Where this does not hold there is no decision",
        "outcomes": "The first whose condition holds; “otherwise: true” comes last",
    },
}


def main(folder: Path) -> None:
    """Write the schema files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/schema"))
