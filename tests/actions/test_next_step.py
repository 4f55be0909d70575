"""The one thing that somebody does next, by who they are and what is still open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.actions.actor import Actor
from app.actions.next_step import what_next
from app.actions.organisations import add_person, take_in
from app.actions.overview import (
    DECISIONS,
    PAGE,
    REPORT,
    SIGNING,
    TASKS,
    Overview,
    follow_project,
    waits_for_others,
)
from app.actions.review.decisions import Decision, decide, state_of
from app.actions.review.queue import Wanted, waiting_for
from app.actions.review.reports import open_report
from app.actions.review.reviews import Advice, advise
from app.actions.together.team import join_project
from app.store.database import read, write
from app.store.tables import organisation
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


def someone_at(demonstration: Demonstration, name: str, role: str) -> Demonstration:
    """The same with somebody of another organisation that takes part, in this role."""
    with write(demonstration.engine) as conn:
        named = select(organisation.c.id).where(organisation.c.name == name)
        where = conn.execute(named).scalar_one()
        person = add_person(conn, "Somebody", "somebody@demo.invalid", SEEDED_AT)
        take_in(conn, person, where, role, SEEDED_AT)
        join_project(conn, demonstration.people["lead"], "FP-0001", where, SEEDED_AT)
    actor = Actor(person, "Somebody", role, where, name)
    return replace(demonstration, people={**demonstration.people, role: actor})


def test_a_signature_that_nobody_waited_for_is_asked_for_when_its_stage_is_closed(
    demonstration: Demonstration,
) -> None:
    there = someone_at(demonstration, IVERMERE, "signatory")
    view = seen_by(there, "signatory")
    found = what_next(view)
    assert found.text == f"{IVERMERE} has not signed at the stage “Statement of intent” yet."
    assert (found.to, found.stage) == (SIGNING, "statement_of_intent")
    assert what_next(seen_by(demonstration, "signatory")).to != SIGNING
    with read(there.engine) as conn:
        queue = waiting_for(conn, there.people["signatory"], view.record.pipeline, SEEDED_AT.date())
    asked = {(one.project.reference, one.stage.id): one.wanted for one in queue}
    assert asked["FP-0001", "statement_of_intent"] is Wanted.SIGN
    assert asked["FP-0001", "dpia"] is not Wanted.SIGN


ACTS = {"measures_approved", "risk_accepted", "advice_followed", "views_considered", "review_owner"}
IVERMERE = "London Borough of Ivermere"


def decide_all(demonstration: Demonstration, actor: Actor, kinds: Iterable[str]) -> None:
    for kind in kinds:
        with write(demonstration.engine) as conn:
            report = open_report(conn, actor, demonstration.catalogues, "FP-0001", SEEDED_AT.date())
            declared = state_of(report, kind).declared
            choice = next(iter(declared.choices), "")
            decide(conn, (actor,), report, declared, Decision(choice, "The manager.", SEEDED_AT))


def advised(demonstration: Demonstration) -> None:
    with write(demonstration.engine) as conn:
        dpo = demonstration.people["dpo"]
        report = open_report(conn, dpo, demonstration.catalogues, "FP-0001", SEEDED_AT.date())
        advise(conn, dpo, report, Advice("Go ahead.", (), SEEDED_AT))


def as_role(demonstration: Demonstration, role: str) -> Demonstration:
    """The same with somebody of the leading organisation in a role that nobody looks as."""
    someone = replace(demonstration.people["security"], role=role)
    return replace(demonstration, people={**demonstration.people, role: someone})


@pytest.mark.parametrize("role", ["siro", "signatory"])
def test_whose_decisions_a_stage_waits_for_is_told_each_of_them_after_the_advice(
    demonstration: Demonstration, role: str
) -> None:
    here = as_role(demonstration, role)
    found = what_next(seen_by(here, role))
    assert (found.to, found.act) == (TASKS, "")
    assert found.then.startswith(
        "Yours to decide once the advice of the data protection officer is there: “Measures approved”"
    )
    advised(here)
    found = what_next(seen_by(here, role))
    assert found.text.startswith("5 acts of DPIA are yours to do: “Measures approved”")
    assert (found.to, found.label) == (DECISIONS, "Decide")


def test_the_last_act_of_somebody_is_named_and_led_to(demonstration: Demonstration) -> None:
    here = as_role(demonstration, "siro")
    advised(here)
    decide_all(here, here.people["siro"], sorted(ACTS - {"risk_accepted"}))
    found = what_next(seen_by(here, "siro"))
    assert found.text == "One act is yours to do: “Remaining risk accepted”."
    assert (found.to, found.act) == (DECISIONS, "risk_accepted")
    decide_all(here, here.people["siro"], ["risk_accepted"])
    assert what_next(seen_by(here, "siro")).act == ""


def test_a_caldicott_guardian_is_asked_for_the_view_that_the_answers_ask_for(
    demonstration: Demonstration,
) -> None:
    found = what_next(seen_by(as_role(demonstration, "caldicott"), "caldicott"))
    assert found.text == "One act is yours to do: “View on ethics”."
    assert found.act == "ethics_view"


def test_the_senior_owner_of_another_party_accepts_the_risk_and_nothing_else(
    demonstration: Demonstration,
) -> None:
    here = as_role(demonstration, "siro")
    advised(here)
    view = replace(seen_by(here, "siro"), reader=IVERMERE)
    assert [each.declared.id for each in view.wanted] == ["risk_accepted"]


def test_what_comes_with_a_decision_is_nobody_elses_to_answer(
    demonstration: Demonstration,
) -> None:
    view = seen_by(demonstration, "ig_lead")
    pages = {step.page.title for step in view.owed_by("ig_lead", view.report.current)}  # type: ignore[arg-type]
    assert "Who approves" in pages
    assert "Who approves" not in what_next(view).text + what_next(view).then
    told = {each.what for each in waits_for_others(seen_by(demonstration, "lead"))}
    assert not any("Who approves" in what for what in told)
    assert "7 decisions of this stage" in told
