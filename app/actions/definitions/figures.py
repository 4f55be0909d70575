"""Figures over all projects, counted once a day: questions left unsure, pages where people stop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from app.core.domains import UNSURE
from app.core.facts import Facts
from app.core.sheet import Sheet
from app.store.definitions import figure
from app.store.inserting import put
from app.store.sheets import from_text, to_text
from app.store.tables import answer_event, sheet

FIGURES = "projects"
RESTS_AFTER = timedelta(days=14)
"""A project in which nobody has saved anything for so long rests."""
MOST = 15  # of each kind are shown
KEPT_WORDS = 200  # of what held people up, the last ones


@dataclass
class Figures:
    """What is counted over all projects in a day's reassessment."""

    at: datetime
    asked: Counter[str] = field(default_factory=Counter)
    unsure: Counter[str] = field(default_factory=Counter)
    held: list[tuple[datetime, str, str]] = field(default_factory=list)
    projects: int = 0

    def note(self, facts: Facts, given: Sheet, feedback: Iterable[str]) -> None:
        """Count one project. `feedback`: the questions that ask what held people up."""
        self.projects += 1
        for id_ in facts.shown:
            value = facts.values.get(id_)
            if value is not None:
                self.asked[id_] += 1
                self.unsure[id_] += value in (UNSURE, [UNSURE])
        for id_ in feedback:
            entry = given.entries.get(id_)
            if entry is not None and isinstance(entry.value, str) and entry.value:
                self.held.append((entry.at, id_, entry.value))


def keep_figures(conn: Connection, figures: Figures) -> None:
    """Keep the figures of a day in the place of those before."""
    held = sorted(figures.held, reverse=True)[:KEPT_WORDS]
    content = {
        "projects": figures.projects,
        "unsure": [
            [id_, number, figures.asked[id_]]
            for id_, number in figures.unsure.most_common(MOST)
            if number
        ],
        "stops": [list(each) for each in _stops(conn, figures.at)],
        "held": [[at.isoformat(), id_, words] for at, id_, words in held],
    }
    row = {"counted_at": figures.at, "content": to_text(content)}
    put(conn, figure, {"name": FIGURES}, row)


def _stops(conn: Connection, at: datetime) -> Iterator[tuple[str, int]]:
    """The pages last saved of projects that rest, and of how many."""
    last = (
        select(answer_event.c.subject_id, func.max(answer_event.c.seq).label("seq"))
        .join(sheet, sheet.c.subject_id == answer_event.c.subject_id)
        .where(sheet.c.kind == "project", sheet.c.saved_at < at - RESTS_AFTER)
        .group_by(answer_event.c.subject_id)
        .subquery()
    )
    number = func.count().label("number")
    found = (
        select(answer_event.c.place, number)
        .join(
            last,
            (last.c.subject_id == answer_event.c.subject_id) & (last.c.seq == answer_event.c.seq),
        )
        .group_by(answer_event.c.place)
        .order_by(number.desc(), answer_event.c.place)
        .limit(MOST)
    )
    for row in conn.execute(found):
        yield row.place, row.number


@dataclass(frozen=True, slots=True)
class Known:
    """The figures that were kept last."""

    at: datetime
    projects: int
    unsure: tuple[tuple[str, int, int], ...]
    stops: tuple[tuple[str, int], ...]
    held: tuple[tuple[datetime, str, str], ...]


def known_figures(conn: Connection) -> Known | None:
    """The figures of the last day counted; None before the first."""
    row = conn.execute(select(figure).where(figure.c.name == FIGURES)).one_or_none()
    if row is None:
        return None
    said: Mapping[str, Any] = from_text(row.content)
    return Known(
        row.counted_at,
        said["projects"],
        tuple((id_, number, asked) for id_, number, asked in said["unsure"]),
        tuple((place, number) for place, number in said["stops"]),
        tuple((datetime.fromisoformat(at), id_, words) for at, id_, words in said["held"]),
    )
