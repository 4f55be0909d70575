"""Assessing answers and writing the documents: from a sheet or from a file, the same way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from app.actions.review.sign_off import content_hash
from app.catalogue import Catalogue
from app.core.assessment import Brief, assess, brief
from app.core.blocks import Control, Document
from app.core.facts import Facts, facts
from app.core.journey import Journey, journey
from app.core.outline import compose
from app.core.papers import offered
from app.core.pipeline import Route
from app.core.recent import Recent
from app.core.record import Given, Record
from app.core.same import Same
from app.core.sheet import Sheet, answers, answers_again
from app.core.standing import CLOSED, Act, held_back, standings
from app.documents.csv_file import to_csv


@dataclass(frozen=True, slots=True)
class Earlier:
    """What holds as it did before a change of answers."""

    journey: Journey | None = None
    brief: Brief | None = None


NOTHING_EARLIER = Earlier()


@dataclass(frozen=True)
class Evaluated:
    """Answers as they stand on one day, and the route they call for.

    `earlier`: what was known of earlier answers, as far as it holds for these. `again`: the questions
    whose answers came from an earlier project and are still to be confirmed. `settled`: the stages
    that a document settles which was signed elsewhere.
    """

    catalogue: Catalogue
    facts: Facts
    route: Route
    earlier: Earlier = field(default=NOTHING_EARLIER, repr=False, compare=False)
    again: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()

    @cached_property
    def journey(self) -> Journey:
        """The pages of the route; worked out when something asks where to go."""
        if self.earlier.journey is not None:
            return self.earlier.journey
        names = self.catalogue.pipeline.asked_by(self.route)
        optional = self.route.optional
        only = left_by(self.catalogue, self.route, self.settled) if self.settled else {}
        return journey(self.facts, self.catalogue.questionnaires, names, optional, self.again, only)

    @cached_property
    def brief(self) -> Brief:
        """What the rules say, counted for lists."""
        return self.earlier.brief or brief(self.facts)


def evaluate(
    catalogue: Catalogue,
    answers: Mapping[str, Any],
    on: date,
    before: Evaluated | None = None,
    again: frozenset[str] = frozenset(),
    settled: frozenset[str] = frozenset(),
) -> Evaluated:
    """Work out what is asked, what follows and which route it calls for.

    `before`: what earlier answers came to; it makes this quicker and changes nothing. `again`: the
    questions that are still to be confirmed.
    """
    known = before if before is not None and before.catalogue is catalogue else None
    found = facts(catalogue.program, answers, on, known.facts if known else None)
    pipeline = catalogue.pipeline
    route = pipeline.path(found.values.get(pipeline.route.id))
    still = _still(known, found, route) if known else NOTHING_EARLIER
    if known and (known.again, known.settled) != (again, settled):
        still = replace(still, journey=None)
    return Evaluated(catalogue, found, route, still, again, settled)


def left_by(
    catalogue: Catalogue, route: Route, settled: frozenset[str]
) -> Mapping[str, frozenset[str]]:
    """Of the questionnaires of settled stages, what is still asked: the stages after them read it."""
    needed = _needed(Same(catalogue), route.code, settled)
    stages = map(catalogue.pipeline.stage, settled)
    return {name: needed for stage in stages for name in stage.questionnaires}


@lru_cache(maxsize=64)
def _needed(held: Same[Catalogue], route: str, settled: frozenset[str]) -> frozenset[str]:
    # What compares definitions is only needed where a project began from a signed document.
    from app.core.settled import still_needed

    return still_needed(held.it, held.it.pipeline.path(route), settled)


def _still(before: Evaluated, found: Facts, route: Route) -> Earlier:
    """What was worked out of earlier answers and holds still."""
    then = before.facts
    if found.since is None or found.errors or then.errors:
        return NOTHING_EARLIER
    known = vars(before)  # what was never asked for is not worked out now
    gates, flags = found.program.gate_tests, found.program.flag_tests
    pages = (
        "journey" in known
        and before.route is route
        and found.shown == then.shown
        and found.waiting == then.waiting
        and found.values.keys() == then.values.keys()
        and found.over(gates).found == then.over(gates).found
    )
    said = "brief" in known and found.over(flags).found == then.over(flags).found
    return Earlier(before.journey if pages else None, before.brief if said else None)


REMEMBERED = 32
"""Of how many subjects a process remembers what their answers came to: those being worked on."""

_Subject = tuple[Same[Catalogue], UUID]


# Of another sheet of the same subject only what differs is worked out.
_latest = Recent[_Subject, tuple[Sheet, Evaluated]](REMEMBERED)


def evaluate_sheet(
    catalogue: Catalogue,
    sheet: Sheet,
    on: date,
    subject: UUID,
    settled: frozenset[str] = frozenset(),
) -> Evaluated:
    """The same of the sheet of a subject, remembered."""
    key = Same(catalogue), subject
    known, evaluated = _latest.recall(key) or (None, None)
    same = evaluated is not None and evaluated.settled == settled
    if evaluated is None or known is not sheet or evaluated.facts.on != on or not same:
        given = (
            answers(sheet)
            if known is None or evaluated is None
            else answers_again(sheet, known, evaluated.facts.answers)
        )
        evaluated = evaluate(catalogue, given, on, evaluated, _again(sheet), settled)
    _latest.keep(key, (sheet, evaluated))
    return evaluated


def _again(sheet: Sheet) -> frozenset[str]:
    """The questions of which something is still to be confirmed."""
    return frozenset(each.partition("/")[0] for each in sheet.again) if sheet.again else sheet.again


def forget_evaluated() -> None:
    """Forget every sheet that was evaluated, as a process that has not met them yet."""
    _latest.forget()


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a project besides its answers; of a file, nothing.

    `stage` is the one about to be closed or signed: what is merely not done yet counts there.
    """

    reference: str = ""
    release: str = "unpublished"
    stage: str | None = None
    acts: tuple[Act, ...] = ()
    given: Mapping[str, Given] = field(default_factory=dict)
    author: str = ""
    must_move: int | None = None


