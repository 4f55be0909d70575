"""The JSON Schema of the definitions: committed as made, and true of every shipped file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from app import strict_yaml
from app.catalogue import read_files
from app.core.logic import OPERATORS
from app.schema import WORDS, schemas, texts
from app.settings import content_root

SCHEMAS = schemas()
FILES = {name: text for name, text in read_files(content_root()).items() if name.endswith(".yaml")}
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def kind_of(file: str) -> str:
    """Return the schema that a definition file follows."""
    folder, *below, name = file.split("/")
    if name == "pipeline.yaml":
        return "register" if below else "pipeline"
    return {"questionnaires": "questionnaire"}.get(folder, folder)


def fits(value: Any, schema: Any, root: Any) -> bool:
    """Whether a value follows a schema: as much of JSON Schema as these schemas use."""
    if schema is False:
        return False
    unknown = set(schema) - KNOWN
    assert not unknown, f"the schemas use {unknown}, which this test does not understand"
    if "$ref" in schema and not fits(value, root["$defs"][schema["$ref"].split("/")[-1]], root):
        return False
    if "anyOf" in schema and not any(fits(value, each, root) for each in schema["anyOf"]):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "const" in schema and value != schema["const"]:
        return False
    return (
        _type_fits(value, schema) and _size_fits(value, schema) and _parts_fit(value, schema, root)
    )


KNOWN = {
    "$ref",
    "anyOf",
    "enum",
    "const",
    "type",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "items",
    "prefixItems",
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "title",
    "description",
    "default",
    "$schema",
    "$defs",
}


def _type_fits(value: Any, schema: Any) -> bool:
    wanted = schema.get("type")
    if wanted is None:
        return True
    names = wanted if isinstance(wanted, list) else [wanted]
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, TYPES[name]) for name in names)


def _size_fits(value: Any, schema: Any) -> bool:
    if isinstance(value, str):
        low, high = schema.get("minLength", 0), schema.get("maxLength", len(value))
        matches = "pattern" not in schema or re.search(schema["pattern"], value)
        return low <= len(value) <= high and bool(matches)
    if isinstance(value, list):
        return bool(schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)))
    if isinstance(value, dict):
        least, most = schema.get("minProperties", 0), schema.get("maxProperties", len(value))
        return bool(least <= len(value) <= most)
    if isinstance(value, int | float):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return True


def _parts_fit(value: Any, schema: Any, root: Any) -> bool:
    if isinstance(value, list):
        first = schema.get("prefixItems", [])
        pairs = list(zip(value, first, strict=False))
        pairs += [(each, schema["items"]) for each in value[len(first) :] if "items" in schema]
        return all(fits(each, part, root) for each, part in pairs)
    if not isinstance(value, dict):
        return True
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", {})
    if any(key not in value for key in schema.get("required", ())):
        return False
    patterns, names = schema.get("patternProperties", {}), schema.get("propertyNames", {})
    if not all(fits(key, names, root) for key in value):
        return False
    named = {
        key: part for pattern, part in patterns.items() for key in value if re.search(pattern, key)
    }
    return all(
        fits(each, properties.get(key, named.get(key, others if others is not True else {})), root)
        for key, each in value.items()
    )


@pytest.mark.parametrize("name", texts())
def test_the_committed_schema_is_the_one_the_models_make(name: str, repository: Path) -> None:
    committed = (repository / "docs" / "schema" / name).read_text(encoding="utf-8")
    assert committed == texts()[name], "run: python -m app.schema"


@pytest.mark.parametrize("file", FILES)
def test_a_shipped_file_names_its_schema_in_its_first_line_and_follows_it(file: str) -> None:
    kind = kind_of(file)
    first = FILES[file].decode().split("\n", 1)[0]
    up = "../" * file.count("/")
    assert first == f"# yaml-language-server: $schema={up}docs/schema/{kind}.json"
    value = strict_yaml.parse(FILES[file]).value
    assert fits(value, SCHEMAS[kind], SCHEMAS[kind])


def question(**keys: Any) -> Any:
    asked = {"id": "a.b", "type": "text", "ask": "A?", **keys}
    page = {"id": "p", "title": "P", "questions": [asked]}
    return {"title": "Q", "sections": [{"id": "s", "title": "S", "pages": [page]}]}


def rules(when: Any) -> Any:
    return {"flags": [{"id": "R1", "title": "T", "because": "B", "when": when}]}


VAR = {"var": "a.b"}
CASES: list[tuple[str, Any, bool]] = [
    ("questionnaire", question(), True),
    ("questionnaire", question(unsure="hide"), True),
    ("questionnaire", question(unsure="no"), False),
    ("questionnaire", question(aks="A?"), False),
    ("questionnaire", question(type="row_of"), False),
    ("questionnaire", question(check="email"), True),
    ("questionnaire", question(check="emial"), False),
    ("questionnaire", question(decimals=7), False),
    ("rules", rules({"===": [VAR, "x"]}), True),
    ("rules", rules({"==": [VAR, "x"]}), False),
    ("rules", rules({"===": ["x", VAR]}), False),
    ("rules", rules({"===": [VAR]}), False),
    ("rules", rules({"===": [VAR, "x", "y"]}), False),
    ("rules", rules({"===": [VAR, True]}), False),
    ("rules", rules({"and": []}), False),
    ("rules", rules({"and": [VAR], "or": [VAR]}), False),
    ("rules", rules({"!": VAR}), True),
    ("rules", rules({"!": [VAR]}), True),
    ("rules", rules({"!": [VAR, VAR]}), False),
    ("rules", rules({"in": ["x", VAR]}), True),
    ("rules", rules({"in": [VAR, ["x"]]}), True),
    ("rules", rules({"in": [VAR, "x"]}), False),
    ("rules", rules({"at_least": [2, [VAR, VAR]]}), True),
    ("rules", rules({"at_least": [0, [VAR]]}), False),
    ("rules", rules({"some": [VAR, {"===": [{"var": "k"}, 1]}]}), True),
    ("rules", rules("a.b"), False),
    ("rules", {"scores": [{"id": "s.s", "title": "S", "value": {"mean": [{"points": "a.b"}, 1]}}]}, True),
    ("rules", {"scores": [{"id": "s.s", "title": "S", "value": {"median": [1]}}]}, False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "expected"), CASES)
def test_the_schema_tells_right_from_wrong(name: str, value: Any, expected: bool) -> None:
    assert fits(value, SCHEMAS[name], SCHEMAS[name]) is expected


def test_the_schema_of_a_condition_has_the_operators_that_are_read() -> None:
    condition = json.loads(texts()["rules.json"])["$defs"]["condition"]
    assert set(condition["properties"]) == set(OPERATORS)


@pytest.mark.parametrize("name", WORDS)
def test_what_keys_mean_is_said_for_completion(name: str) -> None:
    shown = [
        schema["$defs"][name]["properties"]
        for schema in SCHEMAS.values()
        if name in schema["$defs"]
    ]
    assert shown
    for properties in shown:
        described = {key: each.get("description") for key, each in properties.items()}
        assert WORDS[name].items() <= described.items()
