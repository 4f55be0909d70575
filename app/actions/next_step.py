"""The one thing that somebody does next in a project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.actions.overview import (
    ADVICE,
    CLOSING,
    DECISIONS,
    MOVING,
    PAGE,
    REPORT,
    SENT_BACK,
    SIGNING,
    TASKS,
    Overview,
    needed,
)
from app.actions.review.awaited import Awaited, awaited, by_acts_alone
from app.actions.review.binding import party_of
from app.actions.review.reviews import SIGNATORY
from app.core.journey import Step
from app.core.standing import (
    ADVISE,
    MUST_MOVE,
    SETTLE,
    SIGN,
    Standing,
    requests,
)
from app.core.wording import count, listed, lower


@dataclass(frozen=True, slots=True)
class Next:
    """What one person does next.

    `to` names where; `step` is the page, when it is one, and `act` the declared act.
    """

    text: str
    then: str = ""
    label: str = "Continue"
    to: str = TASKS
    step: Step | None = None
    stage: str = ""
    act: str = ""


def what_next(view: Overview) -> Next:
    """The one thing this person does next; never nothing."""
    standing = view.report.current
    late = _sign_late(view)
    if late is not None:
        return late
    if standing is None:
        return Next(
            "Every stage is closed. The project comes back for review, or when something changes.",
            label="Open the risk report",
            to=REPORT,
        )
    return (
        _mend(view)
        or _answer(view, standing)
        or _advise(view, standing)
        or _settle(view, standing)
        or _decide(view, standing)
        or _close(view, standing)
        or _wait(view, standing)
    )


def _sign_late(view: Overview) -> Next | None:
    """A signature for which the organisation that leads did not wait when it closed the stage."""
    if view.role != SIGNATORY or party_of(view.record, view.reader) is None:
        return None
    done = {a.about for a in view.record.acts if a.kind == SIGN and a.organisation == view.reader}
    for each in view.record.standings:
        stage = each.stage
        closed = each.closed is not None and each.closed.kind != SETTLE
        if closed and stage.signed and stage.signed not in done:
            text = f"{view.reader} has not signed at the stage “{stage.title}” yet."
            then = "The stage is closed. You are bound only once you sign."
            return Next(text, then, "Read and sign", SIGNING, stage=stage.id)
    return None


def _mend(view: Overview) -> Next | None:
    """What a reviewer sent back comes first for whoever leads."""
    waiting = [each for each in requests(view.record.acts) if not (each.mended or each.content)]
    if view.role != "lead" or not waiting:
        return None
    who = listed(dict.fromkeys(each.sent.who for each in waiting))
    text = f"{who} sent {count(len(waiting), 'thing')} back to you to change."
    return Next(text, "", "See what has to change", SENT_BACK)


def _answer(view: Overview, standing: Standing) -> Next | None:
    mine = _to_answer(view, standing)
    if not mine:
        return None
    step, *later = mine
    owed = step.left_for(view.role)
    settled = view.settles(step)
    text = f"Answer {count(owed, 'question')} on “{step.page.title}”. "
    text += "It is yours" if owed == 1 else "They are yours"
    if settled:
        text += f", and {'it settles' if owed == 1 else 'they settle'} {settled} of the checks still open"
    parts = [f"{left.left_for(view.role)} on “{left.page.title}”" for left in later[:2]]
    if len(later) > len(parts):
        parts.append(f"{count(len(later) - len(parts), 'more page')}")
    then = [f"Then: {listed(parts)}."] if parts else []
    if view.wanted:
        then.append(f"Then decide: {_titles(view.wanted)}.")
    stops = _stops_of(view, standing)
    if stops:
        then.append(
            f"{'A stop is' if len(stops) == 1 else 'Stops are'} yours too: {listed(stops)}."
        )
    return Next(f"{text}.", " ".join(then), "Continue", PAGE, step, standing.stage.id)


def _to_answer(view: Overview, standing: Standing) -> list[Step]:
    """The pages this person owes something on, but for what comes with somebody's decision."""
    return [
        step
        for step in view.owed_by(view.role, standing)
        if not by_acts_alone(view.record, step.unfinished[view.role])
    ]


def _titles(acts: Iterable[Awaited]) -> str:
    """Acts by their titles."""
    return listed(f"“{each.declared.title}”" for each in acts)


def _stops_of(view: Overview, standing: Standing) -> list[str]:
    """The stops of a stage that this person is asked to settle, by their titles."""
    return [f"“{flag.rule.title}”" for flag in standing.stops if flag.rule.for_ == view.role]


def _settle(view: Overview, standing: Standing) -> Next | None:
    stops = _stops_of(view, standing)
    if not stops:
        return None
    what = "The stop" if len(stops) == 1 else "The stops"
    text = f"{what} {listed(stops)} {'is' if len(stops) == 1 else 'are'} yours to settle."
    return Next(
        text, "You can go on drafting.", "Look at what stops it", REPORT, stage=standing.stage.id
    )


def _advise(view: Overview, standing: Standing) -> Next | None:
    stage = standing.stage
    if ADVISE not in standing.needs or view.role != ADVISE.split("_")[0]:
        return None
    if view.leads:
        return Next(
            f"Your advice on {stage.title} is asked for. You advise. You do not decide.",
            label="Write your advice",
            to=ADVICE,
            stage=stage.id,
        )
    return Next(
        f"The data protection officer of {view.organisation}, which leads, advises first. "
        "Then you adopt that advice, adopt it with a note, or write your own.",
        "Where they have no officer, an officer of another organisation may advise on the whole.",
        "Read the risk report",
        REPORT,
        stage=stage.id,
    )


