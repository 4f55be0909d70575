"""The law behind rules: confirmed into an officer's own draft, disputed, and what the digest says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError

from app.actions.actor import Actor
from app.actions.catalogues import Catalogues, Notes
from app.actions.definitions.digest import Digest, digest
from app.actions.definitions.drafts import discard_draft, draft_files, open_draft
from app.actions.definitions.law import confirm_law, dispute_law, open_statement
from app.actions.definitions.publishing import (
    LAW,
    Saying,
    Weighed,
    check_draft,
    publish_draft,
    weigh_draft,
)
from app.actions.definitions.releases import publish_files
from app.actions.errors import NotAllowed, NotFound
from app.actions.jobs import work_once
from app.actions.organisations import add_organisation, add_person, take_in
from app.proving import WORK
from app.store.database import read, write
from app.store.definitions import draft, law_word
from tests.actions.definitions.test_publishing import files
from tests.databases import NOW
from tests.kept import who_is


@dataclass(frozen=True)
class Law:
    """Two officers and an editor, with one release."""

    engine: Engine
    catalogues: Catalogues
    people: dict[str, Actor]

    def seen(self, rule: str = "R1") -> str:
        with read(self.engine) as conn:
            return open_statement(conn, self.catalogues, rule).hash

    def confirm(self, who: str, rule: str = "R1") -> UUID:
        with write(self.engine) as conn:
            return confirm_law(conn, self.people[who], self.catalogues, rule, self.seen(rule), NOW)

    def dispute(self, who: str, rule: str = "R1") -> None:
        with write(self.engine) as conn:
            said = (self.seen(rule), "The section was repealed.", NOW)
            dispute_law(conn, self.people[who], self.catalogues, rule, said)

    def weigh(self, draft_id: UUID) -> Weighed:
        with read(self.engine) as conn:
            return weigh_draft(conn, self.people["eve"], draft_id)

    def publish(self, draft_id: UUID) -> None:
        with write(self.engine) as conn:
            check_draft(conn, self.people["eve"], draft_id, NOW)
        while work_once(self.engine, self.catalogues, NOW, WORK):
            pass
        saying = Saying(self.weigh(draft_id).hash, NOW, {"notes": "The law was confirmed."})
        with write(self.engine) as conn:
            publish_draft(conn, self.people["eve"], self.catalogues, draft_id, saying)

    def change(self, **keys: Any) -> None:
        notes = Notes("LOTI", "Another.", NOW + timedelta(hours=1))
        publish_files(self.catalogues, files({}, keys), notes)

    def digest(self) -> Digest:
        with read(self.engine) as conn:
            return digest(conn, self.catalogues.newest().catalogue, NOW.date(), 365)


@pytest.fixture
def law(engine: Engine) -> Law:
    catalogues = Catalogues(engine)
    publish_files(catalogues, files(), Notes("LOTI", "First.", NOW))
    people: dict[str, Actor] = {}
    with write(engine) as conn:
        home = add_organisation(conn, "LOTI", "other", NOW)
        for name, role in (("eve", "editor"), ("dee", "dpo"), ("dan", "dpo"), ("lee", "lead")):
            person = add_person(conn, name.title(), f"{name}@loti.example", NOW)
            take_in(conn, person, home, role, NOW)
            actor = who_is(conn, person)
            assert actor
            people[name] = actor
    return Law(engine, catalogues, people)


def test_a_confirmation_is_written_beside_the_source_with_name_and_day(law: Law) -> None:
    draft_id = law.confirm("dee")
    catalogue = law.weigh(draft_id).checked.catalogue

    assert catalogue
    rule = catalogue.program.flags[0].rule
    assert (rule.checked, rule.checked_by) == ("2026-11-22", "Dee, LOTI")


def test_only_the_lines_of_the_confirmation_change(law: Law) -> None:
    draft_id = law.confirm("dee")
    with read(law.engine) as conn:
        now = draft_files(conn, open_draft(conn, law.people["eve"], draft_id))
    changed = [path for path, text in files().items() if now[path] != text]

    assert changed == ["rules/r.yaml"]
    said = b'"checked": "2026-11-22", checked_by: "Dee, LOTI"'
    assert now["rules/r.yaml"] == files()["rules/r.yaml"].replace(b'"checked": false', said)


def test_the_officers_own_yes_is_the_needed_one_and_an_editor_publishes(law: Law) -> None:
    draft_id = law.confirm("dee")
    need = law.weigh(draft_id).needs[0]

    assert [each.kind for each in law.weigh(draft_id).needs] == [LAW]
    assert need.met
    assert need.met.who == "Dee"
    law.publish(draft_id)
    assert law.catalogues.newest().catalogue.program.flags[0].rule.checked == "2026-11-22"
    assert law.digest().unconfirmed == ()


def test_each_officer_has_a_draft_of_their_own(law: Law) -> None:
    assert law.confirm("dee") != law.confirm("dan")
    assert law.confirm("dee") == law.confirm("dee")
    with read(law.engine) as conn:
        assert conn.scalar(select(func.count()).select_from(draft)) == 2


@pytest.mark.parametrize("who", ["eve", "lee"])
def test_only_officers_confirm_or_dispute(law: Law, who: str) -> None:
    with pytest.raises(NotAllowed):
        law.confirm(who)
    with pytest.raises(NotAllowed):
        law.dispute(who)


def test_a_rule_that_there_is_not_is_not_found(law: Law) -> None:
    with pytest.raises(NotFound):
        law.seen("R99")


def test_words_that_changed_since_they_were_seen_are_not_confirmed(law: Law) -> None:
    seen = law.seen()
    law.change(source="Another Act")
    with pytest.raises(NotAllowed, match="changed meanwhile"), write(law.engine) as conn:
        confirm_law(conn, law.people["dee"], law.catalogues, "R1", seen, NOW)


def test_a_dispute_is_in_the_digest_with_its_reason(law: Law) -> None:
    law.dispute("dee")

    assert [(id_, word.reason) for (id_, _), word in law.digest().disputed] == [
        ("R1", "The section was repealed.")
    ]


def test_a_dispute_ends_when_the_words_change_or_an_officer_confirms_them(law: Law) -> None:
    law.dispute("dee")
    law.change(source="Another Act")
    assert law.digest().disputed == ()
    law.dispute("dee")
    law.confirm("dan")
    assert law.digest().disputed == ()


def said(law: Law) -> list[str]:
    with read(law.engine) as conn:
        return list(conn.scalars(select(law_word.c.said).order_by(law_word.c.seq)))


def test_what_an_officer_says_twice_in_the_same_words_is_said_once(law: Law) -> None:
    assert law.confirm("dee") == law.confirm("dee")
    law.dispute("dee")
    law.dispute("dee")
    assert said(law) == ["confirmed", "disputed"]
    law.confirm("dee")
    law.confirm("dan")
    assert said(law) == ["confirmed", "disputed", "confirmed", "confirmed"]


def test_a_confirmation_whose_draft_was_discarded_can_be_given_again(law: Law) -> None:
    first = law.confirm("dee")
    with write(law.engine) as conn:
        discard_draft(conn, law.people["eve"], first, NOW)
    assert law.confirm("dee") != first
    assert said(law) == ["confirmed", "confirmed"]


def test_words_changed_after_a_confirmation_are_to_be_confirmed_again(law: Law) -> None:
    law.confirm("dee")
    assert law.digest().changed == ()
    law.change(checked="2026-11-22", because="Something else.")

    assert [id_ for (id_, _), _ in law.digest().changed] == ["R1"]


@pytest.mark.parametrize(
    ("checked", "until", "old", "ended"),
    [
        pytest.param("2025-11-21", None, True, False, id="read more than a year ago"),
        pytest.param("2025-11-22", None, False, False, id="read a year ago"),
        pytest.param("2026-11-21", "2026-11-21", False, True, id="in force until yesterday"),
        pytest.param("2026-11-21", "2026-11-22", False, False, id="in force until today"),
    ],
)
def test_what_is_old_is_in_the_digest(
    law: Law, checked: str, until: str | None, old: bool, ended: bool
) -> None:
    law.change(checked=checked, **({"effective_to": until} if until else {}))
    found = law.digest()

    assert (bool(found.old), bool(found.ended)) == (old, ended)


def test_what_an_officer_said_stays_said(law: Law) -> None:
    law.dispute("dee")
    with pytest.raises(DBAPIError), write(law.engine) as conn:
        conn.execute(law_word.delete())
