"""The data protection officer's report to senior management, on screen and as a Word file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request, url_for

from app.actions.annual import Period, report_year
from app.actions.surveys import compose_survey
from app.catalogue.surveys import Survey, read_surveys
from app.core.blocks import Document
from app.core.days import LONDON
from app.documents.html import to_html
from app.documents.wordml import CannotWriteError
from app.settings import content_root
from app.web.reports.documents import WORD, send_file
from app.web.site import day_words, now, reading, site, today

annual = Blueprint("annual", __name__)

REPORT = "annual_report"
FROM, TO = "from", "to"
WRONG = "Enter two days, the earlier one first"


@annual.get("/annual-report")
def show() -> str:
    """The report for a period; the year so far, until somebody chooses another."""
    period = _period()
    chosen = period or _year_so_far()
    made = _made(chosen)
    control = made.document.control
    dates = {FROM: chosen.first.isoformat(), TO: chosen.last.isoformat()}
    return render_template(
        "annual.html",
        title=control.title,
        caption=made.organisation,
        errors=[{"anchor": FROM, "text": WRONG}] if period is None else [],
        action=url_for("annual.show"),
        fields=[
            {"name": FROM, "label": "From", "value": request.args.get(FROM) or dates[FROM]},
            {
                "name": TO,
                "label": "To, that day included",
                "value": request.args.get(TO) or dates[TO],
            },
        ],
        word_url=f"{url_for('annual.word')}?{urlencode(dates)}",
        file_name=_file_name(made, chosen),
        document_html=to_html(made.document, ident=REPORT),
    )


@annual.get("/annual-report.docx")
def word() -> Response:
    """The same as a Word file."""
    period = _period()
    if period is None:
        abort(400, WRONG)
    made = _made(period)
    # The Word library takes 7 MB, and many a process never writes a document.
    from app.documents.word import to_word

    style = site().catalogues.newest().catalogue.house_style
    try:
        return send_file(to_word(made.document, style), _file_name(made, period), WORD)
    except CannotWriteError as error:
        abort(400, f"The document could not be written. {error}")


@dataclass(frozen=True)
class Made:
    """A report, and whose it is."""

    document: Document
    organisation: str
    survey: Survey


def _made(period: Period) -> Made:
    survey = outlines_of(site().settings.fingerpost_content)[REPORT]
    with reading() as (conn, actor):
        lists = report_year(conn, actor, site().catalogues, period, now())
    words = {
        "organisation": actor.organisation_name,
        "first": day_words(period.first),
        "last": day_words(period.last),
        "on": day_words(today()),
    }
    document = compose_survey(survey, lists, words, today().isoformat())
    return Made(document, actor.organisation_name, survey)


@lru_cache(maxsize=4)
def outlines_of(own: Path) -> dict[str, Survey]:
    """The outlines of this installation in place of the shipped ones. Raises BadDefinitions."""
    return read_surveys(content_root()) | read_surveys(own)


def _file_name(made: Made, period: Period) -> str:
    return f"{made.survey.file}_{period.first}_{period.last}.docx"


def _period() -> Period | None:
    """The period that was asked for; None when it is none."""
    if FROM not in request.args and TO not in request.args:
        return _year_so_far()
    try:
        first = date.fromisoformat(request.args.get(FROM, ""))
        last = date.fromisoformat(request.args.get(TO, ""))
    except ValueError:
        return None
    return _of(first, last) if first <= last < date.max else None


def _year_so_far() -> Period:
    return _of(date(today().year, 1, 1), today())


def _of(first: date, last: date) -> Period:
    ends = last + timedelta(days=1)
    midnight = time(tzinfo=LONDON)
    return Period(first, last, datetime.combine(first, midnight), datetime.combine(ends, midnight))
