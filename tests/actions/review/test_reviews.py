"""What people do about flags and stages holds only for the answers it was done about."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.actions.assessments import document
from app.actions.errors import NotAllowed, NotFound, OutOfDate
from app.actions.organisation_sheets import answer_for
from app.actions.pages import PageInput, save_page
from app.actions.review.acts import NewAct, acts_of, record_act
from app.actions.review.binding import material, parties_to_sign, party_of, schedule_of
from app.actions.review.evidence import broken_links
from app.actions.review.queue import Wanted, waiting_for
from app.actions.review.reports import Report, open_report
from app.actions.review.reviews import (
    AcceptedRisk,
    Advice,
    Closing,
    JoinedRisk,
    Matter,
    accept_risk,
    accepted_as,
    advise,
    close_stage,
    dismiss_flag,
    join_risk,
    lift_stop,
    measures_of,
)
from app.actions.review.sign_off import BODY, changed_since, touches
from app.actions.review.signatures import (
    as_signed,
    lead_signature,
    sign_stage,
    signature_states,
    to_sign,
)
from app.core.days import day_of
from app.core.parts import routes_of
from app.core.sheet import Change
from app.store.database import read, write
from tests.actions.conftest import Demonstration
from tests.kept import read_document

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ON = date(2026, 11, 22)
FULL, NEARLY = "FP-0001", "FP-0002"
STOP, FLAG = "R10", "R27"
SIGNED = "sharing_agreement"


class Place(Demonstration):
    """The demonstration's people and projects in a database of our own."""

    def report(self, reference: str = FULL, stage: str | None = None, role: str = "lead") -> Report:
        with read(self.engine) as conn:
            return open_report(conn, self.people[role], self.catalogues, reference, ON, stage)

    def answer(self, reference: str, address: str, value: object) -> None:
        report = self.report(reference)
        seen = report.opened.sheet.version_of(address)
        page = PageInput(
            "test/page", report.looked.released.release.id, AT, [Change(address, value, seen)]
        )
        with write(self.engine) as conn:
            save_page(conn, self.people["lead"], self.catalogues, reference, page)

    def dismiss(self, flag: str, role: str = "lead") -> None:
        report = self.report()
        with write(self.engine) as conn:
            dismiss_flag(conn, self.people[role], report, report.flag(flag), ("Not here.", AT))

    def lift(self, flag: str, role: str = "dpo") -> None:
        report = self.report()
        with write(self.engine) as conn:
            lift_stop(conn, self.people[role], report, report.flag(flag), ("Section 251.", AT))


@pytest.fixture
def place(demonstration: Demonstration) -> Place:
    return Place(demonstration.engine, demonstration.catalogues, demonstration.people)


# Flags


def test_a_dismissal_lapses_when_an_answer_behind_the_flag_changes(place: Place) -> None:
    place.dismiss(FLAG)
    assert FLAG in place.report().record.answered
    place.answer(FULL, "project.benefits_public", "Something that this flag does not read.")
    assert FLAG in place.report().record.answered
    # The scale stays large and the flag says the same, yet it rests on another answer.
    place.answer(FULL, "subjects.area", "pan_london")
    report = place.report()
    assert report.flag(FLAG).raised
    assert FLAG not in report.record.answered


def test_a_stop_is_lifted_by_a_dpo_and_by_nobody_else(place: Place) -> None:
    with pytest.raises(NotAllowed, match="cannot be dismissed by the project"):
        place.dismiss(STOP)
    for role in ("lead", "ig_lead", "signatory", "editor"):
        with pytest.raises(NotAllowed, match="The data protection officer lifts a stop"):
            place.lift(STOP, role)
    assert STOP in [flag.id for flag in place.report().record.stops]
    place.lift(STOP)
    report = place.report()
    assert STOP not in [flag.id for flag in report.record.stops]
    assert STOP not in [flag.id for flag in report.standing("dpia").stops]
    assert report.flag(STOP).raised


def test_a_flag_that_stops_nothing_is_not_lifted(place: Place) -> None:
    with pytest.raises(NotFound):
        place.lift(FLAG)


