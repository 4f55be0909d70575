"""The history of a project: every answer and act, by whom and when, the last first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import render_template, request, url_for

from app.actions.overview import tell_act
from app.actions.projects import Happening, history
from app.actions.review.acts import Act
from app.actions.review.reports import Report, open_report
from app.actions.review.since import called, in_words
from app.core.days import day_of
from app.web.pages import Place
from app.web.site import Context, clock_time, day_words, on_project, reading, site, today

LIMIT = 60


@dataclass(frozen=True)
class Line:
    """One line of the history."""

    at: datetime
    shown: Context


def history_page(reference: str) -> str:
    """Who did what; with ?of= only what happened to one answer."""
    address = request.args.get("of", "")
    with reading() as (conn, actor):
        report = open_report(conn, actor, site().catalogues, reference, today())
        on_project(report.opened.project)
        before = request.args.get("before", type=int)
        happened = history(conn, actor, reference, address, LIMIT, before)
    lines = [_line(report, cells) for cells in together(happened)]
    if not address and before is None:
        lines += _acts(report)
    lines.sort(key=lambda line: line.at, reverse=True)
    filters = []
    if address:
        filters = [
            {
                "label": "Everything",
                "url": url_for("projects.history", reference=reference),
                "current": False,
            },
            {
                "label": f"Only “{called(report.record, address)}”",
                "url": request.full_path,
                "current": True,
            },
        ]
    return render_template(
        "history.html",
        title="Who did what",
        caption=report.looked.title,
        back={"label": "Back to the project", "url": url_for("projects.one", reference=reference)},
        filters=filters,
        days=[
            {"title": _day(day), "events": [line.shown for line in of_day]}
            for day, of_day in groupby(lines, key=lambda line: day_of(line.at))
        ],
        older=_older(reference, address, happened),
    )


def _older(reference: str, address: str, happened: tuple[Happening, ...]) -> Context | None:
    if len(happened) < LIMIT:
        return None
    first = happened[-1].seq
    url = url_for("projects.history", reference=reference, of=address or None, before=first)
    return {"label": "What happened before that", "url": url}


def _day(day: Any) -> str:
    return f"Today, {day_words(day)}" if day == today() else day_words(day)


def _acts(report: Report) -> list[Line]:
    return [
        Line(
            act.at,
            {
                "when": clock_time(act.at),
                "who": f"{act.who}, {act.organisation}",
                "text": f"{tell_act(report.record, act)}.",
                "ask": None,
                "before": "",
                "after": act.content.get("reason") or act.content.get("advice") or "",
            },
        )
        for act in report.record.acts
        if isinstance(act, Act)
    ]


def together(happened: tuple[Happening, ...]) -> Iterable[list[Happening]]:
    """What one save did to one row, together: a row is one thing to people, and not its cells."""
    found: dict[tuple[object, ...], list[Happening]] = {}
    for one in happened:
        row = tuple(one.address.split("/")[:2])
        alone = (one.seq,) if len(row) == 1 else ()
        found.setdefault((one.version, one.who, row, *alone), []).append(one)
    return found.values()


def _line(report: Report, cells: list[Happening]) -> Line:
    if len(cells) == 1:
        return _answer_line(report, cells[0])
    return _row_line(report, cells[::-1])


def _row_line(report: Report, cells: list[Happening]) -> Line:
    """What one save did to a row: "added", and what stands in it."""
    record, last = report.record, cells[-1]
    address = "/".join(last.address.split("/")[:2])
    itself = [one for one in cells if one.address == address]
    verb = "changed" if not itself else "added" if itself[0].old is None else "changed"
    if all(one.old == one.new for one in cells):
        verb = "confirmed"
    elif any(one.new is None for one in itself):
        verb = "removed"
    said = [_cell(report, one, verb) for one in cells if one not in itself]
    told = "; ".join(each for each in said if each)
    return Line(
        last.at,
        {
            "when": clock_time(last.at),
            "who": f"{last.who}, {last.organisation}",
            "text": verb,
            "ask": {"label": called(record, address), "url": _url(report, address)},
            "before": told if verb == "removed" else "",
            "after": "" if verb == "removed" else told,
        },
    )


def _cell(report: Report, one: Happening, verb: str) -> str:
    """What a cell of a row says now, and what it said before."""
    record = report.record
    column = called(record, one.address).rpartition(": ")[2]
    before, after = in_words(record, one.address, one.old), in_words(record, one.address, one.new)
    if verb == "removed":
        return f"{column}: {before}" if before else ""
    if verb == "changed" and before and before != after:
        return f"{column}: {after or 'nothing'}, before: {before}"
    return f"{column}: {after}" if after else ""


def _answer_line(report: Report, one: Happening) -> Line:
    record = report.record
    before, after = in_words(record, one.address, one.old), in_words(record, one.address, one.new)
    verb = "answered" if one.old is None else "changed" if one.new is not None else "took out"
    if one.old == one.new:
        verb, before = "confirmed", ""
    elif one.address.count("/") == 1:
        verb = {"answered": "added", "changed": "changed the owner of", "took out": "removed"}[verb]
        before = after = ""
    return Line(
        one.at,
        {
            "when": clock_time(one.at),
            "who": f"{one.who}, {one.organisation}",
            "text": verb,
            "ask": {"label": called(record, one.address), "url": _url(report, one.address)},
            "before": before,
            "after": after,
        },
    )


def _url(report: Report, address: str) -> str:
    """Where the answer is given; the history of it when it is no longer asked."""
    id_ = address.split("/", maxsplit=1)[0]
    places = report.record.facts.program.places.get(id_, ())
    for place in places:
        if report.record.journey.step(place.questionnaire, place.page):
            return Place(report.reference, place.questionnaire, place.page).url(_anchor=id_)
    return url_for("projects.history", reference=report.reference, of=address)
