"""The acts that a pipeline declares: whose they are, what they answer, and who may not do both."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from app.actions.actor import Actor
from app.actions.answers import Posted, save_changes
from app.actions.errors import NotAllowed, NotFound, OutOfDate
from app.actions.mail.reminders import remind_of
from app.actions.organisations import add_organisation, take_in
from app.actions.pages import summarise
from app.actions.review.decisions import Decision, State, decide, state_of, states
from app.actions.review.queue import Wanted, waiting_for
from app.actions.review.reports import Report, open_report
from app.actions.review.reviews import Advice, Closing, advise, close_stage
from app.core.sheet import Change
from app.store.database import read, write
from app.store.tables import organisation, project_party, sheet
from tests.actions.conftest import Demonstration

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ON = date(2026, 11, 22)
ONE = "FP-0001"
ORGANISATIONS = select(organisation.c.id, organisation.c.name)


class Place(Demonstration):
    """The demonstration in a database of our own."""

    def report(self, actor: Actor | None = None) -> Report:
        with read(self.engine) as conn:
            return open_report(conn, actor or self.people["lead"], self.catalogues, ONE, ON)

    def state(self, kind: str) -> State:
        return state_of(self.report(), kind)

    def advise(self) -> None:
        with write(self.engine) as conn:
            advise(conn, self.people["dpo"], self.report(), Advice("Go ahead.", (), AT))

    def answer(self, answers: dict[str, object]) -> None:
        report, lead = self.report(), self.people["lead"]
        released, seen = report.looked.released, report.opened.sheet.version
        changes = [Change(address, value, seen) for address, value in answers.items()]
        posted = Posted(changes, "idea/start", AT, released.release.id)
        with write(self.engine) as conn:
            save_changes(conn, lead, ONE, posted, summarise(released, ON))

    def decide(
        self, kind: str, *actors: Actor, choice: str = "", words: str = "", at: datetime = AT
    ) -> None:
        report = self.report(actors[0])
        declared = state_of(report, kind).declared
        with write(self.engine) as conn:
            decide(conn, actors, report, declared, Decision(choice, words, at))

    def join(self, name: str, role: str, person: Actor) -> Actor:
        """Let an organisation take part, with this person in a role of it as well."""
        with write(self.engine) as conn:
            known = {row.name: row.id for row in conn.execute(ORGANISATIONS)}
            id_ = known.get(name) or add_organisation(conn, name, "borough", AT)
            take_in(conn, person.person_id, id_, role, AT)
            party = {"project_id": self.report().opened.project.id, "organisation_id": id_}
            conn.execute(insert(project_party), {**party, "since": AT})
        return replace(person, role=role, organisation_id=id_, organisation_name=name)


@pytest.fixture
def place(demonstration: Demonstration) -> Place:
    return Place(demonstration.engine, demonstration.catalogues, demonstration.people)


def test_every_declared_act_of_the_route_is_still_to_come(place: Place) -> None:
    found = {state.declared.id: state for state in states(place.report())}
    assert set(found) == {
        "measures_approved",
        "risk_accepted",
        "advice_followed",
        "views_considered",
        "review_owner",
        "advice_adopted",
        "ethics_view",
    }
    assert found["measures_approved"].missing == ("",)
    assert "London Borough of Carnmere" in found["risk_accepted"].missing
    assert found["advice_followed"].before == ("The advice of the data protection officer",)
    with pytest.raises(NotFound):
        place.state("something_else")


def test_each_controller_accepts_the_risk_for_itself(place: Place) -> None:
    before = place.state("risk_accepted").missing
    place.decide("risk_accepted", place.people["signatory"], words="Until the review.")
    state = place.state("risk_accepted")
    assert [(each.act.organisation, each.words) for each in state.done] == [
        ("London Borough of Carnmere", "Until the review.")
    ]
    assert state.missing == tuple(name for name in before if "Carnmere" not in name)
    assert state.missing


def test_an_act_answers_what_is_asked_about_it(place: Place) -> None:
    signatory = place.people["signatory"]
    place.decide("risk_accepted", signatory)
    place.decide("measures_approved", signatory)
    place.advise()
    place.decide("advice_followed", signatory, choice="partly", words="The tool is bought already.")
    record = place.report().record
    assert record.value("sign.residual") == record.value("sign.measures") == signatory.name
    assert record.value("sign.residual_date") == "2026-11-22"
    assert record.value("dpo.outcome") == "partly"
    assert record.value("dpo.outcome_by") == signatory.name
    assert record.value("dpo.overrule_recorded") == "yes"
    assert record.value("dpo.overrule_reason") == "The tool is bought already."


def test_an_act_is_dated_by_the_day_in_london(place: Place) -> None:
    half_past_midnight = datetime(2027, 7, 31, 23, 30, tzinfo=UTC)
    place.decide("risk_accepted", place.people["signatory"], at=half_past_midnight)
    assert place.report().record.value("sign.residual_date") == "2027-08-01"


def test_the_answers_are_those_of_the_organisation_that_leads(place: Place) -> None:
    name = next(n for n in place.state("risk_accepted").missing if "Carnmere" not in n)
    other = place.join(name, "signatory", place.people["signatory"])
    place.decide("risk_accepted", other)
    assert place.report().record.value("sign.residual") is None


@pytest.mark.parametrize("role", ["lead", "ig_lead", "dpo", "party", "editor"])
def test_nobody_accepts_the_risk_but_those_whose_act_it_is(place: Place, role: str) -> None:
    report = place.report()
    declared = state_of(report, "risk_accepted").declared
    with pytest.raises(NotAllowed, match="accepts the remaining risk"), write(place.engine) as conn:
        decide(conn, [place.people[role]], report, declared, Decision("", "", AT))


def test_an_organisation_that_is_no_party_decides_nothing(place: Place) -> None:
    stranger = place.join("Library of Nowhere", "signatory", place.people["signatory"])
    with pytest.raises(NotAllowed, match="Library of Nowhere is no party"):
        place.decide("risk_accepted", stranger)


def test_whoever_advised_accepts_no_risk_and_overrules_nobody(place: Place) -> None:
    place.advise()
    advised = replace(place.people["dpo"], role="signatory")
    for kind, choice in (
        ("risk_accepted", ""),
        ("measures_approved", ""),
        ("advice_followed", "accepted"),
    ):
        with pytest.raises(NotAllowed, match="cannot do this one as well"):
            place.decide(kind, advised, choice=choice)


def test_whoever_accepted_the_risk_does_not_advise_afterwards(place: Place) -> None:
    owner = replace(place.people["security"], role="siro")
    place.decide("risk_accepted", owner)
    report = place.report()
    with pytest.raises(NotAllowed, match="Remaining risk accepted"), write(place.engine) as conn:
        advise(conn, replace(owner, role="dpo"), report, Advice("Go ahead.", (), AT))


def test_what_comes_first_comes_first(place: Place) -> None:
    with pytest.raises(OutOfDate, match="advice of the data protection officer comes first"):
        place.decide("advice_followed", place.people["signatory"], choice="accepted")


@pytest.mark.parametrize(
    ("kind", "choice", "said"),
    [
        ("advice_followed", "", "Choose"),
        ("advice_followed", "overruled", "Say why"),
        ("review_owner", "", "Say why"),
    ],
)
def test_what_the_form_does_not_offer_is_refused(
    place: Place, kind: str, choice: str, said: str
) -> None:
    place.advise()
    with pytest.raises(NotAllowed, match=said):
        place.decide(kind, place.people["signatory"], choice=choice)


def test_sending_it_twice_does_it_once(place: Place) -> None:
    report = place.report()
    declared = state_of(report, "review_owner").declared
    for _ in range(2):
        with write(place.engine) as conn:
            decide(conn, [place.people["ig_lead"]], report, declared, Decision("", "Ann", AT))
    acts = [act for act in place.report().record.acts if act.kind == "review_owner"]
    assert len(acts) == 1


def test_silence_adopts_nothing_and_the_adviser_needs_not_adopt(place: Place) -> None:
    place.advise()
    missing = place.state("advice_adopted").missing
    assert missing
    assert not any("Carnmere" in name for name in missing)


def test_one_officer_of_several_organisations_adopts_for_all_at_once(place: Place) -> None:
    place.advise()
    names = place.state("advice_adopted").missing[:2]
    assert len(names) == 2, "the sample has several parties"
    deputy = place.people["party"]
    hats = [place.join(name, "dpo", deputy) for name in names]
    place.decide("advice_adopted", *hats, choice="note", words="Not for flow 4.")
    state = place.state("advice_adopted")
    assert not set(names) & set(state.missing)
    assert [(each.choice, each.words) for each in state.done] == [("note", "Not for flow 4.")] * 2


def test_answers_that_change_afterwards_show(place: Place) -> None:
    place.decide("risk_accepted", place.people["signatory"])
    assert [each.changed for each in place.state("risk_accepted").done] == [False]
    place.decide("review_owner", place.people["ig_lead"], words="Ann", at=AT + timedelta(1))
    assert [each.changed for each in place.state("risk_accepted").done] == [False]
    # What an act answers is no change to what was decided before it.
    place.decide("measures_approved", place.people["signatory"], at=AT + timedelta(1))
    assert [each.changed for each in place.state("risk_accepted").done] == [False]
    place.answer({"project.title": "Another title"})
    assert [each.changed for each in place.state("risk_accepted").done] == [True]
    assert [each.changed for each in place.state("measures_approved").done] == [True]


VIEW = "ethics_view"
WEIGHTS = ("ethics.linked", "ethics.sensitive", "ethics.patient", "ethics.protected")


def test_a_view_on_ethics_is_asked_for_only_while_the_answers_ask_for_it(place: Place) -> None:
    assert VIEW in {state.declared.id for state in states(place.report())}
    record = place.report().record
    assert record.tolerances
    asked = record.facts.program.questions.values()
    best: dict[str, object] = {
        each.id: "1" for each in asked if each.id.startswith("ethics.") and "1" in each.options
    }
    place.answer(best | dict.fromkeys(WEIGHTS, "no"))
    assert place.report().record.facts.values["ethics.view_wanted"] is False
    assert VIEW not in {state.declared.id for state in states(place.report())}


def test_a_view_on_ethics_is_not_given_by_whoever_leads_and_says_what_has_to_change(
    place: Place,
) -> None:
    lead, ig_lead = place.people["lead"], place.people["ig_lead"]
    for who in (lead, replace(lead, role="ig_lead"), place.people["dpo"]):
        with pytest.raises(NotAllowed):
            place.decide(VIEW, who, choice="content")
    with pytest.raises(NotAllowed):
        place.decide(VIEW, ig_lead, choice="committee")
    place.decide(VIEW, ig_lead, choice="committee", words="It cannot be made safer.")
    (done,) = place.state(VIEW).done
    assert (done.choice, done.words) == ("committee", "It cannot be made safer.")
    declared = place.state(VIEW).declared
    assert declared.opens["committee"] in place.report().looked.released.catalogue.outlines


def test_what_is_theirs_to_decide_stands_in_the_queue_after_the_advice_until_each_has_done_it(
    place: Place,
) -> None:
    ours = replace(place.people["security"], role="siro")
    theirs = place.join("London Borough of Ivermere", "siro", place.people["party"])

    def decides(actor: Actor) -> bool:
        with read(place.engine) as conn:
            found = waiting_for(conn, actor, place.report().record.pipeline, ON)
        return Wanted.DECIDE in {one.wanted for one in found if one.project.reference == ONE}

    assert not decides(ours)
    place.advise()
    assert decides(ours)
    assert decides(theirs)
    assert not decides(place.people["lead"])
    place.decide("ethics_view", place.people["ig_lead"], choice="content")
    assert decides(place.people["ig_lead"])
    place.decide("risk_accepted", theirs)
    assert not decides(theirs)
    assert decides(ours)
    place.decide("risk_accepted", ours)
    place.decide("measures_approved", ours)
    place.decide("advice_followed", ours, choice="accepted")
    place.decide("views_considered", ours, choice="no")
    place.decide("review_owner", ours, words="The service manager.")
    assert not decides(ours)
    assert not decides(place.people["ig_lead"])


@pytest.mark.parametrize(
    ("role", "asked"), [("siro", Wanted.DECIDE), ("dpo", Wanted.ADOPT)], ids=["siro", "dpo"]
)
def test_what_each_controller_decides_is_not_asked_of_whoever_takes_part_and_is_none(
    place: Place, role: str, asked: Wanted
) -> None:
    borough = place.join("London Borough of Ivermere", role, place.people["party"])
    supplier = place.join("Supplier of an invention", role, place.people["editor"])
    place.advise()

    def wanted(actor: Actor) -> set[Wanted]:
        with read(place.engine) as conn:
            found = waiting_for(conn, actor, place.report().record.pipeline, ON)
        return {one.wanted for one in found if one.project.reference == ONE}

    assert asked in wanted(borough)
    assert asked not in wanted(supplier)
    with write(place.engine) as conn:
        conn.execute(update(sheet).values(deciding=None))  # kept before this was written
    assert asked in wanted(supplier)


def test_only_the_organisation_that_leads_is_asked_to_advise_and_to_close(place: Place) -> None:
    pipeline = place.report().record.pipeline
    officer = place.join("London Borough of Ivermere", "dpo", place.people["party"])
    theirs = {"dpo": officer, "signatory": replace(officer, role="signatory")}

    def asked(actor: Actor) -> set[Wanted]:
        with read(place.engine) as conn:
            found = waiting_for(conn, actor, pipeline, ON)
        return {one.wanted for one in found if one.project.reference == ONE}

    assert asked(place.people["dpo"]) == {Wanted.ADVISE}
    assert asked(place.people["signatory"]) == {Wanted.CLOSE}
    assert asked(theirs["dpo"]) == {Wanted.ANSWER}
    # Nobody waited for their signature of the statement of intent.
    assert asked(theirs["signatory"]) == {Wanted.SIGN, Wanted.ANSWER}
    place.advise()
    assert asked(theirs["dpo"]) == {Wanted.ADOPT}
    assert asked(theirs["signatory"]) == {Wanted.SIGN, Wanted.DECIDE}


def test_another_organisations_signatory_closes_no_stage(place: Place) -> None:
    theirs = place.join("London Borough of Ivermere", "signatory", place.people["party"])
    report = place.report(theirs)
    closing = Closing(report.standing("dpia"), signed=True, at=AT)
    with (
        write(place.engine) as conn,
        pytest.raises(NotAllowed, match="Only the organisation that leads"),
    ):
        close_stage(conn, theirs, report, closing)


def test_what_is_done_once_for_the_project_is_done_by_the_organisation_that_leads(
    place: Place,
) -> None:
    theirs = place.join("London Borough of Ivermere", "siro", place.people["party"])
    with pytest.raises(NotAllowed, match="by the organisation that leads"):
        place.decide("measures_approved", theirs)
    place.decide("risk_accepted", theirs)
    assert "London Borough of Ivermere" not in place.state("risk_accepted").missing


def test_a_letter_leads_to_the_place_where_what_is_asked_is_done(place: Place) -> None:
    ours = replace(place.people["security"], role="siro")
    theirs = place.join("London Borough of Ivermere", "dpo", place.people["party"])

    def paths(actor: Actor) -> set[str]:
        pipeline = place.report().record.pipeline
        with read(place.engine) as conn:
            return {one.path for one in remind_of(conn, actor, pipeline, ON, AT)}

    assert f"/projects/{ONE}/advice" in paths(place.people["dpo"])
    place.advise()
    assert f"/projects/{ONE}/decisions" in paths(ours)
    assert f"/projects/{ONE}/asked" in paths(theirs)
    assert "/projects/FP-0003/stages/short_record/sign" in paths(place.people["signatory"])
