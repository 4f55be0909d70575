"""One stage: its task list, its answers to check, and its blank questions to take to a meeting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import render_template, request, url_for

from app.actions import overview
from app.actions.errors import NotFound
from app.actions.overview import Overview, count, listed, lower
from app.actions.projects import Assignment
from app.core import logic
from app.core.assessment import Flag
from app.core.domains import UNSURE
from app.core.journey import Status, Step
from app.core.program import QuestionNode
from app.core.questionnaire import Page, Section
from app.core.questions import Question, row_label
from app.core.record import NOT_ANSWERED, Record
from app.core.standing import ADVISE, SIGN, Standing
from app.web.markdown import to_html
from app.web.pages import place_of
from app.web.site import Context, day_words, reading, site, today

LINES = {"text": 1, "number": 1, "date": 1, "row_of": 1, "long_text": 5, "justification": 5}
TO_CLOSE = "to-close"


@dataclass(frozen=True)
class Stage:
    """One stage of one project, as one person sees it."""

    view: Overview
    standing: Standing

    @property
    def record(self) -> Record:
        """The answers, judged."""
        return self.view.record

    @property
    def reference(self) -> str:
        """The project's reference."""
        return self.view.report.reference

    @property
    def id(self) -> str:
        """The stage's id."""
        return self.standing.stage.id

    @property
    def caption(self) -> str:
        """The project and the number of the stage."""
        stages = [each for each in self.record.standings if each.stage.questionnaires]
        return f"{self.view.report.looked.title}. Stage {self.standing.number} of {len(stages)}"

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Its pages, offered ones included."""
        return self.record.journey.of(self.standing.stage.questionnaires)

    @cached_property
    def owed(self) -> tuple[Step, ...]:
        """Its unfinished pages on which this person has something to do."""
        return self.view.owed_by(self.view.role, self.standing)

    @cached_property
    def flags(self) -> Mapping[str, tuple[Flag, ...]]:
        """The flags behind which each answer stands, by question, gravest first."""
        found: dict[str, tuple[Flag, ...]] = {}
        for flag in self.record.raised:
            if flag.id not in self.record.answered:
                for id_ in dict.fromkeys(a.split("/")[0] for a in flag.because.answers):
                    found[id_] = (*found.get(id_, ()), flag)
        return found

    @cached_property
    def left(self) -> dict[str, Assignment]:
        """The pages that wait for a colleague, by their address."""
        return {step.key: left for step, left in self.view.handovers}

    def url(self, endpoint: str) -> str:
        """An address of this stage."""
        return url_for(endpoint, reference=self.reference, stage=self.id)

    def offered(self, questionnaire: str) -> bool:
        """Whether a questionnaire is offered and nothing on it owed."""
        return questionnaire in self.record.route.optional

    def title_of(self, questionnaire: str, section: Section) -> str:
        """A section's title, with its questionnaire where the stage has several."""
        names = dict.fromkeys(step.questionnaire for step in self.steps)
        title = self.record.questionnaires[questionnaire].title
        offered = " (if you like)" if self.offered(questionnaire) else ""
        if len(names) < 2 or title == section.title:
            return f"{section.title}{offered}"
        return f"{title}: {lower(section.title)}{offered}"


def _open(reference: str, stage: str) -> Stage:
    with reading() as (conn, actor):
        view = overview.follow_project(conn, actor, site().catalogues, reference, today())
    standing = view.report.standing(stage)
    if not standing.stage.questionnaires:
        raise NotFound(stage)
    return Stage(view, standing)


def _crumbs(stage: Stage) -> list[Context]:
    one = url_for("projects.one", reference=stage.reference)
    return [
        {"label": "Projects", "url": url_for("projects.list_all")},
        {"label": stage.view.report.looked.title, "url": one},
    ]


# The task list