def test_the_same_dismissal_sent_twice_is_one_act(place: Place) -> None:
    place.dismiss(FLAG)
    place.dismiss(FLAG)
    with read(place.engine) as conn:
        done = [act for act in acts_of(conn, place.people["lead"], FULL) if act.about == FLAG]
    assert [(act.kind, act.content["reason"], act.role) for act in done] == [
        ("dismiss", "Not here.", "lead")
    ]


# Risks


def accept(place: Place, flag: str, key: str = "+r00000001") -> None:
    report = place.report()
    raised = report.flag(flag)
    columns = {"title": "A child is named", "likelihood": "possible", "severity": "significant"}
    risk = AcceptedRisk(
        raised,
        key,
        columns,
        measures_of(report.record, raised)[:1],
        report.looked.released.release.id,
        AT,
    )
    with write(place.engine) as conn:
        accept_risk(conn, place.people["lead"], place.catalogues, report, risk)


def test_an_accepted_flag_is_a_row_with_its_origin_and_its_measures_are_actions(
    place: Place,
) -> None:
    names = place.report().record.pipeline.names
    assert names.actions
    before = len(place.report().record.facts.values.get(names.actions, ()))
    accept(place, FLAG)
    accept(place, FLAG)
    record = place.report().record
    row = record.facts.values[names.risks][-1]
    assert (row["origin"], row["title"], row["rating"]) == (FLAG, "A child is named", "medium")
    assert accepted_as(record)[FLAG] == row["id"]
    actions = record.facts.values[names.actions]
    assert len(actions) == before + 1
    (first, *_) = measures_of(record, place.report().flag(FLAG))
    assert actions[-1]["measure"] == first.title
    assert row["measures"].startswith(actions[-1]["measure"])


def test_a_joined_flag_leaves_what_was_written_and_adds_itself(place: Place) -> None:
    report = place.report()
    register = report.record.pipeline.names.risks
    first = report.record.facts.values[register][0]
    join(place, report, first["id"])
    joined = place.report().record.row(f"{register}/{first['id']}")
    assert joined
    assert joined["title"] == first["title"]
    assert joined["source"].startswith(first["source"])
    assert report.flag(FLAG).rule.because in joined["source"]
    assert FLAG in joined["origin"].split(", ")


def test_joining_a_risk_that_somebody_changed_meanwhile_is_refused(place: Place) -> None:
    report = place.report()
    register = report.record.pipeline.names.risks
    number = report.record.facts.values[register][0]["id"]
    place.answer(FULL, f"{register}/{number}/source", "Written meanwhile.")
    with pytest.raises(OutOfDate):
        join(place, report, number)
    row = place.report().record.row(f"{register}/{number}")
    assert row
    assert row["source"] == "Written meanwhile."
    assert FLAG not in row.get("origin", "")


def join(place: Place, report: Report, number: int) -> None:
    register = report.record.pipeline.names.risks
    columns = [column.id for column in report.record.question(register).columns]
    sheet = report.opened.sheet
    seen = {column: sheet.version_of(f"{register}/{number}/{column}") for column in columns}
    release = report.looked.released.release.id
    risk = JoinedRisk(report.flag(FLAG), "+r00000002", number, (), release, AT, seen)
    with write(place.engine) as conn:
        join_risk(conn, place.people["lead"], place.catalogues, report, risk)


# Advice, stages, signatures


def test_advice_is_what_the_stage_needs_and_only_a_dpo_gives_it(place: Place) -> None:
    said = Advice("Go ahead.", (Matter(STOP, "Confidence", "improve", "Ask Legal."),), AT)
    report = place.report()
    assert report.standing("dpia").needs == ("dpo_advice",)
    for role in ("lead", "signatory"):
        with pytest.raises(NotAllowed), write(place.engine) as conn:
            advise(conn, place.people[role], report, said)
    with write(place.engine) as conn:
        act = advise(conn, place.people["dpo"], report, said)
    assert (act.stage, act.content["matters"][0]["verdict"]) == ("dpia", "improve")
    assert place.report().standing("dpia").needs == ()


