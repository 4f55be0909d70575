"""How long things take, as a page: by stage, by organisation, and what is under way."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, url_for

from app.actions.timing import Open, Times, times
from app.core.pipeline import Pipeline
from app.core.timing import Taken
from app.core.wording import count
from app.web.site import Context, now, reading, site

LONGEST_BAR = 100.0
NOT_YET = "\N{EN DASH}"


def how_long() -> str:
    """Where the time goes, over the projects this person's organisation takes part in."""
    pipeline = site().catalogues.newest().catalogue.pipeline
    with reading() as (conn, actor):
        found = times(conn, actor, pipeline, now())
    titles = {stage.id: stage.title for stage in pipeline.stages}
    return render_template(
        "times.html",
        title="How long it takes",
        crumbs=[{"label": "Projects", "url": url_for("projects.list_all")}],
        lead=_lead(found, titles),
        groups=[
            _group(
                "Days in each stage",
                "Stage",
                "From the act that closed the stage before to the act that closed this one.",
                found.stages,
                titles,
            ),
            _group(
                "Days until each organisation signed",
                "Organisation",
                "From the day a stage with something to sign began.",
                found.organisations,
                {},
            ),
            _group(
                "Days until a data protection officer advised",
                "Stage",
                "From the day a stage that needs advice began.",
                found.advice,
                titles,
            ),
        ],
        under_way=[_open(pipeline, titles, one) for one in found.under_way],
    )


def _lead(found: Times, titles: dict[str, str]) -> str:
    if not found.projects:
        return "There is no project yet to learn from."
    slowest = max(
        (each for each in found.stages if each.middle is not None),
        key=lambda each: each.middle or 0,
        default=None,
    )
    said = f"Over {count(found.projects, 'project')}, {len(found.under_way)} under way."
    if slowest is None:
        return f"{said} No stage has been closed yet."
    if round(slowest.middle or 0) < 1:
        return f"{said} In each stage, half took less than a day."
    return f"{said} The slowest stage is {titles.get(slowest.what, slowest.what)}: half took {_days(slowest.middle)} or less."


def _group(
    title: str, first: str, text: str, several: Sequence[Taken], titles: dict[str, str]
) -> Context:
    most = max((each.middle or 0 for each in several), default=0) or 1
    return {
        "title": title,
        "first": first,
        "text": text,
        "rows": [
            {
                "title": titles.get(each.what, each.what),
                "ended": each.ended,
                "middle": _days(each.middle),
                "bar": round(LONGEST_BAR * each.middle / most, 1) if each.middle else 0,
                "longest": _days(each.longest),
                "going_on": each.going_on,
            }
            for each in several
        ],
    }


def _open(pipeline: Pipeline, titles: dict[str, str], one: Open) -> Context:
    return {
        "title": one.title or one.reference,
        "url": url_for("projects.one", reference=one.reference),
        "about": one.reference,
        "stage": titles.get(one.stage, one.stage),
        "days": _days(one.days),
        "whom": one.waits_for(pipeline),
    }


def _days(days: float | None) -> str:
    if days is None:
        return NOT_YET
    whole = round(days)
    if whole < 1:
        return "less than a day"
    return count(whole, "day")