def show_tasks(reference: str, stage: str) -> str:
    """The pages of a stage, what each still needs and from whom."""
    here = _open(reference, stage)
    return render_template(
        "tasks.html",
        title=here.standing.stage.title,
        caption=here.caption,
        crumbs=_crumbs(here),
        lead=_lead(here),
        next=_first(here),
        sections=[*_sections(here), _closing(here)],
        note=_came_along(here),
        ways=_ways(here),
        close=None,
    )


def _lead(stage: Stage) -> str:
    steps = [step for step in stage.steps if not stage.offered(step.questionnaire)]
    asked, answered = sum(step.asked for step in steps), sum(step.answered for step in steps)
    said = f"{answered} of {count(asked, 'question')} {'is' if asked == 1 else 'are'} answered."
    left = asked - answered
    mine = sum(step.left_for(stage.view.role) for step in stage.owed)
    if mine:
        return f"{said} {count(mine, 'answer')} still to give {'is' if mine == 1 else 'are'} yours."
    return f"{said} Nothing left here is yours." if left else said


def _first(stage: Stage) -> Context | None:
    if not stage.owed:
        return None
    step = stage.owed[0]
    return {
        "text": step.page.title,
        "url": place_of(stage.reference, step).url(),
        "label": f"Continue with “{step.page.title}”",
    }


def _sections(stage: Stage) -> Iterator[Context]:
    titles: dict[tuple[str, str], list[Step]] = {}
    for step in stage.steps:
        titles.setdefault((step.questionnaire, step.section.id), []).append(step)
    for (questionnaire, _), steps in titles.items():
        yield {
            "title": stage.title_of(questionnaire, steps[0].section),
            "tasks": [_task(stage, step) for step in steps],
        }


def _task(stage: Stage, step: Step) -> Context:
    mark, status = _status(stage, step)
    return {
        "id": f"{step.questionnaire}-{step.page.id}",
        "title": step.page.title,
        "url": place_of(stage.reference, step).url(),
        "hint": _hint(stage, step),
        "mark": mark,
        "status": status,
    }


def _status(stage: Stage, step: Step) -> tuple[str | None, str]:
    """What one page needs, as its sign and word; what holds up signing comes first."""
    flags = {flag.id: flag for q in step.questions for flag in stage.flags.get(q.id, ())}
    if any(flag in stage.record.stops for flag in flags.values()):
        return "stop", "Stop"
    if stage.offered(step.questionnaire) and step.answered < step.asked:
        return None, "If you like"
    match step.status(stage.view.role):
        case Status.YOURS if step in stage.owed[:1]:
            return "todo", "Next for you"
        case Status.YOURS:
            return "todo", f"{step.left_for(stage.view.role)} to answer"
        case Status.OTHERS:
            return "open", f"With {len(step.unfinished)} other{'s' * (len(step.unfinished) > 1)}"
        case _ if flags:
            return "flag", count(len(flags), "flag")
        case _:
            return "ok", "Complete"


def _hint(stage: Stage, step: Step) -> str:
    left = stage.left.get(step.key)
    if left is not None:
        return f"Left with {left.to_whom} on {day_words(left.at)}"
    said = f"{step.answered} of {step.asked}"
    others = [
        f"{len(addresses)} for the {lower(stage.record.person(role))}"
        for role, addresses in step.unfinished.items()
        if role != stage.view.role
    ]
    if stage.view.role in step.unfinished:
        others = ["Yours", *others] if not others else ["some are yours", *others]
    if others:
        return f"{said}. {listed(others)[0].upper()}{listed(others)[1:]}"
    sheet = stage.view.report.opened.sheet
    entries = [sheet.entries.get(q.id) for q in step.questions]
    before = sum(entry is not None and entry.where != step.key for entry in entries)
    if before and step.complete and before == step.asked:
        return f"{said}. Answered before. Check once that it is still true"
    return said


