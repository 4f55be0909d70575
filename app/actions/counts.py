"""How many questions each route asks of each person, and what asking once saves."""

from __future__ import annotations

from collections import Counter
from datetime import date

from app.catalogue import Catalogue
from app.core.pipeline import Route
from app.core.walks import walk

WALKS = 12
ON = date(2026, 11, 21)


def counts(catalogue: Catalogue) -> tuple[list[str], list[str]]:
    """A table of the most that random walks were asked, per route and person; and limits passed.

    A rows question counts as one; what is placed again because a document needs it is asked once.
    """
    most, walks = _walked(catalogue)
    lines, over = [], []
    for route in catalogue.pipeline.route.outcomes:
        found = most[route.code]
        said = ", ".join(f"{person} {number}" for person, number in sorted(found.items()))
        lines.append(
            f"{route.label}: at most {said or 'nothing'} (in {walks[route.code]} walks);"
            f" {_alone(catalogue, route)} if each document were filled in alone."
        )
        over += [
            f"{route.label}: asks {person} {found[person]} questions; {limit} are allowed."
            for person, limit in route.limits.items()
            if found[person] > limit
        ]
        if not walks[route.code]:
            over.append(f"{route.label}: no walk reached this route.")
    return lines, over


def _walked(catalogue: Catalogue) -> tuple[dict[str, Counter[str]], Counter[str]]:
    """The most asked of each person on each route, and how many walks reached the route."""
    pipeline, program = catalogue.pipeline, catalogue.program
    most: dict[str, Counter[str]] = {route.code: Counter() for route in pipeline.route.outcomes}
    walks: Counter[str] = Counter()
    for route in pipeline.route.outcomes:
        for seed in range(WALKS):
            facts = walk(program, seed, ON, toward=(pipeline.route.id, route.code))
            code = facts.values.get(pipeline.route.id)
            if code in most:
                walks[code] += 1
                most[code] |= _asked(catalogue, pipeline.path(code), facts.shown)
    return most, walks


def _asked(catalogue: Catalogue, route: Route, shown: frozenset[str]) -> Counter[str]:
    pipeline, program = catalogue.pipeline, catalogue.program
    names = [n for n in pipeline.asked_by(route) if n not in pipeline.not_counted]
    ids = {
        p.id
        for name in names
        for _, page in catalogue.questionnaires[name].pages()
        for p in page.questions
    }
    return Counter(program.questions[id_].for_ for id_ in ids & shown)


def _alone(catalogue: Catalogue, route: Route) -> int:
    """The placements of all questionnaires owed on a route: what filling each in alone would ask."""
    return sum(
        len(page.questions)
        for name in catalogue.pipeline.asked_by(route)
        if name not in route.optional
        for _, page in catalogue.questionnaires[name].pages()
    )
