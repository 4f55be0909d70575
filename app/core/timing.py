"""How long things take: the days of each stage, and of each organisation that is waited for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from app.core.pipeline import Stage
from app.core.standing import ADVISE, CLOSE, SIGN, Act

DAY = 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of time that something took, or takes still (`ended` None)."""

    what: str
    began: datetime
    ended: datetime | None

    def days(self, now: datetime) -> float:
        """How long it took, or has taken so far, in days."""
        return ((self.ended or now) - self.began).total_seconds() / DAY


@dataclass(frozen=True, slots=True)
class Taken:
    """What several stretches of one kind come to, in days.

    `middle`: the median of those that have ended, None without any; `longest`: of all, those that
    go on included; `going_on`: how many do.
    """

    what: str
    ended: int
    going_on: int
    middle: float | None
    longest: float


def stage_spells(begun: datetime, acts: Iterable[Act], current: str) -> tuple[Spell, ...]:
    """The stages of a project in the order in which they were closed, and the one it is at."""
    found: list[Spell] = []
    since = begun
    for act in sorted((a for a in acts if a.kind == CLOSE), key=lambda a: a.at):
        found.append(Spell(act.stage, since, act.at))
        since = act.at
    if current not in {spell.what for spell in found}:
        found.append(Spell(current, since, None))
    return tuple(found)


def organisation_spells(
    spells: Iterable[Spell],
    acts: Sequence[Act],
    stages: Iterable[Stage],
    organisations: Sequence[str],
) -> tuple[Spell, ...]:
    """How long each organisation was waited for: from a stage's beginning to its signature there."""
    signed = {stage.id: stage.signed for stage in stages if stage.signed}
    found: list[Spell] = []
    for spell in spells:
        output = signed.get(spell.what)
        if output is None:
            continue
        first = {
            act.organisation: act.at
            for act in sorted(acts, key=lambda a: a.at, reverse=True)
            if act.kind == SIGN and act.about == output
        }
        found += [Spell(name, spell.began, first.get(name)) for name in organisations]
    return tuple(found)


def advice_spells(
    spells: Iterable[Spell], acts: Sequence[Act], stages: Iterable[Stage]
) -> tuple[Spell, ...]:
    """How long advice was waited for, from the beginning of each stage that needs it."""
    needing = {stage.id for stage in stages if ADVISE in stage.needs}
    given = min((act.at for act in acts if act.kind == ADVISE), default=None)
    return tuple(
        Spell(spell.what, spell.began, max(given, spell.began) if given else None)
        for spell in spells
        if spell.what in needing
    )


def taken(spells: Iterable[Spell], now: datetime) -> tuple[Taken, ...]:
    """What stretches come to by what they were of, in the order in which each is first met."""
    by: defaultdict[str, list[Spell]] = defaultdict(list)
    for spell in spells:
        by[spell.what].append(spell)
    return tuple(
        Taken(
            what,
            sum(each.ended is not None for each in of),
            sum(each.ended is None for each in of),
            median(done) if (done := [e.days(now) for e in of if e.ended]) else None,
            max(each.days(now) for each in of),
        )
        for what, of in by.items()
    )
