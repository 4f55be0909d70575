"""Organisations on both databases: their records, who may change them, and what parties take from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select, update

from app.actions.actor import Actor
from app.actions.catalogues import Catalogues, Released
from app.actions.errors import NotAllowed, NotFound, OutOfDate
from app.actions.ig_map import State, draw_map
from app.actions.jobs import reassess
from app.actions.organisation_sheets import (
    ListedOrganisation,
    OrganisationLooked,
    answer_for,
    list_organisations,
    open_organisation,
    refresh,
    save_organisation_page,
)
from app.actions.organisations import (
    NameTaken,
    NewOrganisation,
    add_organisation,
    add_person,
    enter_organisation,
    take_in,
)
from app.actions.pages import PageInput, open_project, save_page, summarise
from app.actions.parties import PartyRow, place_of_record
from app.actions.projects import NewProject, history, start_project
from app.catalogue import Catalogue
from app.core.sheet import Change
from app.store.database import read, write
from app.store.releases import Publication, keep_release
from app.store.tables import answer_event, sheet
from tests.kept import who_is
from tests.shipped import shipped_catalogue
from tests.web.conftest import statements

NOBODY = "00000000-0000-7000-8000-000000000000"

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ON = AT.date()


@dataclass(frozen=True)
class Place:
    """Carnmere with two people, Hartvale with one, Lantern with none, sponsored by Hartvale; a project."""

    engine: Engine
    catalogues: Catalogues
    released: Released
    ann: Actor
    ben: Actor
    carnmere: UUID
    hartvale: UUID
    lantern: UUID
    reference: str

    def answer(self, actor: Actor, organisation: UUID, at: datetime = AT, **given: object) -> None:
        """Answer questions, written with __ for their dots."""
        answers = {id_.replace("__", "."): value for id_, value in given.items()}
        with write(self.engine) as conn:
            answer_for(conn, actor, self.released.of_organisations, organisation, answers, at)

    def listed(self, name: str) -> ListedOrganisation:
        with read(self.engine) as conn:
            return next(each for each in list_organisations(conn) if each.name == name)

    def open(self, actor: Actor, organisation: UUID, on: date = ON) -> OrganisationLooked:
        with read(self.engine) as conn:
            return open_organisation(conn, actor, self.catalogues, str(organisation), on)

    # The parties of the project

    def row(self, address: str) -> PartyRow:
        catalogue = self.released.catalogue
        assert catalogue.organisations is not None
        question = catalogue.program.questions["parties.list"]
        with read(self.engine) as conn:
            known = list_organisations(conn)
        return PartyRow(question, catalogue.organisations.pipeline, address, known)

    def save_row(self, address: str, newer: bool = False, **given: object) -> str:
        """Save a row of the parties as its page would; the address it has then."""
        with read(self.engine) as conn:
            looked = open_project(conn, self.ann, self.catalogues, self.reference, ON)
        seen = looked.opened.sheet.version
        changes = [Change(f"{address}/{column}", value, seen) for column, value in given.items()]
        if "+" in address:
            changes.insert(0, Change(address, {"owner": None}))
        row = self.row(address)
        also = row.take_newer() if newer else row.take_facts(changes)
        posted = PageInput("idea/partners", self.released.release.id, AT, changes, also=also)
        with write(self.engine) as conn:
            saved = save_page(conn, self.ann, self.catalogues, self.reference, posted)
        assert saved.merged.conflicts == ()
        return f"parties.list/{saved.merged.added.get(address, address.rpartition('/')[2])}"

    def says(self, address: str, column: str) -> tuple[object, str, datetime | None, str]:
        """What a row's column says, by whom, when and where."""
        with read(self.engine) as conn:
            looked = open_project(conn, self.ann, self.catalogues, self.reference, ON)
        entry = looked.opened.sheet.entries.get(f"{address}/{column}")
        return (entry.value, entry.by, entry.at, entry.where) if entry else (None, "", None, "")

    def newer(self, address: str) -> dict[str, object]:
        with read(self.engine) as conn:
            looked = open_project(conn, self.ann, self.catalogues, self.reference, ON)
        return {each.column.id: each.value for each in self.row(address).newer(looked.opened.sheet)}


@cache
def definitions() -> Catalogue:
    """The shipped definitions, compiled once for all tests here."""
    return shipped_catalogue()