def _closing(stage: Stage) -> Context:
    standing = stage.standing
    tasks = [
        {
            "id": f"{TO_CLOSE}-check",
            "title": "Check your answers",
            "url": stage.url("projects.check_answers"),
            "hint": "Opens now. Nothing has to be complete",
            "mark": None,
            "status": "Open",
        }
    ]
    if ADVISE in standing.stage.needs:
        given = ADVISE not in standing.needs
        tasks.append(
            {
                "id": f"{TO_CLOSE}-advice",
                "title": "Advice of the data protection officer",
                "url": url_for("reports.advice", reference=stage.reference),
                "hint": "Advises and never decides",
                "mark": "ok" if given else "open",
                "status": "Given" if given else "Not given yet",
            }
        )
    if standing.stage.signed:
        signed = [a for a in stage.record.acts if a.kind == SIGN and a.about == standing.stage.signed]
        tasks.append(
            {
                "id": f"{TO_CLOSE}-sign",
                "title": "Signatures",
                "url": stage.url("reports.sign"),
                "hint": "Each organisation signs its own part",
                "mark": "ok" if signed else "open",
                "status": f"{len(signed)} signed" if signed else "Not signed yet",
            }
        )
    tasks.append(
        {
            "id": f"{TO_CLOSE}-close",
            "title": "Close this stage",
            "url": stage.url("reports.close"),
            "hint": "" if standing.closed else f"The {lower(stage.record.person(standing.stage.closed_by))} closes it",
            **_closing_status(standing),
        }
    )
    return {"title": "To finish this stage", "tasks": tasks}


def _closing_status(standing: Standing) -> Context:
    if standing.closed:
        return {"mark": "ok", "status": f"Closed on {day_words(standing.closed.at)}"}
    if standing.stops:
        return {"mark": "stop", "status": count(len(standing.stops), "stop")}
    if standing.can_close and standing.current:
        return {"mark": "todo", "status": "Ready"}
    return {"mark": None, "status": "Not yet"}


def _came_along(stage: Stage) -> Context | None:
    names = stage.standing.stage.questionnaires
    sheet = stage.view.report.opened.sheet
    ids = {q.id for step in stage.steps for q in step.questions}
    places = stage.record.facts.program.places
    came = [
        id_
        for id_ in ids
        if id_ in stage.record.facts.values and places[id_][0].questionnaire not in names and id_ in sheet.entries
    ]
    if not came:
        return None
    number = len(came)
    verb = "is" if number == 1 else "are"
    return {
        "title": f"{count(number, 'answer')} came with you",
        "text": f"Given at an earlier stage, {'it' if number == 1 else 'they'} {verb} shown where"
        f" {'it matters' if number == 1 else 'they matter'}, with who and when. You will not be asked again.",
    }


def _ways(stage: Stage) -> list[Context]:
    ways = [{"label": "Print these questions for a meeting", "url": stage.url("projects.questions")}]
    unfinished = stage.owed or stage.standing.unfinished
    if unfinished:
        place = place_of(stage.reference, unfinished[0])
        ways.append(
            {"label": f"Give “{unfinished[0].page.title}” to a colleague", "url": place.url("projects.colleague")}
        )
    later = [s for s in stage.record.standings[stage.standing.number :] if s.stage.questionnaires]
    if later and not later[0].closed:
        url = url_for("projects.tasks", reference=stage.reference, stage=later[0].stage.id)
        ways.append({"label": f"Start “{later[0].stage.title}” early", "url": url})
    return ways


# Check your answers


def check_answers(reference: str, stage: str) -> str:
    """Every answer of a stage, with who gave it and what was flagged because of it."""
    here = _open(reference, stage)
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
            {"label": "Open the risk report", "url": url_for("reports.risk_report", reference=reference)},
        ],
    )


def _check_lead(unanswered: Sequence[Context]) -> str:
    if unanswered:
        return f"{count(len(unanswered), 'answer')} still missing. Everything else is below: change what is no longer true."
    return "Everything is answered. Change what is no longer true: it changes everywhere."