ANSWERS_ALONE = About()


def told(evaluated: Evaluated, about: About = ANSWERS_ALONE) -> Record:
    """Everything a report or document may say."""
    catalogue, found, route = evaluated.catalogue, evaluated.facts, evaluated.route
    pipeline, pages = catalogue.pipeline, evaluated.journey
    assessment = assess(found, about.stage or _reached(route, about.acts))
    title = str(found.values.get(pipeline.names.title) or about.reference or "Untitled project")
    record = Record(
        Control(
            title,
            title if not about.reference else f"{about.reference} {title}",
            "",
            f"{about.release} ({catalogue.hash[:12]})",
            "",
            found.on.isoformat(),
            author=about.author,
        ),
        pipeline,
        catalogue.questionnaires,
        found,
        assessment,
        pages,
        route,
        held_back(
            standings(
                pipeline,
                catalogue.program,
                route,
                assessment,
                pages,
                about.acts if about.reference else None,
            ),
            about.acts,
            about.must_move,
        ),
        about.acts,
        about.given,
    )
    return replace(record, control=replace(record.control, content_hash=_hash(catalogue, record)))


def _reached(route: Route, acts: Iterable[Act]) -> str | None:
    """The stage a project has reached by its acts: what was "not done yet" counts there."""
    closed = {act.stage for act in acts if act.kind in CLOSED}
    return next((id_ for id_ in route.stages if id_ not in closed), None) if closed else None


def _hash(catalogue: Catalogue, record: Record) -> str:
    """What the document's content is known by: the words are the release's, which the hash covers."""
    found = record.assessment
    said = {
        "flags": {
            flag.id: [flag.result, flag.severity, flag.rating, [*flag.blocks], [*flag.needs]]
            for flag in (*found.flags, *found.tasks)
        },
        "scores": {
            each.id: [each.value, each.level and each.level.code, [*each.missing]]
            for each in found.scores.values()
        },
        "decisions": {
            made.id: made.outcome and made.outcome.code for made in found.decisions.values()
        },
    }
    return content_hash(catalogue.hash, counted(record.facts), said)


def counted(found: Facts) -> dict[str, Any]:
    """The answers that count: those asked and given."""
    return {id_: found.values[id_] for id_ in sorted(found.shown) if id_ in found.values}


def ignored(catalogue: Catalogue, answers: Iterable[str], found: Facts) -> list[str]:
    """The ids answered but not asked."""
    return [id_ for id_ in catalogue.program.questions if id_ in answers and id_ not in found.shown]


def document(catalogue: Catalogue, record: Record, output: str) -> Document:
    """One output composed for a subject. Raises KeyError for an unknown output."""
    outline = catalogue.outlines[output]
    status = (
        "Signed"
        if any(act.kind == "signature" and act.about == output for act in record.acts)
        else "Draft"
    )
    control = replace(record.control, title=outline.title, marking=outline.marking, status=status)
    # The same document for everybody, whoever asks: what is restricted stands in an annex.
    return compose(outline, replace(record, control=control, sees_restricted=outline.restricted))


def written(catalogue: Catalogue, record: Record, output: str) -> bytes:
    """One output as a file: for Word, or of comma-separated values."""
    made = document(catalogue, record, output)
    if catalogue.outlines[output].as_ == "csv":
        return to_csv(made)
    # The Word library takes 7 MB, and many a process never writes a document.
    from app.documents.word import to_word

    return to_word(made, catalogue.house_style)


def documents(catalogue: Catalogue, found: Facts, route: Route) -> list[str]:
    """The outputs of a route that the answers call for, in its order."""
    return offered(catalogue.outlines, route.documents or catalogue.outlines, found)
