"""JSON Schema of the definition files, for editors: python -m app.schema writes docs/schema/."""

from __future__ import annotations

import json
import sys
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
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_conditions(schema)}


def _conditions(schema: Any) -> Any:
    """The schema with each field that holds a condition referring to what a condition is."""
    if isinstance(schema, list):
        return [_conditions(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("condition") is True:
        return CONDITION
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
    return _asked(schema, ("rows", "justification"))


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


def main(folder: Path) -> None:
    """Write the schema files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/schema"))
