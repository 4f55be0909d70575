"""How many live projects raise each rule: counted every day, to find rules that never fire."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, update

from app.core.assessment import Result, outcomes
from app.core.facts import Facts
from app.core.program import Program
from app.core.rules import FlagRule
from app.store.definitions import rule_count


@dataclass(frozen=True, slots=True)
class Count:
    """How often one rule was raised. `since`, `counted_on`: the first and the last day of counting.

    `projects`: how many live projects are answered under a release that has the rule. `raised` and
    `undetermined`: of how many of them that was so on the last day; `first_raised` and
    `last_raised`: days on which any project raised it, None where none ever did.
    """

    flag: str
    projects: int
    raised: int
    undetermined: int
    since: date
    counted_on: date
    first_raised: date | None = None
    last_raised: date | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What the projects of one day raise, noted one by one."""

    on: date
    projects: Counter[str] = field(default_factory=Counter)
    raised: Counter[str] = field(default_factory=Counter)
    undetermined: Counter[str] = field(default_factory=Counter)

    def note(self, facts: Facts) -> None:
        """Count one project."""
        for flag, result in outcomes(facts).items():
            self.projects[flag] += 1
            self.raised[flag] += result is Result.RAISED
            self.undetermined[flag] += result is Result.UNDETERMINED


def keep_counts(conn: Connection, tally: Tally) -> None:
    """Keep the counts of a day; a day counted again is kept once."""
    known = rule_counts(conn)
    new: list[dict[str, Any]] = []
    again: list[dict[str, Any]] = []
    for flag in known.keys() | tally.projects.keys():
        raised = tally.on if tally.raised[flag] else None
        before = known.get(flag)
        values = {
            "flag": flag,
            "projects": tally.projects[flag],
            "raised": tally.raised[flag],
            "undetermined": tally.undetermined[flag],
            "since": before.since if before else tally.on,
            "counted_on": tally.on,
            "first_raised": (before.first_raised if before else None) or raised,
            "last_raised": raised or (before.last_raised if before else None),
        }
        (again if before else new).append(values)
    if new:
        conn.execute(insert(rule_count), new)
    for values in again:
        conn.execute(update(rule_count).where(rule_count.c.flag == values["flag"]), values)


def rule_counts(conn: Connection) -> dict[str, Count]:
    """The counts of each rule by its id, of the last day counted; empty before the first."""
    columns = [rule_count.c[each.name] for each in fields(Count)]
    return {row.flag: Count(*row) for row in conn.execute(select(*columns))}


def never_raised(conn: Connection, program: Program) -> tuple[tuple[FlagRule, Count], ...]:
    """The rules that no live project has raised on any day they were counted.

    One that was not counted yet, or is asked of no project, is left out: nothing is known of it.
    """
    counts = rule_counts(conn)
    found = ((each.rule, counts.get(each.rule.id)) for each in program.flags)
    return tuple(
        (rule, count)
        for rule, count in found
        if count is not None and count.projects and count.first_raised is None
    )
