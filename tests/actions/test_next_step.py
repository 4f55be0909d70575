"""The one thing that somebody does next, by who they are and what is still open."""

from __future__ import annotations

import pytest

from app.actions.next_step import what_next
from app.actions.overview import PAGE, REPORT, Overview, follow_project
from app.store.database import read
from tests.actions.conftest import SEEDED_AT, Demonstration


def seen_by(demonstration: Demonstration, role: str, reference: str = "FP-0001") -> Overview:
    with read(demonstration.engine) as conn:
        actor = demonstration.people[role]
        on = SEEDED_AT.date()
        return follow_project(conn, actor, demonstration.catalogues, reference, on)


def test_who_owes_answers_answers_first_and_hears_of_the_stop(demonstration: Demonstration) -> None:
    found = what_next(seen_by(demonstration, "ig_lead"))
    assert found.to == PAGE
    assert found.text.startswith("Answer ")
    assert "A stop is yours too: “Confidence not met”." in found.then


def test_who_has_only_a_stop_left_settles_it(
    demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Overview, "owed_by", lambda *_: ())
    found = what_next(seen_by(demonstration, "ig_lead"))
    assert found.text == "The stop “Confidence not met” is yours to settle."
    assert (found.to, found.stage) == (REPORT, "dpia")


def test_whose_stop_it_is_not_waits(
    demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Overview, "owed_by", lambda *_: ())
    found = what_next(seen_by(demonstration, "lead"))
    assert "yours to settle" not in found.text
    assert "Nothing in the stage “DPIA” is yours to answer now." in found.text


def test_the_officer_is_asked_for_advice(demonstration: Demonstration) -> None:
    found = what_next(seen_by(demonstration, "dpo"))
    assert found.text == "Your advice on DPIA is asked for. You advise. You do not decide."
