"""The task list of a stage: its pages, what each still needs and from whom."""

from __future__ import annotations

from collections.abc import Iterator

from flask import render_template, url_for

from app.actions.together.passing import Assignment
from app.core.journey import Status, Step
from app.core.standing import ADVISE, SIGN, Standing, requests
from app.core.wording import count, listed, lower
from app.web import contributed
from app.web.pages import place_of
from app.web.reports.back import tasks_of
from app.web.site import Context, day_words, reading
from app.web.stage import Stage, crumbs_of, open_stage

TO_CLOSE = "to-close"


def show_tasks(reference: str, stage: str) -> str:
    """The pages of a stage, what each still needs and from whom."""
    here = open_stage(reference, stage)
    back = _sent_back(here)
    return render_template(
        "tasks.html",
        title=here.standing.stage.title,
        caption=here.caption,
        crumbs=crumbs_of(here),
        lead=_lead(here, len(back)),
        next=first_of(here),
        back=back,
        sections=[*_sections(here), *contributed.tasks(here.view, stage), _closing(here)],
        note=_came_along(here),
        ways=_ways(here),
    )


def _sent_back(stage: Stage) -> list[Context]:
    """What a reviewer sent back; nothing is asked of the database where nothing was."""
    if not requests(stage.record.acts):
        return []
    with reading() as (conn, actor):
        return tasks_of(conn, stage.view.report, actor)


def _lead(stage: Stage, back: int) -> str:
    steps = [step for step in stage.steps if not stage.offered(step.questionnaire)]
    asked, answered = sum(step.asked for step in steps), sum(step.answered for step in steps)
    said = f"{answered} of {count(asked, 'question')} {'is' if asked == 1 else 'are'} answered."
    left = asked - answered
    mine = sum(step.left_for(stage.view.role) for step in stage.owed)
    if mine:
        return f"{said} {count(mine, 'answer')} still to give {'is' if mine == 1 else 'are'} yours."
    if back:
        return f"{said} {count(back, 'thing')} {'was' if back == 1 else 'were'} sent back to you."
    return f"{said} Nothing left here is yours." if left else said


def first_of(stage: Stage) -> Context | None:
    """The page on which this person goes on, as a link; None when nothing here is theirs."""
    if not stage.owed:
        return None
    step = stage.owed[0]
    return {
        "text": step.page.title,
        "url": place_of(stage.reference, step).url(),
        "label": f"Continue with “{step.page.title}”",
    }


def _sections(stage: Stage) -> Iterator[Context]:
    """The pages under headings, of which there are not many more than pages.

    Sections of one step ("Step 2: Scope", "Step 2: Context") share a heading, and so do those of a
    questionnaire that is not the stage's own and has little more than a page in each.
    """
    thin = _thin(stage)
    groups: dict[tuple[str, str], list[Step]] = {}
    for step in stage.steps:
        head, several, _ = step.section.title.partition(": ")
        under = "" if step.questionnaire in thin else head if several else step.section.id
        groups.setdefault((step.questionnaire, under), []).append(step)
    for (questionnaire, under), steps in groups.items():
        yield {
            "title": _heading(stage, questionnaire, under, steps),
            "tasks": [_task(stage, step) for step in steps],
        }


def _thin(stage: Stage) -> set[str]:
    """The questionnaires, but for the stage's own, with fewer than two pages to a section."""
    pages: dict[str, list[str]] = {}
    for step in stage.steps:
        if step.questionnaire != stage.id:
            pages.setdefault(step.questionnaire, []).append(step.section.id)
    return {name for name, ids in pages.items() if 1 < len({*ids}) > len(ids) / 2}


def _heading(stage: Stage, questionnaire: str, under: str, steps: list[Step]) -> str:
    titles = list(dict.fromkeys(step.section.title for step in steps))
    if len(titles) == 1:
        return stage.title_of(questionnaire, steps[0].section)
    offered = " (if you like)" if stage.offered(questionnaire) else ""
    if not under:
        return f"{stage.record.questionnaires[questionnaire].title}{offered}"
    rests = [title.partition(": ")[2] for title in titles]
    return f"{under}: {listed([rests[0], *map(lower, rests[1:])])}{offered}"


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
    offered = stage.offered(step.questionnaire) and step.answered < step.asked
    if offered or step.key in stage.left:
        return (None, "If you like") if offered else ("open", "Passed on")
    match step.status(stage.view.role):
        case Status.YOURS:
            left = f"{step.left_for(stage.view.role)} to answer"
            return "todo", "Next for you" if step in stage.owed[:1] else left
        case Status.OTHERS:
            return "open", f"With {len(step.unfinished)} other{'s' * (len(step.unfinished) > 1)}"
        case _:
            return ("flag", count(len(flags), "flag")) if flags else ("ok", "Complete")


def _hint(stage: Stage, step: Step) -> str:
    passed = [one for one in stage.view.left if one.page == step.key]
    if passed:
        return ". ".join(_passed(one) for one in passed)
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
    if step.complete and step.answered < step.asked and not stage.offered(step.questionnaire):
        return f"{said}. The rest need not be answered"
    return said


def _passed(one: Assignment) -> str:
    by = f", by {day_words(one.due_on)}" if one.due_on else ""
    what = "One question is passed" if one.question else "Passed"
    return f"{what} to {one.to_whom} on {day_words(one.at)}{by}"


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
        signed = [
            a for a in stage.record.acts if a.kind == SIGN and a.about == standing.stage.signed
        ]
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
            "hint": ""
            if standing.closed
            else f"The {lower(stage.record.person(standing.stage.closed_by))} closes it",
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
        if id_ in stage.record.facts.values
        and places[id_][0].questionnaire not in names
        and id_ in sheet.entries
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
    ways = [
        {"label": "Print these questions for a meeting", "url": stage.url("projects.questions")}
    ]
    unfinished = stage.owed or stage.standing.unfinished
    if unfinished:
        place = place_of(stage.reference, unfinished[0])
        ways.append(
            {
                "label": f"Give “{unfinished[0].page.title}” to a colleague",
                "url": place.url("projects.colleague"),
            }
        )
    later = [s for s in stage.record.standings[stage.standing.number :] if s.stage.questionnaires]
    if later and not later[0].closed:
        url = url_for("projects.tasks", reference=stage.reference, stage=later[0].stage.id)
        ways.append({"label": f"Start “{later[0].stage.title}” early", "url": url})
    return ways