def _decide(view: Overview, standing: Standing) -> Next | None:
    """The acts that only this person can do, such as accepting the risk for their organisation."""
    if not view.wanted:
        return None
    first, *more = view.wanted
    stage = standing.stage
    if not more:
        text = f"One act is yours to do: “{first.declared.title}”."
        then = first.declared.about
        return Next(text, then, "Do it now", DECISIONS, stage=stage.id, act=first.declared.id)
    return Next(
        f"{count(len(view.wanted), 'act')} of {stage.title} are yours to do: {_titles(view.wanted)}.",
        "Each is done by itself, with your name and the date.",
        "Decide",
        DECISIONS,
        stage=stage.id,
    )


def _close(view: Overview, standing: Standing) -> Next | None:
    stage = standing.stage
    record = view.record
    if not standing.can_close:
        return None
    signed = stage.signed and not any(
        a.kind == SIGN and a.about == stage.signed and a.organisation == view.reader
        for a in record.acts
    )
    if signed and view.role == SIGNATORY:
        return Next(
            f"{stage.title} is ready to be signed.", "", "Read and sign", SIGNING, stage=stage.id
        )
    if view.role != stage.closed_by or not view.leads:
        who = f"{record.person(stage.closed_by)} of {view.organisation}"
        what = "signs and closes" if signed else "closes"
        return Next(
            f"{stage.title} is ready. The {lower(who)} {what} it.",
            _ahead(view, standing),
            "See what closing it means",
            CLOSING,
            stage=stage.id,
        )
    return Next(
        f"Nothing holds {stage.title} up. You can close it.",
        "",
        "Close this stage",
        CLOSING,
        stage=stage.id,
    )


def _ahead(view: Overview, standing: Standing) -> str:
    """That one may go on drafting, where something is still to come."""
    later = view.record.standings[standing.number :]
    if any(each.stage.questionnaires for each in later):
        return "You can go on drafting what comes later."
    return ""


def _wait(view: Overview, standing: Standing) -> Next:
    if standing.unfinished:
        return _wait_for_answers(view, standing)
    stage = standing.stage
    stops = len(standing.stops)
    if stops:
        holds = "holds" if stops == 1 else "hold"
        text = f"Every question is answered. {count(stops, 'stop')} still {holds} {stage.title} up."
        return Next(
            text, "You can go on drafting.", "Look at what stops it", REPORT, stage=stage.id
        )
    waits = (
        listed([needed(view.record, kind) for kind in standing.needs])
        or "checks that are still open"
    )
    look = ("Open the risk report", REPORT)
    if MUST_MOVE in standing.needs:
        look = ("See what moving would change", MOVING)
    text = f"{stage.title} is answered. It waits for {waits}."
    return Next(text, "You can go on drafting.", *look, stage=stage.id)


def _wait_for_answers(view: Overview, standing: Standing) -> Next:
    stage = standing.stage
    people = [left.to_whom for step, left in view.handovers if step in standing.unfinished]
    people += [
        f"the {lower(view.record.person(role))} ({number})"
        for role, number in owed_by_others(view, standing).items()
    ]
    said = f"Nothing in the stage “{stage.title}” is yours to answer now."
    if not people:
        titles = _titles(awaited(view.record))
        text = f"{said} It waits for decisions of others: {titles}."
        return Next(text, "", "See whose they are", DECISIONS, stage=stage.id)
    text = f"{said} Answers are awaited from {listed(dict.fromkeys(people))}."
    later = _decides_later(view)
    if later:
        return Next(text, later, "See who answers what", TASKS, stage=stage.id)
    left = {step.key for step, _ in view.handovers}
    ahead = next((s for s in _owing(view) if s.key not in left), None)
    if ahead is None:
        return Next(text, "", "See who answers what", TASKS, stage=stage.id)
    then = f"You can go on drafting: “{ahead.page.title}” comes later and is yours."
    return Next(text, then, "Draft ahead", PAGE, ahead, stage.id)


def _owing(view: Overview) -> Iterator[Step]:
    """The pages of the whole route on which this person owes something, but for what comes with acts."""
    for step in view.record.journey.steps:
        owed = step.unfinished.get(view.role, ())
        if owed and not by_acts_alone(view.record, owed):
            yield step


def _decides_later(view: Overview) -> str:
    """What this person decides once the advice or the answers are there."""
    if not view.theirs:
        return ""
    return f"Yours to decide once {_before(view)} there: {_titles(view.theirs)}."


def _before(view: Overview) -> str:
    standing = view.report.current
    needs = standing is not None and ADVISE in standing.needs
    return "the advice of the data protection officer is" if needs else "the answers are"


def owed_by_others(view: Overview, standing: Standing) -> dict[str, int]:
    """How many answers of a stage each other person still owes."""
    owed: dict[str, int] = {}
    left = {step.key for step, _ in view.handovers}
    for step in standing.unfinished:
        if step.key in left:
            continue
        for role, addresses in step.unfinished.items():
            if role != view.role and not by_acts_alone(view.record, addresses):
                owed[role] = owed.get(role, 0) + len(addresses)
    return owed
