"""How far a document is, in the same words wherever it is named."""

from __future__ import annotations

from app.actions.review.reports import Report
from app.core.standing import SIGN
from app.core.wording import count
from app.web.site import day_words


def draft_words(report: Report, output: str) -> str:
    """How far a document is: signed, or what is still to come of the stage it is written at."""
    signed = [act for act in report.opened.project.acts if act.kind == SIGN and act.about == output]
    if signed:
        return f"Signed by {len(signed)}, last on {day_words(signed[-1].at)}"
    stages = [s for s in report.record.standings if output in s.stage.documents]
    if not stages:
        return "Draft"
    # The stage at which it is written now, or the first one if that is still to come.
    at = next((s for s in reversed(stages) if s.closed or s.current), stages[0])
    left = sum(len(each) for step in at.unfinished for each in step.unfinished.values())
    if not left and not (at.closed or at.current):
        return "Early draft: its stage is still to come"
    if output == "questions" or not left:
        return "Draft, as the answers stand now"
    return f"Draft. {count(left, 'answer')} of the stage “{at.stage.title}” still to come"
