"""Publishing a draft: what stands in its way, and whose yes counts; on both databases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from app.actions.actor import Actor
from app.actions.catalogues import Catalogues, Notes
from app.actions.definitions.drafts import (
    Typed,
    begin_draft,
    checked,
    discard_draft,
    open_draft,
    save_draft_file,
)
from app.actions.definitions.publishing import (
    LAW,
    SECOND,
    Saying,
    Weighed,
    answer_draft,
    ask_for_yes,
    check_draft,
    publish_draft,
    waiting_for,
    weigh_draft,
)
from app.actions.definitions.releases import newest_number, publish_files, releases_to_move_to
from app.actions.errors import NotAllowed, NotFound, OutOfDate
from app.actions.jobs import work_once
from app.actions.organisations import add_organisation, add_person, take_in
from app.proving import WORK
from app.store.database import counting, read, write
from tests.databases import NOW
from tests.kept import who_is
from tests.tiny import sources

QUESTION = {
    "id": "a.one",
    "type": "choice",
    "ask": "One?",
    "options": {"yes": "Yes", "no": "No"},
}
FLAG: dict[str, Any] = {
    "id": "R1",
    "title": "One is so",
    "when": {"===": [{"var": "a.one"}, "yes"]},
    "because": "One is so.",
    "source": "A law",
    "checked": False,
    "raised_by": [{"a.one": "yes"}],
    "not_by": [{"a.one": "no"}],
}
Change = tuple[dict[str, Any], dict[str, Any]]
WORDING: Change = ({"ask": "One, then?"}, {})
FLOW: Change = ({"options": {"yes": "Yes", "no": "No", "maybe": "Perhaps"}}, {})
MEANING: Change = (
    {},
    {
        "when": {"===": [{"var": "a.one"}, "no"]},
        "raised_by": [{"a.one": "no"}],
        "not_by": [{"a.one": "yes"}],
    },
)
STATED: Change = ({}, {"source": "Another law"})
CONFIRMED: Change = ({}, {"checked": "2026-11-22"})
PATHS = ("questionnaires/q.yaml", "rules/r.yaml")


def files(
    question: dict[str, Any] | None = None, flag: dict[str, Any] | None = None
) -> dict[str, bytes]:
    return sources([{**QUESTION, **(question or {})}], {"flags": [{**FLAG, **(flag or {})}]})


@dataclass(frozen=True)
class Loti:
    """Two editors, an officer, and a draft that the first has begun."""

    engine: Engine
    catalogues: Catalogues
    people: dict[str, Actor]
    draft: UUID

    def save(self, who: str, change: Change, minutes: int = 1) -> None:
        with write(self.engine) as conn:
            for path in PATHS:
                version = open_draft(conn, self.people["eve"], self.draft).version
                at = NOW + timedelta(minutes=minutes)
                typed = Typed(path, files(*change)[path], version, at)
                save_draft_file(conn, self.people[who], self.draft, typed)

    def weigh(self) -> Weighed:
        with read(self.engine) as conn:
            return weigh_draft(conn, self.people["eve"], self.draft)

    def prove(self) -> Weighed:
        with write(self.engine) as conn:
            check_draft(conn, self.people["eve"], self.draft, NOW)
        while work_once(self.engine, self.catalogues, NOW, WORK):
            pass
        return self.weigh()

    def say(self, who: str, said: str, **content: Any) -> Weighed:
        saying = Saying(self.weigh().hash, NOW, content)
        with write(self.engine) as conn:
            if said == "asked":
                ask_for_yes(conn, self.people[who], self.draft, saying)
            else:
                answer_draft(conn, self.people[who], self.draft, said, saying)
        return self.weigh()

    def nominate(self) -> None:
        self.say("eve", "asked", people=[str(self.people["dee"].person_id)])

    def publish(self, who: str = "eve", **content: Any) -> int:
        saying = Saying(self.weigh().hash, NOW, {"notes": "Why.", **content})
        with write(self.engine) as conn:
            published = publish_draft(conn, self.people[who], self.catalogues, self.draft, saying)
        return published.number


@pytest.fixture
def loti(engine: Engine) -> Loti:
    catalogues = Catalogues(engine)
    publish_files(catalogues, files(), Notes("LOTI", "First.", NOW))
    people: dict[str, Actor] = {}
    with write(engine) as conn:
        home = add_organisation(conn, "LOTI", "other", NOW)
        for name, role in (("eve", "editor"), ("fay", "editor"), ("dee", "dpo"), ("lee", "lead")):
            person = add_person(conn, name.title(), f"{name}@loti.example", NOW)
            take_in(conn, person, home, role, NOW)
            actor = who_is(conn, person)
            assert actor
            people[name] = actor
        draft = begin_draft(conn, people["eve"], "Spring wording", NOW)
    return Loti(engine, catalogues, people, draft)


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        pytest.param(WORDING, [], id="wording"),
        pytest.param(FLOW, [SECOND], id="flow"),
        pytest.param(MEANING, [SECOND], id="meaning"),
        pytest.param(STATED, [LAW], id="law"),
        pytest.param(CONFIRMED, [LAW], id="confirmed"),
        pytest.param((FLOW[0], STATED[1]), [SECOND, LAW], id="flow and law"),
    ],
)
def test_each_kind_of_change_needs_its_yes(loti: Loti, change: Change, kinds: list[str]) -> None:
    loti.save("eve", change)

    assert [need.kind for need in loti.weigh().needs] == kinds


def test_wording_alone_is_published_by_its_author_and_projects_stay(loti: Loti) -> None:
    loti.save("eve", WORDING)
    assert loti.prove().ready

    assert loti.publish() == 2
    assert loti.weigh().draft.state == "published"
    with read(loti.engine) as conn:
        assert newest_number(conn) == 2
        assert releases_to_move_to(conn) == {}


def test_projects_must_move_where_the_editor_says_why(loti: Loti) -> None:
    loti.save("eve", WORDING)
    loti.prove()
    loti.publish(must_move="The law changed.")

    with read(loti.engine) as conn:
        assert [mark.reason for mark in releases_to_move_to(conn).values()] == ["The law changed."]


def test_nothing_is_published_before_its_proofs_are_done(loti: Loti) -> None:
    loti.save("eve", WORDING)

    assert loti.weigh().stops == (
        "The proofs are not done yet.",
        "What it does to live projects is not worked out yet.",
    )
    with pytest.raises(NotAllowed, match="proofs are not done"):
        loti.publish()


def test_a_failed_proof_bars_publishing(loti: Loti) -> None:
    never = {"and": [{"===": [{"var": "a.one"}, "yes"]}, {"===": [{"var": "a.one"}, "no"]}]}
    loti.save("eve", ({}, {"when": never, "raised_by": [], "not_by": [{"a.one": "no"}]}))
    weighed = loti.prove()

    assert weighed.proved
    assert weighed.proved.findings[0].place[0] == "rules/r.yaml"
    assert "failed" in " ".join(weighed.stops)


def test_an_example_that_does_not_come_out_as_said_bars_publishing(loti: Loti) -> None:
    loti.save("eve", ({}, {"not_by": [{"a.one": "yes"}]}))
    weighed = loti.prove()

    assert weighed.proved
    assert [(file, id_) for file, id_, _ in weighed.proved.wrong] == [("rules/r.yaml", "R1")]
    assert not weighed.ready


def test_a_fault_bars_publishing(loti: Loti) -> None:
    loti.save("eve", ({}, {"when": {"===": [{"var": "a.two"}, "yes"]}}))

    assert loti.weigh().stops == ("1 fault in the files.",)


def test_a_draft_that_changes_nothing_is_not_published(loti: Loti) -> None:
    assert "Nothing differs" in loti.weigh().stops[0]


def test_a_draft_of_an_older_release_is_not_published_over_a_newer_one(loti: Loti) -> None:
    loti.save("eve", WORDING)
    loti.prove()
    publish_files(loti.catalogues, files({"ask": "Uno?"}), Notes("LOTI", "Second.", NOW))

    assert "Release 2 was published since" in loti.weigh().stops[0]
    with pytest.raises(NotAllowed):
        loti.publish()


@pytest.mark.parametrize(
    ("change", "author", "who", "counts"),
    [
        pytest.param(FLOW, "eve", "fay", True, id="another editor"),
        pytest.param(FLOW, "eve", "dee", True, id="an officer who was asked"),
        pytest.param(FLOW, "eve", "eve", False, id="the author"),
        pytest.param(FLOW, "fay", "fay", False, id="whoever else wrote some of it"),
        pytest.param(STATED, "eve", "dee", True, id="an officer on law"),
        pytest.param(STATED, "eve", "fay", False, id="another editor on law"),
    ],
)
def test_whose_yes_counts(loti: Loti, change: Change, author: str, who: str, counts: bool) -> None:
    loti.save("eve", WORDING)
    loti.save(author, change)
    loti.prove()
    loti.nominate()

    if not counts:
        with pytest.raises(NotAllowed):
            loti.say(who, "yes")
        assert not loti.weigh().ready
    else:
        assert loti.say(who, "yes").ready
        assert loti.publish() == 2


def test_an_officer_who_was_not_asked_has_no_say(loti: Loti) -> None:
    loti.save("eve", FLOW)
    with pytest.raises(NotAllowed, match="not asked"):
        loti.say("dee", "yes")


def test_who_was_asked_knows_until_they_have_answered(loti: Loti) -> None:
    def waits(who: str) -> bool:
        with read(loti.engine) as conn:
            asked = waiting_for(conn, loti.people[who])
            return loti.draft in {each.draft_id for each in asked}

    loti.save("eve", FLOW)
    assert not waits("dee")
    loti.nominate()
    assert (waits("dee"), waits("fay")) == (True, False)
    loti.say("dee", "yes")
    assert not waits("dee")


def test_a_yes_waits_since_it_was_asked_for_however_often_the_draft_is_saved(loti: Loti) -> None:
    loti.save("eve", FLOW)
    loti.nominate()
    loti.save("eve", WORDING)
    with counting(loti.engine) as statements, read(loti.engine) as conn:
        (asked,) = waiting_for(conn, loti.people["dee"])
    assert (asked.who, asked.at, len(statements)) == ("Eve", NOW, 1)


def test_a_draft_that_was_discarded_waits_for_nobody(loti: Loti) -> None:
    loti.save("eve", FLOW)
    loti.nominate()
    with write(loti.engine) as conn:
        discard_draft(conn, loti.people["eve"], loti.draft, NOW)
    with read(loti.engine) as conn:
        assert waiting_for(conn, loti.people["dee"]) == ()


def test_others_know_of_no_draft(loti: Loti) -> None:
    with pytest.raises(NotFound):
        loti.say("lee", "yes")


def test_a_later_edit_takes_a_yes_back_and_says_so(loti: Loti) -> None:
    loti.save("eve", FLOW)
    loti.say("fay", "yes")
    loti.save("eve", ({**FLOW[0], **WORDING[0]}, {}))
    need = loti.weigh().needs[0]

    assert need.met is None
    assert need.lapsed
    assert need.lapsed.who == "Fay"


def test_a_no_takes_back_an_earlier_yes_of_the_same_person(loti: Loti) -> None:
    loti.save("eve", FLOW)
    loti.say("fay", "yes")
    need = loti.say("fay", "no", reason="Too early.").needs[0]

    assert need.met is None
    assert need.refused
    assert need.refused.content["reason"] == "Too early."


def test_a_yes_to_what_is_no_longer_there_is_refused(loti: Loti) -> None:
    loti.save("eve", FLOW)
    seen = loti.weigh().hash
    loti.save("eve", MEANING)
    with pytest.raises(OutOfDate), write(loti.engine) as conn:
        answer_draft(conn, loti.people["fay"], loti.draft, "yes", Saying(seen, NOW))


def test_an_officer_publishes_nothing_and_asks_nobody(loti: Loti) -> None:
    loti.save("eve", WORDING)
    loti.prove()
    with pytest.raises(NotAllowed):
        loti.publish("dee")
    with pytest.raises(NotAllowed):
        loti.say("dee", "asked")


def test_what_is_published_is_what_the_draft_says(loti: Loti) -> None:
    loti.save("eve", WORDING)
    loti.prove()
    weighed = loti.weigh()
    loti.publish()

    assert loti.catalogues.newest().catalogue.hash == weighed.hash
    assert checked(weighed.files).catalogue is not None
    assert replace(weighed, words=()).hash == weighed.hash
