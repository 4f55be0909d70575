"""The engine that runs plain JSONLogic; no other module knows which it is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import datalogic_py

Json = Any

STEP_BUDGET = 200_000  # a rule costs about 90, one over rows about 25 a row; this takes some 10 ms
_ENGINE = datalogic_py.Engine(
    families=[],
    config={
        "ops_budget": STEP_BUDGET,
        "max_recursion_depth": 64,
        "numeric_coercion": {"null_to_zero": False},
    },
)

EvaluationError = datalogic_py.EvaluateError
Rule = datalogic_py.Rule


@lru_cache(maxsize=20_000)
def key(id_: str) -> str:
    """The key under which a record holds an id: its dots would be read as a path."""
    return id_.replace(".", ":")


def keyed(ids: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Ids in order, each with the key under which a record holds it."""
    return tuple((id_, key(id_)) for id_ in sorted(ids))


class Record:
    """Answers as conditions see them, ready for many evaluations.

    `values`: by the key of their id; WAITS (core/logic/tree.py) for what waits.
    """

    __slots__ = ("_handle",)

    def __init__(self, values: dict[str, Any]) -> None:
        # Nothing here is deep: ids are keys and rows one level, so the dict walk is bounded.
        self._handle = datalogic_py.DataHandle(values)

    def evaluate(self, rule: datalogic_py.Rule) -> Json:
        """The value of a compiled expression. Raises EvaluationError."""
        return rule.evaluate_data(self._handle)


def compile_expression(expression: Json) -> datalogic_py.Rule:
    """Compile plain JSONLogic, once per distinct text. Raises datalogic_py.CompileError."""
    return _compile(json.dumps(_keyed(expression), sort_keys=True))


def _keyed(expression: Json) -> Json:
    """The same over a record: ids become keys."""
    if isinstance(expression, list):
        return [_keyed(each) for each in expression]
    if not isinstance(expression, dict):
        return expression
    return {op: key(given) if op == "var" else _keyed(given) for op, given in expression.items()}


@lru_cache(maxsize=20_000)
def _compile(text: str) -> datalogic_py.Rule:
    return _ENGINE.compile(text)
