"""The blank questions of a stage, of a page or of the whole route, to take to a meeting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import render_template, request, url_for

from app.core import logic
from app.core.program import QuestionNode
from app.core.questionnaire import Page
from app.core.questions import Question
from app.core.record import Record
from app.core.wording import count, lower
from app.web.markdown import to_html
from app.web.site import Context
from app.web.stage import open_stage

LINES = {"text": 1, "number": 1, "date": 1, "row_of": 1, "long_text": 5, "justification": 5}


def questions(reference: str, stage: str) -> str:
    """The blank questions of a stage, of one page or of the whole route, with their guidance."""
    here = open_stage(reference, stage)
    whole = request.args.get("of") == "route"
    names = (
        here.record.pipeline.asked_by(here.record.route)
        if whole
        else here.standing.stage.questionnaires
    )
    sections = [section for name in names for section in _blank_sections(here.record, name)]
    number = sum(len(page["questions"]) for section in sections for page in section["pages"])
    return render_template(
        "questions.html",
        title="Questions to take to a meeting",
        caption=f"{here.view.report.looked.title}. "
        + (f"{here.record.route.label} route" if whole else here.standing.stage.title),
        back={"label": f"Back to {here.standing.stage.title}", "url": here.url("projects.tasks")},
        lead=f"{count(number, 'question')}, blank. Print this page, or copy what you need into your own notes.",
        ways=[
            {
                "label": "Only this stage" if whole else "The questions of the whole route",
                "url": url_for(
                    "projects.questions",
                    reference=reference,
                    stage=stage,
                    of=None if whole else "route",
                ),
            },
            {
                "label": "As a Word document",
                "url": url_for("reports.word", reference=reference, output="questions"),
            },
        ],
        sections=sections,
    )


def _blank_sections(record: Record, name: str) -> Iterator[Context]:
    """The sections of a questionnaire, without what these answers rule out."""
    placed: set[str] = set()
    for section in record.questionnaires[name].sections:
        pages = []
        for page in section.pages:
            asked = [*_may_be_asked(record, page, placed, offered=name in record.route.optional)]
            if asked:
                pages.append(
                    {"title": page.title, "intro_html": to_html(page.intro), "questions": asked}
                )
        if pages:
            yield {"title": section.title, "about": "", "pages": pages}


def _may_be_asked(
    record: Record, page: Page, placed: set[str], *, offered: bool
) -> Iterator[Context]:
    facts = record.facts
    # What is only offered is printed once it is asked: nobody prints what nobody chose.
    may = facts.shown if offered else facts.shown | facts.waiting
    for placement in page.questions:
        id_ = placement.id
        if id_ not in placed and id_ in may:
            placed.add(id_)
            yield _blank(record, facts.program.questions[id_])


def _blank(record: Record, question: Question) -> Context:
    node = record.facts.program.nodes.get(question.id)
    # What is asked for sure needs no condition on paper.
    waits = question.id not in record.facts.shown
    when = node.when if waits and isinstance(node, QuestionNode) else None
    shown: Any = [
        {"label": label, "hint": question.option_hint(code) or ""}
        for code, label in question.labels.items()
    ]
    return {
        "ask": question.ask,
        "hint": question.hint or "",
        "for_whom": f"the {lower(record.person(question.for_))}" if question.for_ != "lead" else "",
        "when": f"Asked if {logic.english(when)}." if when is not None else "",
        "options": shown,
        "many": question.type == "multi",
        "lines": LINES.get(question.type, 1),
        "unit": question.unit or "",
        "columns": [c.ask or c.called for c in question.columns if not c.derived],
        "guide_html": to_html(question.guide),
        "why": question.why or "",
        "source": question.source or "",
    }
