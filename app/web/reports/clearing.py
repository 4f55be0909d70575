"""What would clear a flag: the smallest changes of answers that would, and what else would change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from time import thread_time
from typing import Any

from flask import render_template, url_for

from app.actions.access.policy import POLICY
from app.actions.actor import Actor
from app.actions.review.reports import Report
from app.core.assessment import Flag, Result
from app.core.clearing import Change, Clearing, Tried, clearings
from app.core.sheet import answers
from app.core.wording import listed
from app.web.reports.blueprint import back_to_report, caption, opened, report_url, reports
from app.web.reports.words import about, can_accept, flag_link, page_url, shortened
from app.web.site import Context, site

ASK = 160
EFFECTS = 6
HIDDEN = (
    "Some of what this flag rests on is restricted: ask those who look after information"
    " governance what would clear it."
)


@reports.get("/projects/<reference>/report/<flag>/clear")
def clear(reference: str, flag: str) -> str:
    """What would clear one flag."""
    report, actor = opened(reference)
    judged = report.flag(flag)
    tried = _tried(report, judged)
    shown = [each for each in tried.found if not _hidden(report, each)]
    return render_template(
        "clear_flag.html",
        title="What would clear this flag",
        caption=caption(report),
        back=back_to_report(report, judged.id),
        about=about(report.record, judged),
        ways=[_way(report, actor, several) for several in _by_questions(shown)],
        said=HIDDEN if len(shown) < len(tried.found) else _said(judged, tried),
        instead=list(_instead(report, judged)),
    )


def _tried(report: Report, flag: Flag) -> Tried:
    """Look for changes, for as long as the settings allow."""
    if flag.result is Result.ERROR:
        return Tried((), 0, everything=False)
    settings = site().settings
    ends = thread_time() + settings.clearing_ms / 1000
    return clearings(
        report.looked.facts,
        answers(report.opened.sheet),
        flag.id,
        settings.clearing_tries,
        lambda: thread_time() > ends,
    )


def _hidden(report: Report, clearing: Clearing) -> bool:
    """Whether saying it would say a restricted answer to somebody who may not see it."""
    record = report.record
    asked = (address.split("/", maxsplit=1)[0] for address in clearing.addresses)
    return not record.sees_restricted and any(record.question(id_).restricted for id_ in asked)


def _by_questions(found: Iterable[Clearing]) -> list[list[Clearing]]:
    """Other answers to the same questions together, those that raise least first."""
    in_order = {each.addresses: n for n, each in reversed(list(enumerate(found)))}
    ordered = sorted(found, key=lambda each: in_order[each.addresses])
    return [list(several) for _, several in groupby(ordered, lambda each: each.addresses)]


def _way(report: Report, actor: Actor, several: list[Clearing]) -> Context:
    """One question, or two together, with the answers that would do."""
    return {
        "questions": [_question(report, actor, change) for change in several[0].changes],
        "answers": [
            {
                "answers": [_words(report, change) for change in clearing.changes],
                "raises": _titles(report, clearing.raises),
                "clears": _titles(report, clearing.clears),
            }
            for clearing in several
        ],
    }


def _question(report: Report, actor: Actor, change: Change) -> Context:
    """What is asked, how it is answered now, and where it may be answered otherwise."""
    record = report.record
    asked_of = record.question(change.address.split("/", maxsplit=1)[0]).for_
    return {
        "ask": shortened(record.title(change.address), ASK),
        "now": shortened(record.answer(change.address).text),
        "who": "" if asked_of == actor.role else record.person(asked_of),
        "url": None
        if POLICY["project.answer"].refuses(actor.role)
        else page_url(report, change.address),
    }


def _words(report: Report, change: Change) -> str:
    id_ = change.address.split("/", maxsplit=1)[0]
    asked: Any = report.record.asked(change.address)
    return shortened(report.record.said(asked, change.answer, id_).text)


def _titles(report: Report, flags: tuple[str, ...]) -> str:
    """Other flags by their titles, those in force."""
    assessment = report.record.assessment
    titles = {each.id: each.rule.title for each in (*assessment.flags, *assessment.tasks)}
    named = [f"“{titles[id_]}”" for id_ in flags if id_ in titles]
    more = len(named) - EFFECTS
    return listed([*named[:EFFECTS], *([f"{more} more"] if more > 0 else [])])


def _said(flag: Flag, tried: Tried) -> str:
    """What to know where nothing was found, or not all was tried."""
    if flag.result is Result.ERROR:
        return "This check could not be worked out, so nothing can be tried. A data protection officer judges it by hand."
    if tried.found:
        return "" if tried.everything else "There may be more: not everything was tried."
    if tried.everything:
        return (
            "Nothing small would clear it: no other answer to one of the questions behind it, nor"
            " other answers to two of them."
        )
    return (
        f"Nothing was found among {tried.tried} sets of other answers. More lies behind this flag"
        " than can be tried here."
    )


def _instead(report: Report, flag: Flag) -> Iterator[Context]:
    """What can be done about a flag that stays."""
    at: Context = {"reference": report.reference, "flag": flag.id}
    if can_accept(report.record):
        yield {"label": "Accept it as a risk", "url": url_for("reports.accept", **at)}
    yield {"label": "See the answers behind it", "url": flag_link(report, flag)}
    yield {"label": "See every flag", "url": report_url(report)}
