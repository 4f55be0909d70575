"""Answers of an example in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.domains import Domain
from app.web.site import Context


def example(scope: Mapping[str, Domain], given: Any) -> list[Context]:
    """An example as questions with their answers."""
    if not isinstance(given, dict):
        return []
    if not given:
        return [{"ask": "Nothing answered", "said": ""}]
    return [
        {"ask": scope[id_].name if id_ in scope else id_, "said": said(scope.get(id_), answer)}
        for id_, answer in given.items()
    ]


def said(domain: Domain | None, answer: Any) -> str:
    """One answer in words, options by their labels."""
    if isinstance(answer, list) and answer and isinstance(answer[0], dict):
        columns = domain.columns if domain else {}
        return "; ".join(_row(columns, row) for row in answer)
    if isinstance(answer, list):
        return ", ".join(said(domain, each) for each in answer) or "There are none"
    if isinstance(answer, bool):
        return "It holds" if answer else "It does not hold"
    known = domain.codes if domain is not None else {}
    return str(known.get(str(answer), answer))


def _row(columns: Mapping[str, Domain], row: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{columns[key].name if key in columns else key}: {said(columns.get(key), value)}"
        for key, value in row.items()
        if key != "id"
    )
