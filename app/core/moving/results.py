"""What the rules of two releases say of the same answers: what differs, old against new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.core.assessment import Assessment, Flag, Result
from app.core.facts import Facts
from app.core.moving.converting import Side, Way

ABSENT = "Not in this release"
WORDS = {
    Result.RAISED: "Raised",
    Result.CLEAR: "Clear",
    Result.UNDETERMINED: "Not known yet",
    Result.ERROR: "Could not be worked out",
}
_UNSAID = ("", "Clear")  # nothing was said of it, whichever of the two


@dataclass(frozen=True, slots=True)
class Differs:
    """One flag, score or decision that comes to something else, in words."""

    kind: str
    id: str
    title: str
    before: str
    after: str


def differences(before: Assessment, after: Assessment) -> tuple[Differs, ...]:
    """Every flag, score and decision that comes to something else under the other release."""
    return (
        *_compared("flag", _flags(before), _flags(after)),
        *_compared("score", _scores(before), _scores(after)),
        *_compared("decision", _decisions(before), _decisions(after)),
    )


Told = dict[str, tuple[str, str]]  # by id: the title, and what it comes to


def _compared(kind: str, before: Told, after: Told) -> Iterator[Differs]:
    for id_ in {**after, **before}:
        title = (after.get(id_) or before[id_])[0]
        old = before[id_][1] if id_ in before else ""
        new = after[id_][1] if id_ in after else ""
        if old != new and not (old in _UNSAID and new in _UNSAID):
            known_before, known_after = id_ in before, id_ in after
            yield Differs(
                kind,
                id_,
                title,
                (old or "None yet") if known_before else ABSENT,
                (new or "None yet") if known_after else ABSENT,
            )


def _flags(assessment: Assessment) -> Told:
    return {flag.id: (flag.rule.title, _flag(flag)) for flag in assessment.flags}


def _flag(flag: Flag) -> str:
    said = WORDS[flag.result]
    if not flag.raised:
        return said
    if flag.blocks:
        return f"{said}: stop"
    return f"{said}: rated {flag.rating}" if flag.rating else said


def _scores(assessment: Assessment) -> Told:
    found: Told = {}
    for id_, scored in assessment.scores.items():
        value = "" if scored.value is None else f"{scored.value:g}"
        found[id_] = (scored.title, f"{scored.level.label} ({value})" if scored.level else value)
    return found


def _decisions(assessment: Assessment) -> Told:
    return {
        id_: (made.title, made.outcome.label if made.outcome else "")
        for id_, made in assessment.decisions.items()
    }


def newly_asked(sides: tuple[Side, Side], before: Facts, after: Facts) -> tuple[str, ...]:
    """The questions that are asked and blank under the other release and were not so before."""
    way = Way(*sides)
    owed = {way.question(id_) for id_ in before.shown if before.blank(id_)}
    asked = [id_ for id_ in after.shown if after.blank(id_) and id_ not in owed]
    places = after.program.places
    return tuple(sorted(asked, key=lambda id_: places[id_][0].rank if id_ in places else 0))