def _after_check(stage: Stage) -> Context:
    first = _first(stage)
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
                    "who": "" if role == stage.view.role else f"For the {lower(stage.record.person(role))}",
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
                {"title": step.page.title, "answers": [_checked(stage, step, q) for q in step.questions]}
                for step in steps
            ],
        }


def _checked(stage: Stage, step: Step, question: Question) -> Context:
    record = stage.record
    value = record.facts.values.get(question.id)
    blank = value is None or value in (UNSURE, [UNSURE])
    given = record.who_gave(question.id)
    flag = next(iter(stage.flags.get(question.id, ())), None)
    text = _rows_words(record, question) if question.type == "rows" else record.answer(question.id).text
    return {
        "ask": question.ask,
        "name": question.called,
        "text": text if question.required or value is not None else "Not answered, and need not be",
        "blank": blank,
        "by": "".join(run.text for run in given) if value is not None else "",
        "url": place_of(stage.reference, step).url(_anchor=question.id),
        "flag": _flag(stage, flag),
    }


def _flag(stage: Stage, flag: Flag | None) -> Context | None:
    if flag is None:
        return None
    mark = "stop" if flag in stage.record.stops else "breach" if flag.rule.kind == "tolerance" else "flag"
    url = url_for("reports.risk_report", reference=stage.reference, _anchor=f"flag-{flag.id}")
    return {"mark": mark, "text": flag.rule.title, "url": url}


def _rows_words(record: Record, question: Question) -> str:
    """Rows as lines: the row's name, then its other answers."""
    rows = record.facts.values.get(question.id)
    if rows is None:
        return NOT_ANSWERED
    if not rows:
        return question.none or "There are none"
    named = next((c.id for c in question.columns if c.type == "text"), None)
    lines = []
    for row in rows:
        cells = [
            record.said(column, row[column.id], question.id).text
            for column in question.columns
            if column.id in row and column.id != named and column.type != "long_text"
        ]
        lines.append(f"{row_label(question, row)}: {'; '.join(cells)}" if cells else row_label(question, row))
    return "\n".join(lines)


# Blank questions, to print


def questions(reference: str, stage: str) -> str:
    """The blank questions of a stage, of one page or of the whole route, with their guidance."""
    here = _open(reference, stage)
    whole = request.args.get("of") == "route"
    names = (
        here.record.pipeline.asked_by(here.record.route) if whole else here.standing.stage.questionnaires
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
                "url": url_for("projects.questions", reference=reference, stage=stage, of=None if whole else "route"),
            },
            {"label": "As a Word document", "url": url_for("reports.word", reference=reference, output="questions")},
        ],
        sections=sections,
    )


def _blank_sections(record: Record, name: str) -> Iterator[Context]:
    """The sections of a questionnaire, without what these answers rule out."""
    placed: set[str] = set()
    for section in record.questionnaires[name].sections:
        pages = []
        for page in section.pages:
            asked = [*_may_be_asked(record, page, placed)]
            if asked:
                intro = str(to_html(page.intro)) and to_html(page.intro)
                pages.append({"title": page.title, "intro_html": intro, "questions": asked})
        if pages:
            yield {"title": section.title, "about": "", "pages": pages}


def _may_be_asked(record: Record, page: Page, placed: set[str]) -> Iterator[Context]:
    facts = record.facts
    for placement in page.questions:
        id_ = placement.id
        if id_ not in placed and (id_ in facts.shown or id_ in facts.waiting):
            placed.add(id_)
            yield _blank(record, facts.program.questions[id_])


def _blank(record: Record, question: Question) -> Context:
    node = record.facts.program.nodes.get(question.id)
    when = node.when if isinstance(node, QuestionNode) else None
    shown: Any = [
        {"label": label, "hint": question.option_hint(code) or ""} for code, label in question.labels.items()
    ]
    return {
        "ask": question.ask,
        "hint": question.hint or "",
        "for_whom": lower(record.person(question.for_)) if question.for_ != "lead" else "",
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