@pytest.fixture
def place(engine: Engine) -> Place:
    catalogues, compiled = Catalogues(engine), definitions()
    with write(engine) as conn:
        release = keep_release(conn, Publication({}, compiled.hash, "LOTI", "", AT))
        released = Released(release, compiled)
        catalogues.by_id = {release.id: released}
        carnmere = add_organisation(conn, "Carnmere", "borough", AT)
        hartvale = add_organisation(conn, "Hartvale", "borough", AT)
        lantern = add_organisation(conn, "Lantern", "voluntary", AT, hartvale)
        people = []
        for name, home in (("Ann", carnmere), ("Ben", hartvale)):
            person = add_person(conn, name, f"{name}@demo.invalid", AT)
            take_in(conn, person, home, "lead", AT)
            people.append(who_is(conn, person))
        ann, ben = people
        assert ann
        assert ben
        new = NewProject("Warm homes", "new", "idea", released.release.id, AT)
        reference = start_project(conn, ann, new, summarise(released, ON))
    return Place(engine, catalogues, released, ann, ben, carnmere, hartvale, lantern, reference)


# Records


def test_an_answer_of_a_record_is_kept_with_its_event_and_told_in_brief(place: Place) -> None:
    place.answer(place.ann, place.carnmere, who__dpo_state="named", who__dpo="Head of rights")

    looked = place.open(place.ann, place.carnmere)
    assert looked.facts.values["who.dpo"] == "Head of rights"
    listed = place.listed("Carnmere")
    assert (listed.facts["who.dpo"].value, listed.facts["who.dpo"].at) == ("Head of rights", AT)
    assert listed.facts["role.dpo"].value == "named"
    with read(place.engine) as conn:
        events = select(answer_event).where(answer_event.c.subject_id == place.carnmere)
        kept = [(row.address, row.new, row.who) for row in conn.execute(events)]
    assert ("who.dpo", '"Head of rights"', "Ann") in kept


def test_a_hidden_answer_is_kept_and_told_to_nobody(place: Place) -> None:
    place.answer(place.ann, place.carnmere, who__dpo_state="named", who__dpo="Head of rights")
    place.answer(place.ann, place.carnmere, who__dpo_state="none_yet")

    assert "who.dpo" not in place.listed("Carnmere").facts
    place.answer(place.ann, place.carnmere, who__dpo_state="shared")
    assert place.listed("Carnmere").facts["who.dpo"].value == "Head of rights"


def test_opening_a_record_takes_one_statement_and_saving_a_page_three(place: Place) -> None:
    catalogues, release = place.catalogues, place.released.release.id
    with statements(place.engine) as sent:
        place.open(place.ann, place.carnmere)
    assert len(sent) == 1
    page = PageInput("set_up/registration", release, AT, [Change("org.kind", "borough")])
    with statements(place.engine) as sent, write(place.engine) as conn:
        save_organisation_page(conn, place.ann, catalogues, str(place.carnmere), page)
    assert len(sent) == 3
    with statements(place.engine) as sent, read(place.engine) as conn:
        assert len(list_organisations(conn)) == 3
    assert len(sent) == 1


MAY = [  # who, whose record, and whether they may change it
    ("ann", "carnmere", True),
    ("ann", "hartvale", False),
    ("ann", "lantern", True),  # nobody of its own yet
    ("ben", "lantern", True),  # of its sponsor
    ("ben", "carnmere", False),
]


@pytest.mark.parametrize(("who", "whose", "may"), MAY)
def test_who_may_change_a_record(place: Place, who: str, whose: str, may: bool) -> None:
    actor, organisation = getattr(place, who), getattr(place, whose)

    assert place.open(actor, organisation).opened.organisation.may_change is may
    if may:
        place.answer(actor, organisation, org__kind="borough")
        return
    with pytest.raises(NotAllowed):
        place.answer(actor, organisation, org__kind="borough")
    assert "org.kind" not in place.listed(whose.capitalize()).facts


def test_once_it_has_people_only_they_and_its_sponsor_keep_a_record(place: Place) -> None:
    with write(place.engine) as conn:
        person = add_person(conn, "Di", "di@demo.invalid", AT)
        take_in(conn, person, place.lantern, "lead", AT)

    assert not place.open(place.ann, place.lantern).opened.organisation.may_change
    assert place.open(place.ben, place.lantern).opened.organisation.may_change


@pytest.mark.parametrize("reference", ["", "FP-0001", "x" * 300, NOBODY])
def test_there_is_no_record_of_what_is_not_there(place: Place, reference: str) -> None:
    with read(place.engine) as conn, pytest.raises(NotFound):
        open_organisation(conn, place.ann, place.catalogues, reference, ON)


