"""The projects that somebody sees, in a list."""

from __future__ import annotations

from collections.abc import Iterable

from flask import render_template, request, url_for

from app.actions.answers import Summary
from app.actions.projects import Listed, list_projects
from app.core.pipeline import Pipeline
from app.core.wording import count
from app.web.site import Context, moment_words, reading, site

SHOWN = 200


def list_all() -> str:
    """The projects that this person sees."""
    with reading() as (conn, actor):
        listed = list_projects(conn, actor)
    pipeline = site().catalogues.newest().catalogue.pipeline
    chosen = request.args.get("stage", "")
    found = [each for each in listed if chosen in ("", each.stage)]
    last = f" The {SHOWN} last changed are listed." if len(found) > SHOWN else ""
    return render_template(
        "projects.html",
        title="Projects",
        lead=f"{count(len(listed), 'project')} of {actor.organisation_name} that you see.{last}",
        filters=_filters(pipeline, listed, chosen),
        projects=[_listed(pipeline, each) for each in found[:SHOWN]],
        start={"label": "Start something new", "url": url_for("start.home")},
        also={"label": "How long it takes", "url": url_for("projects.how_long")},
        empty="There is no project here yet. Start one: six answers show the likely route.",
    )


def _filters(pipeline: Pipeline, listed: Iterable[Listed], chosen: str) -> list[Context]:
    here = [each.stage for each in listed]
    stages = [(s.id, s.title) for s in pipeline.stages if s.id in here]
    entries = [("", "All", len(here)), *((id_, title, here.count(id_)) for id_, title in stages)]
    return [
        {
            "label": f"{title} ({number})",
            "url": url_for("projects.list_all", stage=id_ or None),
            "current": id_ == chosen,
        }
        for id_, title, number in entries
    ]


def _listed(pipeline: Pipeline, each: Listed) -> Context:
    titles = {stage.id: stage.title for stage in pipeline.stages}
    summary = each.summary
    return {
        "title": summary.title,
        "url": url_for("projects.one", reference=each.reference),
        "about": f"{each.reference}. Led by {each.organisation}",
        "stage": titles.get(each.stage, each.stage),
        "next": f"{summary.answered} of {count(summary.asked, 'question')} answered",
        "worst": worst(summary),
        "when": moment_words(each.saved_at),
    }


def worst(summary: Summary) -> Context:
    """The gravest thing known of a project, as its sign and word."""
    match summary.worst_flag:
        case "stop":
            return {"mark": "stop", "text": count(summary.stops, "stop")}
        case "tolerance":
            return {"mark": "breach", "text": "Ethics tolerance reached"}
        case "high" | "medium" | "low":
            return {"mark": "flag", "text": f"Rated {summary.worst_flag}"}
        case _:
            # Which checks are open is for the report to say: it knows which of them this route asks.
            return {"mark": "todo", "text": "No flag raised so far"}
