"""Offers row by row: faults of their definitions, and when they are worked out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from app.core.offering import Offers
from tests.tiny import evaluate as facts_of
from tests.tiny import lines_of, sources, tiny

KINDS = {"nhs": "NHS", "council": "Council"}
KIND = {"id": "kind", "type": "choice", "ask": "Kind", "options": KINDS}
ROWS: dict[str, Any] = {
    "id": "a.routes",
    "type": "rows",
    "ask": "Routes?",
    "columns": [KIND],
}
MULTI = {"id": "a.what", "type": "multi", "ask": "What?", "options": KINDS}
NHS = {"===": [{"var": "kind"}, "nhs"]}
WHAT = {"in": ["nhs", {"var": "a.what"}]}


def offer(entry: Mapping[str, Any], **keys: Any) -> dict[str, Any]:
    return {"id": "g.list", "title": "G", "entries": [{"code": "e", "title": "E", **entry}], **keys}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (offer({"where": NHS}), "'where' reads the row of an offer with 'each'"),
        (offer({}, where=NHS), "'where' reads the row of an offer with 'each'"),
        (offer({}, each="a.what"), "no rows are called 'a.what'"),
        (offer({}, each="a.routs"), "did you mean 'a.routes'"),
        (offer({"where": {"===": [{"var": "kid"}, "nhs"]}}, each="a.routes"), "kid"),
        (offer({"unless": [{"because": "B."}]}, each="a.routes"), "either 'when'"),
        (
            offer({"unless": [{"when": WHAT, "where": NHS, "because": "B."}]}, each="a.routes"),
            "either 'when'",
        ),
        (
            offer({}, each="a.routes", supposed={"rows": "a.what", "codes": {}}),
            "no rows are called 'a.what'",
        ),
        (
            offer({}, each="a.routes", supposed={"rows": "a.routes", "codes": {"kid": "a.what"}}),
            "there is no column 'kid'",
        ),
        (
            offer({}, each="a.routes", supposed={"rows": "a.routes", "codes": {"kind": "a.wat"}}),
            "no question 'a.wat'",
        ),
    ],
)
def test_an_offer_that_cannot_be_made_is_a_fault(given: Mapping[str, Any], said: str) -> None:
    lines = lines_of(sources([ROWS, MULTI], {"offers": [given]}))
    assert any(said in line for line in lines), lines


def test_a_column_may_show_an_offer_and_only_one_there_is() -> None:
    rows = {**ROWS, "columns": [{**KIND, "offer": "g.lists"}]}
    lines = lines_of(sources([rows], {"offers": [offer({})]}))
    assert any("there is no offer 'g.lists'; did you mean 'g.list'" in line for line in lines)


def test_offers_are_worked_out_when_they_are_read_and_once() -> None:
    found = Offers(facts_of(tiny([ROWS], {"offers": [offer({})]}), {}))
    assert list(found) == ["g.list"]
    assert len(found) == 1
    assert found["g.list"] is found["g.list"]
