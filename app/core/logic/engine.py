"""The engine that runs plain JSONLogic; no other module knows which it is."""

from __future__ import annotations

import json
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


class Record:
    """Answers as conditions see them: nested by the dots of their ids, ready for many evaluations."""

    __slots__ = ("_handle",)

    def __init__(self, nested: dict[str, Any]) -> None:
        # Nothing here is deep: ids are short and rows one level, so the dict walk is bounded.
        self._handle = datalogic_py.DataHandle(nested)

    def evaluate(self, rule: datalogic_py.Rule) -> Json:
        """The value of a compiled expression. Raises EvaluationError."""
        return rule.evaluate_data(self._handle)


def compile_expression(expression: Json) -> datalogic_py.Rule:
    """Compile plain JSONLogic, once per distinct text. Raises datalogic_py.CompileError."""
    return _compile(json.dumps(expression, sort_keys=True))


@lru_cache(maxsize=20_000)
def _compile(text: str) -> datalogic_py.Rule:
    return _ENGINE.compile(text)