def test_a_page_of_another_release_is_not_saved(place: Place) -> None:
    page = PageInput("set_up/registration", uuid4(), AT, [Change("org.kind", "borough")])
    with write(place.engine) as conn, pytest.raises(OutOfDate):
        save_organisation_page(conn, place.ann, place.catalogues, str(place.carnmere), page)


def test_an_organisation_is_entered_with_its_kind_and_once(place: Place) -> None:
    theirs = place.released.of_organisations
    with write(place.engine) as conn:
        enter_organisation(conn, place.ann, theirs, NewOrganisation("Bow School", "school", AT))
    with write(place.engine) as conn, pytest.raises(NameTaken):
        enter_organisation(conn, place.ann, theirs, NewOrganisation("bow school", "school", AT))

    assert place.listed("Bow School").facts["org.kind"].value == "school"


# The map


def test_the_map_tells_gaps_from_what_is_not_needed_and_not_said(place: Place) -> None:
    place.answer(
        place.ann,
        place.carnmere,
        org__kind="borough",
        who__dpo_state="named",
        who__dpo="Head of rights",
        who__siro_state="none_yet",
        who__caldicott_state="not_needed",
        record__checked="2025-11-21",
    )
    theirs = place.released.catalogue.organisations
    assert theirs is not None
    with read(place.engine) as conn:
        drawn = draw_map(theirs, list_organisations(conn))

    carnmere, hartvale, _ = drawn.lines
    assert drawn.roles == ("DPO", "SIRO", "Caldicott Guardian", "IG lead", "Signatory")
    states = [cell.state for cell in carnmere.cells]
    # A borough works in care: to say that no Guardian is needed is a gap.
    assert states == [State.HELD, State.GAP, State.GAP, State.UNKNOWN, State.UNKNOWN]
    assert (carnmere.cells[0].holder, carnmere.cells[0].note) == ("Head of rights", "")
    assert (carnmere.gaps, carnmere.unknown, carnmere.again) == (2, 2, True)
    assert carnmere.checked == date(2025, 11, 21)
    assert {cell.state for cell in hartvale.cells} == {State.UNKNOWN}
    assert (hartvale.checked, hartvale.again) == (None, False)
    assert (drawn.gaps, drawn.again, drawn.unknown, drawn.whole) == (2, 1, 3, 0)


def test_lists_learn_by_the_day_that_a_delegation_has_ended(place: Place) -> None:
    place.answer(
        place.ann,
        place.carnmere,
        who__signatory_state="named",
        who__signatory="Director",
        who__delegation="ends",
        who__delegation_until="2026-11-30",
    )
    assert place.listed("Carnmere").facts["role.signatory"].value == "named"

    with write(place.engine) as conn:
        theirs = place.released.of_organisations
        assert not refresh(conn, theirs, place.carnmere, date(2026, 11, 30))
    changed = reassess(place.engine, place.catalogues, AT + timedelta(days=9))

    assert changed >= 1
    assert place.listed("Carnmere").facts["role.signatory"].value == "ended"
    assert place.listed("Carnmere").summary.raised == 1
    assert reassess(place.engine, place.catalogues, AT + timedelta(days=9)) == 0


# What a party takes


EARLIER = AT - timedelta(days=10)
LATER = AT + timedelta(days=3)


def test_a_party_takes_the_facts_of_its_organisation_with_their_date(place: Place) -> None:
    place.answer(
        place.ben,
        place.hartvale,
        EARLIER,
        org__kind="borough",
        who__dpo_state="shared",
        who__dpo="Shared officer",
        assurance__held=["dspt"],
    )
    row = place.save_row("parties.list/+k1", name=" hartvale ", dpo=None, role="controller")

    record = (f"{'Hartvale'}'s record", EARLIER, place_of_record(place.hartvale))
    assert place.says(row, "name")[0] == "Hartvale"
    assert place.says(row, "dpo") == ("Shared officer", *record)
    assert place.says(row, "kind") == ("borough", *record)
    assert place.says(row, "assurance") == (["dspt"], *record)
    assert place.says(row, "siro")[0] is None
    assert place.says(row, "role") == ("controller", "Ann", AT, "idea/partners")
    with read(place.engine) as conn:
        events = history(conn, place.ann, place.reference, f"{row}/dpo")
    # Who took it over and when is told by the event.
    assert [(e.new, e.who, e.at) for e in events] == [("Shared officer", "Ann", AT)]


