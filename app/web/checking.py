"""Check your answers: every answer of a stage, who gave it, and what was flagged because of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import render_template, url_for

from app.core.assessment import Flag
from app.core.domains import UNSURE
from app.core.journey import Step
from app.core.questions import Question, row_label
from app.core.record import Record
from app.core.wording import count, lower
from app.web.pages import place_of
from app.web.site import Context
from app.web.stage import Stage, open_stage
from app.web.tasks import first_of


def check_answers(reference: str, stage: str) -> str:
    """Every answer of a stage, with who gave it and what was flagged because of it."""
    here = open_stage(reference, stage)
    unanswered = list(_unanswered(here))
    return render_template(
        "check_answers.html",
        title="Check your answers",
        caption=f"{here.view.report.looked.title}. {here.standing.stage.title}",
        back={"label": f"Back to {here.standing.stage.title}", "url": here.url("projects.tasks")},
        lead=_check_lead(unanswered),
        sections=list(_checked_sections(here)),
        unanswered=unanswered,
        next=_after_check(here),
        then=[
            {"label": "Back to the project", "url": url_for("projects.one", reference=reference)},
            {
                "label": "Open the risk report",
                "url": url_for("reports.risk_report", reference=reference),
            },
        ],
    )


def _check_lead(unanswered: Sequence[Context]) -> str:
    if unanswered:
        return f"{count(len(unanswered), 'answer')} still missing. Everything else is below: change what is no longer true."
    return "Everything is answered. Change what is no longer true: it changes everywhere."


def _after_check(stage: Stage) -> Context:
    first = first_of(stage)
    if first is not None:
        return {"label": first["label"], "url": first["url"]}
    standing = stage.standing
    if standing.closed or not standing.current:
        return {"label": "Back to the task list", "url": stage.url("projects.tasks")}
    if standing.stage.signed and stage.view.role == "signatory":
        return {"label": "Read and sign", "url": stage.url("reports.sign")}
    mine = stage.view.role == standing.stage.closed_by
    label = "Close this stage" if mine else "See what closing this stage needs"
    return {"label": label, "url": stage.url("reports.close")}


def _unanswered(stage: Stage) -> Iterator[Context]:
    for step in stage.standing.unfinished:
        place = place_of(stage.reference, step)
        for role, addresses in step.unfinished.items():
            for address in addresses:
                yield {
                    "ask": stage.record.title(address),
                    "url": place.url(_anchor=address.split("/")[0]),
                    "who": ""
                    if role == stage.view.role
                    else f"For the {lower(stage.record.person(role))}",
                }


def _checked_sections(stage: Stage) -> Iterator[Context]:
    sections: dict[tuple[str, str], list[Step]] = {}
    for step in stage.steps:
        if not stage.offered(step.questionnaire) or step.answered:
            sections.setdefault((step.questionnaire, step.section.id), []).append(step)
    for (questionnaire, _), steps in sections.items():
        yield {
            "title": stage.title_of(questionnaire, steps[0].section),
            "url": place_of(stage.reference, steps[0]).url(),
            "pages": [
                {
                    "title": step.page.title,
                    "answers": [_checked(stage, step, q) for q in step.questions],
                }
                for step in steps
            ],
        }


def _checked(stage: Stage, step: Step, question: Question) -> Context:
    record = stage.record
    value = record.facts.values.get(question.id)
    blank = value is None or value in (UNSURE, [UNSURE])
    given = record.who_gave(question.id)
    flag = next(iter(stage.flags.get(question.id, ())), None)
    rows = list(_rows(record, question)) if question.type == "rows" else []
    none = value == [] and (question.none or "There are none")
    text = none or record.answer(question.id).text
    return {
        "ask": question.ask,
        "name": question.called,
        "text": text if question.required or value is not None else "Not answered, and need not be",
        "rows": rows,
        "blank": blank,
        "by": "".join(run.text for run in given) if value is not None else "",
        "url": place_of(stage.reference, step).url(_anchor=question.id),
        "flag": _flag(stage, flag),
    }


def _flag(stage: Stage, flag: Flag | None) -> Context | None:
    if flag is None:
        return None
    mark = (
        "stop"
        if flag in stage.record.stops
        else "breach"
        if flag.rule.kind == "tolerance"
        else "flag"
    )
    url = url_for("reports.risk_report", reference=stage.reference, _anchor=f"flag-{flag.id}")
    return {"mark": mark, "text": flag.rule.title, "url": url}


def _rows(record: Record, question: Question) -> Iterator[Context]:
    """Each row: its name, then its other answers, each with what it answers."""
    named = next((c.id for c in question.columns if c.type == "text"), None)
    for n, row in enumerate(record.facts.values.get(question.id, ()), 1):
        cells = [
            {
                "label": column.called,
                "text": record.said(column, row[column.id], question.id).text.rstrip("."),
            }
            for column in question.columns
            if column.id in row and column.id != named and column.type != "long_text"
        ]
        yield {"title": f"{n}. {row_label(question, row)}".rstrip("."), "cells": cells}
