"""Which declared acts a project still waits for, and from whom: told by its acts in brief."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.actions.review.binding import parties_to_sign, party_of
from app.core.pipeline import DeclaredAct
from app.core.record import Record
from app.core.standing import Standing


@dataclass(frozen=True, slots=True)
class Awaited:
    """One declared act that is still to come.

    `missing`: the organisations from which it is, by name; "" for the project.
    """

    declared: DeclaredAct
    missing: tuple[str, ...]


def is_asked(record: Record, declared: DeclaredAct) -> bool:
    """Whether an act is asked for: always, or because of the answers."""
    return declared.asked_if is None or record.facts.values.get(declared.asked_if) is True


def missing_of(record: Record, declared: DeclaredAct) -> tuple[str, ...]:
    """The organisations from which an act is still to come, by name; "" for the project."""
    kinds = {declared.id, declared.adopts}
    heard = {act.organisation for act in record.acts if act.kind in kinds}
    if declared.each == "project":
        done = any(act.kind == declared.id for act in record.acts)
        return () if done else ("",)
    parties = {party_of(record, name) for name in heard}
    return tuple(each.name for each in parties_to_sign(record) if each not in parties)


def before(record: Record, declared: DeclaredAct) -> tuple[str, ...]:
    """The kinds of acts that have to come first and have not."""
    there = {act.kind for act in record.acts}
    return tuple(kind for kind in declared.after if kind not in there)


def awaited(record: Record) -> tuple[Awaited, ...]:
    """The acts that the stage at which a project stands has still to have, whoever does them.

    What the answers ask for waits at every stage.
    """
    stage = next((each.stage.id for each in record.standings if each.current), None)
    found = (
        Awaited(declared, missing_of(record, declared))
        for declared in record.pipeline.acts_on(record.route)
        if stage and (declared.asked_if or stage in declared.stages) and is_asked(record, declared)
    )
    return tuple(each for each in found if each.missing)


def theirs(record: Record, role: str, organisation: str, leads: str) -> tuple[Awaited, ...]:
    """Those that are for somebody of this role and organisation, now or later.

    `leads`: the organisation that leads the project.
    """
    return tuple(
        each
        for each in awaited(record)
        if role in each.declared.by and _is_theirs(record, each, organisation, leads)
    )


def wanted(record: Record, role: str, organisation: str, leads: str) -> tuple[Awaited, ...]:
    """Those that wait for somebody of this role and organisation now.

    As in a queue: no decision before the advice that it rests on; where no advice is needed, not
    before all is answered but what such acts answer themselves.
    """
    current = next((each for each in record.standings if each.current), None)
    if current is None:
        return ()
    ready = _is_ready(record, current)
    return tuple(
        each
        for each in theirs(record, role, organisation, leads)
        if not before(record, each.declared)
        and (ready or each.declared.asked_if or each.declared.adopts)
    )


def _is_ready(record: Record, standing: Standing) -> bool:
    """Whether what a stage decides on is there: the advice it needs, or else its answers."""
    if standing.stage.needs:
        return {act.kind for act in record.acts}.issuperset(standing.stage.needs)
    owed = [ids for step in standing.unfinished for ids in step.unfinished.values()]
    return all(by_acts_alone(record, ids) for ids in owed)


def _is_theirs(record: Record, one: Awaited, organisation: str, leads: str) -> bool:
    if one.declared.each == "project":
        return organisation == leads
    party = party_of(record, organisation)
    return party is not None and party.name in one.missing


def by_acts_alone(record: Record, addresses: Iterable[str]) -> bool:
    """Whether what is still to be answered comes with declared acts, and from nobody else."""
    return {id_ for each in record.pipeline.acts for id_ in each.answers}.issuperset(addresses)