@pytest.mark.parametrize(
    ("state", "body", "taken"),
    [
        ("committee", "Data ethics board", "Data ethics board"),
        ("contact", "Head of data, corporate services", "Head of data, corporate services"),
        ("none_yet", "Data ethics board", None),
    ],
)
def test_a_party_takes_from_the_record_who_looks_at_ethics_there(
    place: Place, state: str, body: str, taken: str | None
) -> None:
    said = {"who__ethics_state": state, "who__ethics_body": body}
    place.answer(place.ben, place.hartvale, EARLIER, **said)
    row = place.save_row("parties.list/+k1", name="Hartvale")
    assert place.says(row, "ethics_body")[0] == taken


def test_what_a_person_typed_is_never_overwritten_by_a_record(place: Place) -> None:
    place.answer(place.ben, place.hartvale, who__siro_state="named", who__siro="Director")
    row = place.save_row("parties.list/+k1", name="Hartvale", siro="Chief executive")

    assert place.says(row, "siro")[:2] == ("Chief executive", "Ann")
    place.save_row(row, name="Somebody else")
    place.save_row(row, name="Hartvale")
    assert place.says(row, "siro")[:2] == ("Chief executive", "Ann")


def test_another_name_brings_the_facts_of_the_other_record(place: Place) -> None:
    place.answer(place.ben, place.hartvale, who__siro_state="named", who__siro="Director")
    place.answer(place.ann, place.carnmere, who__siro_state="named", who__siro="Treasurer")
    row = place.save_row("parties.list/+k1", name="Hartvale")
    place.save_row(row, name="Carnmere", siro="Director")

    assert place.says(row, "siro")[0] == "Treasurer"
    assert place.says(row, "siro")[3] == place_of_record(place.carnmere)


def test_a_name_without_a_record_stays_free_text(place: Place) -> None:
    row = place.save_row("parties.list/+k1", name="Acme Hosting", dpo="Officer")
    assert place.says(row, "name")[:2] == ("Acme Hosting", "Ann")
    assert place.newer(row) == {}


def test_blanking_a_fact_and_saving_again_does_not_bring_it_back(place: Place) -> None:
    place.answer(place.ben, place.hartvale, who__siro_state="named", who__siro="Director")
    row = place.save_row("parties.list/+k1", name="Hartvale")
    place.save_row(row, name="Hartvale", siro=None)
    place.save_row(row, name="Hartvale", siro=None)

    assert place.says(row, "siro")[0] is None
    assert place.newer(row) == {}


def test_a_record_that_changes_changes_no_party_and_is_told_until_it_is_taken(
    place: Place,
) -> None:
    place.answer(place.ben, place.hartvale, EARLIER, who__siro_state="named", who__siro="Director")
    row = place.save_row("parties.list/+k1", name="Hartvale")
    assert place.newer(row) == {}

    place.answer(
        place.ben, place.hartvale, LATER, who__siro="Treasurer", who__ig_lead_state="named"
    )
    place.answer(place.ben, place.hartvale, LATER, who__ig_lead="IG manager")

    assert place.says(row, "siro")[0] == "Director"
    assert place.newer(row) == {"siro": "Treasurer", "ig_lead": "IG manager"}
    place.save_row(row, newer=True, name="Hartvale", siro="Director")
    assert place.says(row, "siro")[:3] == ("Treasurer", "Hartvale's record", LATER)
    assert place.says(row, "ig_lead")[0] == "IG manager"
    assert place.newer(row) == {}


def test_what_a_person_changed_after_the_record_is_not_called_older(place: Place) -> None:
    place.answer(place.ben, place.hartvale, EARLIER, who__siro_state="named", who__siro="Director")
    row = place.save_row("parties.list/+k1", name="Hartvale")
    place.save_row(row, name="Hartvale", siro="Chief executive")

    assert place.newer(row) == {}
    place.answer(place.ben, place.hartvale, LATER, who__siro="Treasurer")
    assert place.newer(row) == {"siro": "Treasurer"}


def test_a_project_reads_no_other_sheet_when_it_is_assessed(place: Place) -> None:
    place.save_row("parties.list/+k1", name="Hartvale")
    with statements(place.engine) as sent, read(place.engine) as conn:
        open_project(conn, place.ann, place.catalogues, place.reference, ON)
    assert len(sent) == 1


def test_projects_keep_nothing_in_brief(place: Place) -> None:
    with write(place.engine) as conn:
        assert conn.scalars(select(sheet.c.brief).where(sheet.c.kind == "project")).all() == [None]
        conn.execute(update(sheet).where(sheet.c.subject_id == place.carnmere).values(brief=None))
    assert place.listed("Carnmere").facts == {}
