"""What is sent back: whose it is, what becomes of it, what it holds up, and who may not join duties."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.actions.actor import Actor
from app.actions.errors import NotAllowed, NotFound
from app.actions.review.advice_drafts import DraftAdvice, DraftMatter, keep_draft, open_draft
from app.actions.review.queue import Waiting, Wanted, waiting_for
from app.actions.review.requests import (
    Back,
    State,
    be_content,
    say_mended,
    send_advice,
    send_back,
    sent_back,
)
from app.actions.review.reviews import Advice, Matter, advise
from app.core.standing import CONTENT, IMPROVE, MENDED, MUST_CORRECT
from app.store.database import read, write
from tests.actions.review.test_decisions import AT, ON, ONE, Place, place
from tests.actions.review.test_since import answer

__all__ = ["place"]

QUESTION, SECTION = "project.title", "dpia:context"
BACK = Matter(QUESTION, "Title", MUST_CORRECT, "Say what it is in plain words.")


def send(place: Place, *matters: Matter, who: Actor | None = None) -> None:
    actor = who or place.people["dpo"]
    with write(place.engine) as conn:
        send_back(conn, actor, place.report(actor), matters or (BACK,), AT)


def mend(place: Place, who: Actor, about: str = QUESTION) -> None:
    with write(place.engine) as conn:
        say_mended(conn, who, place.report(who), about, ("Done in other words.", AT))


def settle(place: Place, who: Actor, about: str = QUESTION) -> None:
    with write(place.engine) as conn:
        be_content(conn, who, place.report(who), about, AT)


def back(place: Place, who: str = "lead") -> tuple[Back, ...]:
    with read(place.engine) as conn:
        return sent_back(conn, place.report(place.people[who]))


def needs(place: Place) -> tuple[str, ...]:
    current = place.report().current
    return current.needs if current else ()


def test_what_must_be_corrected_holds_the_stage_until_who_asked_is_content(place: Place) -> None:
    assert MUST_CORRECT not in needs(place)
    send(place)
    (found,) = back(place)
    assert (found.state, found.words, found.where) == (State.WAITS, BACK.text, QUESTION)
    assert MUST_CORRECT in needs(place)
    mend(place, place.people["lead"])
    (found,) = back(place)
    assert (found.state, found.reply) == (State.MENDED, "Done in other words.")
    assert MUST_CORRECT in needs(place)
    settle(place, place.people["dpo"])
    (found,) = back(place)
    assert found.state is State.CONTENT
    assert MUST_CORRECT not in needs(place)


def test_what_can_be_improved_holds_nothing_up(place: Place) -> None:
    send(place, replace(BACK, verdict=IMPROVE))
    assert MUST_CORRECT not in needs(place)
    assert back(place)[0].state is State.WAITS


@pytest.mark.parametrize("about", [QUESTION, "R27"])
def test_a_changed_answer_behind_it_is_told_and_waits_for_who_asked(
    place: Place, about: str
) -> None:
    send(place, replace(BACK, flag=about))
    assert not back(place)[0].changed
    changed = {"project.title": "Another"} if about == QUESTION else {"subjects.area": "pan_london"}
    answer(place, place.people["lead"], **{a.replace(".", "__"): v for a, v in changed.items()})
    (found,) = back(place)
    assert (found.state, found.to_see) == (State.CHANGED, True)
    assert next(iter(changed)) in found.changed


def test_the_same_words_sent_twice_are_one_act_until_something_was_done(place: Place) -> None:
    def sent() -> int:
        return sum(act.kind == MUST_CORRECT for act in place.report().record.acts)

    send(place)
    send(place)
    assert sent() == 1
    mend(place, place.people["lead"])
    send(place)
    assert sent() == 2
    assert back(place)[0].state is State.WAITS


def test_advice_sends_back_what_has_to_change_and_settles_what_is_acceptable_now(
    place: Place,
) -> None:
    send(place)
    dpo = place.people["dpo"]
    matters = (
        Matter(QUESTION, "Title", "acceptable", ""),
        Matter("R27", "Flag", IMPROVE, "Say who speaks for the children."),
    )
    with write(place.engine) as conn:
        send_advice(conn, dpo, place.report(dpo), Advice("Go ahead.", matters, AT))
    states = {each.request.about: each.state for each in back(place)}
    assert states == {QUESTION: State.CONTENT, "R27": State.WAITS}


def test_each_organisation_is_content_for_itself(place: Place) -> None:
    other = place.join("London Borough of Ivermere", "dpo", _somebody(place))
    send(place)
    send(place, who=other)
    settle(place, place.people["dpo"])
    assert MUST_CORRECT in needs(place)
    with pytest.raises(NotFound):
        settle(place, place.people["dpo"])
    settle(place, other)
    assert MUST_CORRECT not in needs(place)


def _somebody(place: Place) -> Actor:
    return replace(place.people["security"], role="dpo")


def _lead_as_dpo(place: Place) -> Actor:
    return replace(place.people["lead"], role="dpo")


def _dpo_as_ig_lead(place: Place) -> Actor:
    return replace(place.people["dpo"], role="ig_lead")


REFUSED: dict[str, Callable[[Place], None]] = {
    "a lead sends nothing back": lambda place: send(place, who=place.people["lead"]),
    "who leads is no reviewer": lambda place: send(place, who=_lead_as_dpo(place)),
    "an officer does not mend": lambda place: mend(place, place.people["dpo"]),
    "who sent it does not mend it": lambda place: mend(place, _dpo_as_ig_lead(place)),
    "a lead is not content": lambda place: settle(place, place.people["lead"]),
    "who leads is not content": lambda place: settle(place, _lead_as_dpo(place)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_duties_of_a_review_are_kept_apart(place: Place, name: str) -> None:
    send(place)
    before = len(place.report().record.acts)
    with pytest.raises(NotAllowed):
        REFUSED[name](place)
    assert len(place.report().record.acts) == before


@pytest.mark.parametrize("kind", ["measures_approved", "risk_accepted", "advice_followed"])
@pytest.mark.parametrize("did", ["advised", "sent back", "adopted"])
def test_who_reviewed_approves_nothing_accepts_nothing_and_overrules_nothing(
    place: Place, kind: str, did: str
) -> None:
    dpo = place.people["dpo"]
    if did == "sent back":
        send(place)
    adviser = dpo if did == "advised" else _somebody(place)
    with write(place.engine) as conn:
        advise(conn, adviser, place.report(adviser), Advice("Go ahead.", (), AT))
    if did == "adopted":
        place.decide("advice_adopted", dpo, choice="adopted")
    with pytest.raises(NotAllowed):
        place.decide(kind, replace(dpo, role="siro"), choice="accepted", words="Yes.")


def test_who_mended_something_is_not_content_with_it(place: Place) -> None:
    send(place)
    somebody = place.people["security"]
    mend(place, somebody)
    with pytest.raises(NotAllowed):
        settle(place, replace(somebody, role="dpo"))


def test_what_is_not_there_is_neither_sent_back_nor_mended(place: Place) -> None:
    with pytest.raises(NotAllowed):
        send(place, replace(BACK, flag="no.such"))
    with pytest.raises(NotAllowed):
        send(place, replace(BACK, verdict="acceptable"))
    with pytest.raises(NotFound):
        mend(place, place.people["lead"])
    assert not {MENDED, CONTENT} & {act.kind for act in place.report().record.acts}


def test_a_draft_is_kept_for_its_writer_alone_and_as_it_was_typed(place: Place) -> None:
    dpo = place.people["dpo"]
    typed = "First line\r\n\x00 and <b>more</b>  "
    draft = DraftAdvice({"R27": DraftMatter("R27", IMPROVE, typed)}, "As a whole", "go")
    with write(place.engine) as conn:
        keep_draft(conn, dpo, ONE, draft, AT)
        keep_draft(conn, dpo, ONE, draft, AT + timedelta(minutes=1))
    with read(place.engine) as conn:
        kept = open_draft(conn, dpo, ONE)
        others = [open_draft(conn, place.people[who], ONE) for who in ("lead", "signatory")]
        colleague = open_draft(conn, replace(dpo, person_id=place.people["lead"].person_id), ONE)
    assert (kept.matters, kept.whole, kept.proceed) == (draft.matters, "As a whole", "go")
    assert kept.hash == draft.hash
    assert kept.looked
    assert kept.looked.at == AT + timedelta(minutes=1)
    assert all(each.looked is None for each in (*others, colleague))
    assert not kept.without(["R27"]).matters


def wanted(place: Place, actor: Actor) -> set[Wanted]:
    """What the queue asks of somebody in this project."""
    pipeline = place.report().record.pipeline
    with read(place.engine) as conn:
        every = waiting_for(conn, actor, pipeline, ON)
    return {each.wanted for each in every if each.project.reference == ONE}


def test_what_was_sent_back_stands_in_the_queue_of_whoever_has_to_do_something(
    place: Place,
) -> None:
    lead, dpo = place.people["lead"], place.people["dpo"]
    assert wanted(place, dpo) == {Wanted.ADVISE}
    send(place)
    assert (wanted(place, lead), wanted(place, dpo)) == ({Wanted.MEND}, {Wanted.WAIT})
    mend(place, lead)
    assert wanted(place, dpo) == {Wanted.LOOK}
    assert Wanted.MEND not in wanted(place, lead)
    settle(place, dpo)
    assert wanted(place, dpo) == {Wanted.ADVISE}


def test_another_officer_is_asked_to_adopt_until_they_have_said_something(place: Place) -> None:
    other = place.join("London Borough of Ivermere", "dpo", _somebody(place))
    with write(place.engine) as conn:
        dpo = place.people["dpo"]
        advise(conn, dpo, place.report(dpo), Advice("Go ahead.", (), AT))
    assert wanted(place, other) == {Wanted.ADOPT}
    assert Wanted.ADOPT not in wanted(place, dpo)
    place.decide("advice_adopted", other, choice="note", words="We keep it for one year.")
    assert Wanted.ADOPT not in wanted(place, other)


def test_a_view_that_the_answers_ask_for_stands_in_the_queue_until_it_is_given(
    place: Place,
) -> None:
    ig_lead = place.people["ig_lead"]
    assert wanted(place, ig_lead) == {Wanted.VIEW}
    place.decide("ethics_view", ig_lead, choice="content")
    assert Wanted.VIEW not in wanted(place, ig_lead)


def test_what_an_act_asks_for_waits_since_that_act_and_by_the_day_of_the_stage(
    place: Place,
) -> None:
    lead, dpo = place.people["lead"], place.people["dpo"]

    def waiting(actor: Actor) -> Waiting:
        with read(place.engine) as conn:
            every = waiting_for(conn, actor, place.report().record.pipeline, ON)
        return next(one for one in every if one.project.reference == ONE)

    asked = waiting(dpo)
    assert asked.since != AT
    send(place)
    assert {waiting(lead).since, waiting(dpo).since} == {AT}
    mend(place, lead)
    assert waiting(dpo).since >= AT
    assert {waiting(lead).by, waiting(dpo).by} == {asked.by}


def test_the_gravest_of_what_was_sent_back_stands_first(place: Place) -> None:
    raised = place.report().record.stops[0]
    send(
        place,
        Matter(QUESTION, "The question", IMPROVE, "Say more."),
        Matter(raised.id, raised.rule.title, MUST_CORRECT, "Settle it."),
    )
    assert [each.request.about for each in back(place)] == [raised.id, QUESTION]
    # The answer that is wrong, not the one that only says what the rule is about.
    assert back(place)[0].where == raised.because.answers[-1]
