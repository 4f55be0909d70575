"""What changed since a moment: answers, flags and law, each once and as it was then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from app.actions.actor import Actor
from app.actions.answers import Posted, open_sheet, save_changes
from app.actions.definitions.law import law_hash
from app.actions.pages import summarise
from app.actions.review.reports import open_report
from app.actions.review.since import (
    ADDED,
    CHANGED,
    CLEARED,
    RAISED,
    REMOVED,
    Changes,
    Moment,
    changes_since,
)
from app.core.sheet import Change
from app.store.database import read, write
from app.store.definitions import law_word
from tests.actions.review.test_decisions import ON, ONE, Place, place
from tests.actions.test_moving import Moving, moving

__all__ = ["moving", "place"]

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


def now(place: Place, who: str = "lead") -> Moment:
    return Moment(place.report(place.people[who]).opened.sheet.version, AT)


def since(place: Place, moment: Moment, who: str = "lead") -> Changes:
    with read(place.engine) as conn:
        report = open_report(conn, place.people[who], place.catalogues, ONE, ON)
        return changes_since(conn, place.catalogues, report, moment)


def answer(place: Place, actor: Actor, **answers: object) -> None:
    changes = []
    with read(place.engine) as conn:
        opened = open_sheet(conn, actor, ONE)
        released = place.catalogues.of(conn, opened.project.release_id)
    for address, value in answers.items():
        at = address.replace("__", ".").replace("_of_", "/")
        changes.append(Change(at, value, opened.sheet.version))
    posted = Posted(changes, "idea/goal", LATER, released.release.id)
    with write(place.engine) as conn:
        save_changes(conn, actor, ONE, posted, summarise(released, AT.date()))


def test_nothing_has_changed_at_the_moment_itself(place: Place) -> None:
    assert not since(place, now(place))


def test_an_answer_tells_what_it_was_and_who_changed_it_once(place: Place) -> None:
    moment = now(place)
    lead = place.people["lead"]
    before = str(place.report().record.facts.values["project.title"])
    answer(place, lead, project__title="A name between")
    answer(place, lead, project__title="Another name")
    (found,) = since(place, moment).answers
    assert (found.how, found.before, found.after) == (CHANGED, before, "Another name")
    assert (found.who, found.at, found.person_id) == (lead.name, LATER, lead.person_id)
    assert not since(place, moment).by_others(lead.person_id).answers
    answer(place, lead, project__title=before)
    assert not since(place, moment).answers


@pytest.mark.parametrize("how", [CLEARED, RAISED])
def test_a_flag_that_came_or_went_is_told_with_the_answer_behind_it(place: Place, how: str) -> None:
    moment = now(place)
    record = place.report().record
    flag = next(f for f in record.raised if f.rule.kind == "tolerance")
    item = flag.rule.id.replace("tolerance.", "ethics.")
    was = record.facts.values[item]
    answer(place, place.people["lead"], **{item.replace(".", "__"): "1"})
    if how == RAISED:
        moment = now(place)
        answer(place, place.people["lead"], **{item.replace(".", "__"): was})
    told = {(each.flag, each.how) for each in since(place, moment).flags}
    assert (flag.id, how) in told


def test_a_row_that_came_or_went_is_one_change_and_keeps_its_name(place: Place) -> None:
    lead, moment = place.people["lead"], now(place)
    rows = place.report().record.facts.values["parties.list"]
    gone, name = rows[-1]["id"], rows[-1]["name"]
    answer(place, lead, **{f"parties__list_of_{gone}": None})
    (found,) = (a for a in since(place, moment).answers if a.address.startswith("parties.list"))
    assert (found.how, name in found.title) == (REMOVED, True)
    after = now(place)
    answer(place, lead, **{"parties__list_of_+1": {"name": "The Canary Trust"}})
    (found,) = (a for a in since(place, after).answers if a.address.startswith("parties.list"))
    assert (found.how, "The Canary Trust" in found.title) == (ADDED, True)


def test_an_answer_that_is_restricted_is_not_told_to_whoever_may_not_see_it(place: Place) -> None:
    program = place.report().record.facts.program
    kinds = ("text", "long_text")
    id_ = next(q.id for q in program.questions.values() if q.restricted and q.type in kinds)
    moment = now(place)
    answer(place, place.people["security"], **{id_.replace(".", "__"): "CANARY-7731"})
    seen = {who: repr(since(place, moment, who)) for who in ("lead", "dpo")}
    assert ("CANARY-7731" in seen["dpo"], "CANARY-7731" in seen["lead"]) == (True, False)


def test_words_of_an_officer_on_the_law_of_a_raised_rule_are_told(place: Place) -> None:
    moment, dpo = now(place), place.people["dpo"]
    rule = place.report().record.raised[0].rule
    word = {
        "rule": rule.id,
        "seq": 1,
        "said": "confirmed",
        "reason": "",
        "hash": law_hash(rule),
        "person_id": dpo.person_id,
        "who": dpo.name,
        "organisation": dpo.organisation_name,
        "at": LATER,
    }
    with write(place.engine) as conn:
        conn.execute(insert(law_word), word)
        conn.execute(insert(law_word), {**word, "seq": 2, "hash": "0" * 64})
    (found,) = since(place, moment).law
    assert (found.title, found.text) == (rule.title, "The law behind it was confirmed.")


@pytest.mark.parametrize("version", [None, 0])
def test_a_move_is_told_as_law_and_what_it_wrote_as_no_answer(
    moving: Moving, version: int | None
) -> None:
    with read(moving.engine) as conn:
        seen = open_sheet(conn, moving.ann, moving.reference).sheet.version
    moving.move(2)
    moment = Moment(seen if version is None else version, AT - timedelta(days=1))
    with read(moving.engine) as conn:
        report = open_report(conn, moving.ann, moving.catalogues, moving.reference, ON)
        found = changes_since(conn, moving.catalogues, report, moment)
    assert [(each.title, each.who) for each in found.law] == [("Another release", "Ann")]
    assert "release 2" in found.law[0].text
    assert bool(found.answers) == (version == 0)