ADVISED = ("given", "by", "on", "proceed", "summary")


@pytest.mark.parametrize(
    ("reference", "page"),
    [(FULL, "dpia/advice"), ("FP-0003", "short_record/dpo-note")],
    ids=["full", "low risk"],
)
def test_advice_answers_what_is_asked_about_it_as_answers_of_who_gave_it(
    place: Place, reference: str, page: str
) -> None:
    dpo = place.people["dpo"]
    place.answer(reference, "dpo.advice_by", "Somebody else")
    before = place.report(reference)
    said = Advice("Under two conditions.", (), AT, "conditions")
    with write(place.engine) as conn:
        act = advise(conn, dpo, before, said)
    after = place.report(reference)
    asked = after.record.pipeline.advice
    assert asked
    ids = [getattr(asked, key) for key in ADVISED]
    answers = [after.record.value(id_) for id_ in ids]
    assert answers == ["given", dpo.name, "2026-11-22", "conditions", "Under two conditions."]
    given = [after.record.given[id_] for id_ in ids]
    assert {(each.by, each.where) for each in given if each.at == AT} >= {(dpo.name, page)}
    assert act.sheet_version == after.opened.sheet.version > before.opened.sheet.version
    with read(place.engine) as conn:
        assert changed_since(conn, after.opened.project.id, act.sheet_version) == {}
    with write(place.engine) as conn:
        again = replace(said, at=AT + timedelta(3))
        assert advise(conn, dpo, after, again) == act
    assert place.report(reference).opened.sheet == after.opened.sheet


def shut(place: Place, report: Report, role: str, *, signed: bool = True) -> None:
    standing = report.standing(report.stage)
    with write(place.engine) as conn:
        close_stage(conn, place.people[role], report, Closing(standing, signed, AT))


def test_a_stage_is_closed_by_its_person_when_nothing_holds_it_up(place: Place) -> None:
    report = place.report(NEARLY, SIGNED)
    with pytest.raises(NotAllowed, match="The signatory closes this stage, not the project lead"):
        shut(place, report, "lead")
    with pytest.raises(OutOfDate, match="still holds"):
        shut(place, report, "signatory", signed=False)
    with pytest.raises(OutOfDate, match="still holds"):
        shut(place, place.report(FULL, "dpia"), "signatory")
    shut(place, report, "signatory")
    after = place.report(NEARLY)
    assert after.opened.project.stage == "review"
    assert after.standing(SIGNED).closed


def test_a_stage_is_not_closed_over_answers_that_changed_meanwhile(place: Place) -> None:
    report = place.report(NEARLY, SIGNED)
    place.answer(NEARLY, "project.summary", "Another summary.")
    with pytest.raises(OutOfDate, match="meanwhile"):
        shut(place, report, "signatory")


def put(place: Place, role: str = "signatory", seal: str | None = None) -> None:
    report = place.report(NEARLY, SIGNED)
    shown = to_sign(report, place.people["signatory"], report.standing(SIGNED), (ON, AT))
    with write(place.engine) as conn:
        newest = place.catalogues.newest_in(conn)
        seal = seal or shown.signing.seal_hash
        sign_stage(conn, place.people[role], newest, report, shown, seal)


def states(place: Place) -> tuple[bool, list[str]]:
    """Whether the leading organisation's signature holds, and who has one that does not."""
    report = place.report(NEARLY, SIGNED)
    with read(place.engine) as conn:
        found = signature_states(conn, report, report.standing(SIGNED))
    stale = [state.organisation for state in found if state.stale]
    return lead_signature(report, found) is not None, stale


def test_a_signature_keeps_the_document_that_was_shown(place: Place) -> None:
    put(place)
    with read(place.engine) as conn:
        acts = acts_of(conn, place.people["lead"], NEARLY)
        kept = read_document(conn, place.people["lead"], NEARLY, str(acts[-1].document_sha256))
    assert kept
    assert kept.name == "FP-0002_sharing_agreement.docx"
    assert kept.content.startswith(b"PK")
    assert list(broken_links(acts)) == []
    assert states(place) == (True, [])


