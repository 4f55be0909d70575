"""The blueprint of the report and of the acts, and how each of its pages opens a project."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for

from app.actions.actor import Actor
from app.actions.review.reports import Report, open_report
from app.web.site import Context, on_project, reading, site, today

reports = Blueprint("reports", __name__)


def opened(reference: str, stage: str | None = None) -> tuple[Report, Actor]:
    """The report of a project, and who looks at it. Raises NotFound."""
    with reading() as (conn, actor):
        report = open_report(conn, actor, site().catalogues, reference, today(), stage)
    on_project(report.opened.project)
    return report, actor


def project_url(report: Report) -> str:
    """The page of the project."""
    return url_for("projects.one", reference=report.reference)


def report_url(report: Report, flag: str | None = None, **more: Any) -> str:
    """The risk report, or one flag in it."""
    anchor = None if flag is None else flag_anchor(flag)
    return url_for("reports.risk_report", reference=report.reference, _anchor=anchor, **more)


def flag_anchor(flag: str) -> str:
    """Where a flag stands on the page of the report."""
    return f"flag-{flag}"


def caption(report: Report) -> str:
    """Which project this is: "Homelessness early help, FP-0001"."""
    return f"{report.looked.title}, {report.reference}"


def back_to_report(report: Report, flag: str | None = None) -> Context:
    """The way back to the report."""
    return {"label": "Back to the risk report", "url": report_url(report, flag)}


def back_to_project(report: Report) -> Context:
    """The way back to the project."""
    return {"label": f"Back to {report.looked.title}", "url": project_url(report)}
