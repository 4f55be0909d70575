"""What whoever decides has before them: the risks before and after, the advice, what is not settled."""

from __future__ import annotations

from flask import url_for

from app.actions.review.reports import Report
from app.core.assessment import Flag
from app.core.pipeline import DeclaredAct
from app.core.questions import row_label
from app.core.standing import ADVISE
from app.web.reports.words import flag_link, mark, page_url, plain, rating, reason, shortened
from app.web.site import Context, day_words


def weighed(report: Report, declared: DeclaredAct) -> Context:
    """What the page of a declared act shows to whoever does it.

    Whoever approves or accepts, rather than choosing or naming somebody, sees the risks and what
    still stops the project; who gives a view that the answers ask for sees the tolerances reached.
    """
    approves = not (declared.choices or declared.must_say)
    flags: tuple[Flag, ...] = report.record.stops if approves else ()
    if declared.asked_if:
        flags = report.record.tolerances
    shown = approves or ADVISE in declared.after
    return {
        "advice": advice_of(report) if shown else None,
        "risks": risks_of(report) if approves else None,
        "unsettled": [_unsettled(report, flag) for flag in flags],
    }


def _unsettled(report: Report, flag: Flag) -> Context:
    return {
        "mark": mark(report.record, flag),
        "title": flag.rule.title,
        "text": shortened(plain(flag.rule.because), 160),
        "url": flag_link(report, flag),
    }


def advice_of(report: Report) -> Context | None:
    """The advice that was given last, in short."""
    given = [act for act in report.record.acts if act.kind == ADVISE]
    if not given:
        return None
    last = given[-1]
    return {
        "who": f"{last.who}, {last.organisation}, {day_words(last.at)}",
        "text": reason(last),
        "url": url_for("reports.advice", reference=report.reference),
    }


def risks_of(report: Report) -> Context | None:
    """The register of risks, as far as it is written."""
    record = report.record
    register = record.pipeline.names.risks
    rows = [
        row for row in record.facts.values.get(register, ()) if rating(record, row.get("rating"))
    ]
    if not rows:
        return None
    question = record.question(register)
    return {
        "title": "The risk" if len(rows) == 1 else f"The {len(rows)} risks",
        "rows": [
            {
                "title": f"{number}. {row_label(question, row)}",
                "url": page_url(report, f"{register}/{row['id']}"),
                "before": rating(record, row.get("rating")),
                "after": rating(record, row.get("residual_rating")),
                "measures": shortened(str(row.get("measures", "Not said yet")), 120),
            }
            for number, row in enumerate(rows, 1)
        ],
    }