def test_only_a_signatory_signs_and_only_what_was_shown(place: Place) -> None:
    with pytest.raises(NotAllowed, match="signs for an organisation, not the project lead"):
        put(place, "lead")
    with pytest.raises(OutOfDate, match="changed since"):
        put(place, seal="0" * 64)
    assert states(place) == (False, [])


def test_nobody_signs_after_their_delegation_has_ended(place: Place) -> None:
    signatory, ig_lead = place.people["signatory"], place.people["ig_lead"]
    report = place.report(NEARLY, SIGNED)
    with write(place.engine) as conn:
        newest = place.catalogues.newest_in(conn)
        given = {"who.delegation": "ends", "who.delegation_until": ON.isoformat()}
        theirs = newest.of_organisations
        answer_for(conn, ig_lead, theirs, ig_lead.organisation_id, given, datetime.now(UTC))

    def sign_on(day: date) -> None:
        shown = to_sign(report, signatory, report.standing(SIGNED), (day, AT))
        with write(place.engine) as conn:
            sign_stage(conn, signatory, newest, report, shown, shown.signing.seal_hash)

    with pytest.raises(NotAllowed, match="The delegation has ended: so says the record of"):
        sign_on(ON + timedelta(days=1))
    assert states(place) == (False, [])
    sign_on(ON)
    assert states(place) == (True, [])


def test_nothing_is_signed_over_answers_that_change_while_it_is_signed(place: Place) -> None:
    report = place.report(NEARLY, SIGNED)
    signatory = place.people["signatory"]
    shown = to_sign(report, signatory, report.standing(SIGNED), (ON, AT))
    place.answer(NEARLY, "project.summary", "Another summary.")
    newest = place.catalogues.newest()
    with pytest.raises(OutOfDate), write(place.engine) as conn:
        sign_stage(conn, signatory, newest, report, shown, shown.signing.seal_hash)


def printed(place: Place) -> str:
    """The agreement as its document says it now."""
    report = place.report(NEARLY, SIGNED)
    with read(place.engine) as conn:
        told = as_signed(conn, report, SIGNED)
    return repr(document(told.looked.released.catalogue, told.record, SIGNED))


def test_nobodys_name_stands_under_what_they_have_not_signed(place: Place) -> None:
    other = NewAct("signature", "statement_of_intent", AT, "statement_of_intent", {"binds": [BODY]})
    with write(place.engine) as conn:
        record_act(conn, place.people["signatory"], NEARLY, other)
    assert "Signed by The signatory" not in printed(place)
    put(place)
    assert "Signed by The signatory" in printed(place)
    assert "status='Signed'" in printed(place)
    place.answer(NEARLY, "project.outcome", "Another outcome.")
    assert "Signed by The signatory" not in printed(place)
    assert "status='Draft'" in printed(place)


CHANGES = [
    pytest.param("project.outcome", "Another outcome.", True, id="printed in the common body"),
    pytest.param("idea.held_up", "Waiting for replies.", False, id="printed nowhere in it"),
    pytest.param("risks.actions/1/who", "Somebody else", False, id="not material"),
]


@pytest.mark.parametrize(("address", "value", "stale"), CHANGES)
def test_a_material_change_marks_a_signature_out_of_date_and_no_other_does(
    place: Place, address: str, value: str, stale: bool
) -> None:
    put(place)
    place.answer(NEARLY, address, value)
    assert states(place) == (not stale, ["London Borough of Carnmere"] if stale else [])


def test_a_schedule_rests_on_its_own_party_alone(place: Place) -> None:
    report = place.report(NEARLY)
    outline = report.looked.released.catalogue.outlines[SIGNED]
    parts = material(report.record, outline)
    first, second, *_ = parties_to_sign(report.record)
    own = f"parties.list/{first.row}/role"
    assert touches(own, parts[schedule_of(first.row)])
    assert not touches(own, parts[schedule_of(second.row)])
    assert not touches(f"parties.list/{first.row}/dpo", parts[schedule_of(first.row)])
    assert touches("project.outcome", parts[BODY])
    assert not touches("project.outcome", parts[schedule_of(first.row)])


