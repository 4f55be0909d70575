"""How long things take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from app.core.pipeline import Stage
from app.core.standing import ADVISE, CLOSE, SIGN
from app.core.timing import (
    Spell,
    Taken,
    advice_spells,
    organisation_spells,
    stage_spells,
    taken,
)

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
STAGES = tuple(
    Stage.model_validate({"title": "A stage", "closed_by": "lead", **each})
    for each in (
        {"id": "idea"},
        {"id": "intent", "signed": "statement"},
        {"id": "dpia", "needs": [ADVISE]},
    )
)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


@dataclass(frozen=True)
class Did:
    """An act as far as time needs it."""

    kind: str
    stage: str
    at: datetime
    about: str = ""
    organisation: str = "Carnmere"
    who: str = "Ann"
    content_hash: str | None = None


CLOSED = [Did(CLOSE, "idea", day(4)), Did(CLOSE, "intent", day(10))]


@pytest.mark.parametrize(
    ("acts", "current", "expected"),
    [
        ([], "idea", [("idea", 0, None)]),
        (CLOSED[:1], "intent", [("idea", 0, 4), ("intent", 4, None)]),
        (CLOSED[::-1], "dpia", [("idea", 0, 4), ("intent", 4, 10), ("dpia", 10, None)]),
        # The last stage of a route stays the project's stage when it is closed.
        (CLOSED, "intent", [("idea", 0, 4), ("intent", 4, 10)]),
    ],
)
def test_a_stage_lasts_from_the_act_that_closed_the_one_before(
    acts: list[Did], current: str, expected: list[tuple[str, int, int | None]]
) -> None:
    assert stage_spells(START, acts, current) == tuple(
        Spell(what, day(began), None if ended is None else day(ended))
        for what, began, ended in expected
    )


def test_an_organisation_is_waited_for_until_it_first_signs() -> None:
    acts = [
        Did(SIGN, "intent", day(9), "statement"),
        Did(SIGN, "intent", day(6), "statement"),
        Did(SIGN, "intent", day(5), "something else", "Hartvale"),
    ]
    spells = stage_spells(START, [*CLOSED[:1], *acts], "intent")
    assert organisation_spells(spells, acts, STAGES, ["Carnmere", "Hartvale"]) == (
        Spell("Carnmere", day(4), day(6)),
        Spell("Hartvale", day(4), None),
    )


@pytest.mark.parametrize(("given", "ended"), [(None, None), (12, 12), (3, 10)])
def test_advice_is_waited_for_from_the_stage_that_needs_it(
    given: int | None, ended: int | None
) -> None:
    acts = [*CLOSED, *([] if given is None else [Did(ADVISE, "dpia", day(given))])]
    spells = stage_spells(START, acts, "dpia")
    expected = Spell("dpia", day(10), None if ended is None else day(ended))
    assert advice_spells(spells, acts, STAGES) == (expected,)


def test_the_middle_is_of_what_has_ended_and_the_longest_of_all() -> None:
    spells = [
        Spell("a", day(0), day(2)),
        Spell("b", day(0), None),
        Spell("a", day(0), day(4)),
        Spell("a", day(0), day(9)),
        Spell("a", day(0), None),
    ]
    assert taken(spells, day(20)) == (Taken("a", 3, 1, 4.0, 20.0), Taken("b", 0, 1, None, 20.0))