def test_a_schedule_rests_on_the_legal_routes_of_its_own_party(place: Place) -> None:
    record = (report := place.report()).record
    outline = report.looked.released.catalogue.outlines[SIGNED]
    parts = material(record, outline)
    routes, parties = record.facts.values["law.routes"], record.facts.values["parties.list"]
    assert len(parties_to_sign(record)) > 1
    for party in parties_to_sign(record):
        row = next(each for each in parties if each["id"] == party.row)
        own = {route["id"] for route in routes_of(routes, row)}
        bound = {
            each["id"]
            for each in routes
            if touches(f"law.routes/{each['id']}/art6", parts[schedule_of(party.row)])
        }
        assert bound == own != set()


def test_an_organisation_is_known_by_its_full_or_short_name(place: Place) -> None:
    record = place.report().record
    for name in ("London Borough of Carnmere", "london borough of  carnmere", "Carnmere"):
        party = party_of(record, name)
        assert party
        assert party.name == "London Borough of Carnmere"
    for name in ("London Borough", "Cam", "London Borough of Millbourne", "Hosting supplier"):
        assert party_of(record, name) is None


# The queue


@pytest.mark.parametrize(
    ("role", "wanted"),
    [
        ("lead", {Wanted.ANSWER}),
        ("dpo", {Wanted.ADVISE, Wanted.ANSWER}),
        ("signatory", {Wanted.SIGN, Wanted.CLOSE}),
        ("editor", set()),
    ],
)
def test_the_queue_holds_what_the_stage_wants_of_this_person(
    place: Place, role: str, wanted: set[Wanted]
) -> None:
    pipeline = place.report().record.pipeline
    with read(place.engine) as conn:
        found = waiting_for(conn, place.people[role], pipeline, ON)
    assert {one.wanted for one in found} == wanted
    order = [list(Wanted).index(one.wanted) for one in found]
    assert order == sorted(order)


def test_what_was_signed_and_advised_leaves_the_queue(place: Place) -> None:
    put(place)
    report = place.report()
    with write(place.engine) as conn:
        advise(conn, place.people["dpo"], report, Advice("Go ahead.", (), AT + timedelta(1)))
    with read(place.engine) as conn:
        for role, gone in (("dpo", Wanted.ADVISE), ("signatory", Wanted.SIGN)):
            found = waiting_for(conn, place.people[role], report.record.pipeline, ON)
            assert (gone, NEARLY if gone is Wanted.SIGN else FULL) not in {
                (one.wanted, one.project.reference) for one in found
            }


def test_what_was_changed_after_advice_asks_for_another_look(place: Place) -> None:
    at = AT + timedelta(1)
    with write(place.engine) as conn:
        advise(conn, place.people["dpo"], place.report(), Advice("Go ahead.", (), at))

    def wanted() -> set[Wanted]:
        with read(place.engine) as conn:
            pipeline = place.report().record.pipeline
            found = waiting_for(conn, place.people["dpo"], pipeline, ON)
        return {one.wanted for one in found if one.project.reference == FULL}

    assert Wanted.LOOK not in wanted()
    place.answer(FULL, "project.benefits_public", "Something else.")
    assert wanted() == {Wanted.LOOK}


def test_work_is_asked_for_so_many_days_after_its_stage_began(place: Place) -> None:
    pipeline = place.report().record.pipeline
    with read(place.engine) as conn:
        found = waiting_for(conn, place.people["dpo"], pipeline, ON)
    assert any(one.stage.within for one in found)
    for one in found:
        assert one.by == day_of(one.since) + timedelta(days=one.stage.within or 0)
        assert one.since <= datetime.now(UTC)


def test_a_stranger_sees_no_report(place: Place) -> None:
    stranger = replace(place.people["lead"], organisation_id=place.people["lead"].person_id)
    with pytest.raises(NotFound), read(place.engine) as conn:
        open_report(conn, stranger, place.catalogues, FULL, ON)
