"""The things a reviewer judges: what they are, what was typed of each, and how each is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from flask import request, url_for

from app.actions.review.advice_drafts import DraftAdvice, DraftMatter
from app.actions.review.reports import Report
from app.actions.review.requests import SECTION, Back, State, Subjects
from app.actions.review.reviews import Matter, accepted_as, asks_about_advice, measures_of
from app.core.assessment import Flag
from app.core.questions import Column, Reading, type_of
from app.core.record import Record
from app.core.standing import SENT_BACK
from app.web.reports.words import flag_link, mark, page_url, plain, rating
from app.web.site import Context

MOST = 6
LONGEST = 10_000
WHOLE, PROCEED, OTHER = "advice", "proceed", "other"
VERDICTS = {
    "acceptable": "Acceptable",
    "improve": "Improve",
    "must_correct": "Must correct before I advise",
}


def read_text(raw: str) -> Reading:
    """What was typed, cleaned as answers are: documents print it."""
    asked = Column.model_validate(
        {"id": "typed", "type": "long_text", "ask": "Advice", "max_length": LONGEST}
    )
    found = type_of(asked).from_form(asked, {"": [raw]})
    return Reading(found.value or "", found.error)


@dataclass(frozen=True)
class Judged:
    """One thing, as the reviewer has judged it so far. `flag`: when it is one that is raised."""

    about: str
    title: str
    flag: Flag | None
    verdict: str
    text: str

    @property
    def said(self) -> Reading:
        """What they wrote, cleaned."""
        return read_text(self.text)

    @property
    def error(self) -> str:
        """What is missing, or cannot be kept."""
        if self.said.error:
            return self.said.error
        if self.verdict in SENT_BACK and not self.said.value:
            return "Say what has to change"
        return ""

    @property
    def matter(self) -> Matter:
        """As it is sent."""
        return Matter(self.about, self.title, self.verdict, str(self.said.value))


def posted_draft(*, whole_form: bool = True) -> DraftAdvice:
    """What the form says, exactly as it was typed; what is only being chosen waits for a button."""
    abouts = [key.partition("-")[2] for key in request.form if key.startswith("advice-")]
    matters = {
        about: DraftMatter(about, _verdict(about), request.form.get(f"advice-{about}", ""))
        for about in abouts
    }
    other = request.form.get(OTHER, "") if whole_form else ""
    if other and other not in matters:
        matters[other] = DraftMatter(other)
    return DraftAdvice(
        matters, request.form.get(WHOLE, ""), "".join(request.form.getlist(PROCEED)[:1])
    )


def _verdict(about: str) -> str:
    chosen = request.form.get(f"verdict-{about}", "")
    return chosen if chosen in VERDICTS else ""


def judged(report: Report, draft: DraftAdvice, back: Iterable[Back]) -> tuple[Judged, ...]:
    """What only this reviewer can judge, and what else they have taken up, in order."""
    record, subjects = report.record, Subjects(report.record)
    waiting = {each.request.about for each in back if each.state is State.WAITS}
    flags = {flag.id: flag for flag in record.raised}
    cleared = {flag.id for flag in record.assessment.flags} - flags.keys()
    asked = [flag.id for flag in _grave(record) if flag.id not in waiting]
    taken = [about for about in draft.matters if about not in asked]
    found = []
    for about in (*asked, *taken):
        title, said = subjects.title(about), draft.matters.get(about)
        if title is None:
            continue
        flag = flags.get(about)
        if about in cleared and not (said and said.verdict):
            continue  # what was drafted for a flag that is gone
        text = said.text if said else drafted(record, flag) if flag else ""
        if about in waiting and not (said and said.verdict):
            continue
        found.append(Judged(about, title, flag, said.verdict if said else "", text))
    return tuple(found)


def _grave(record: Record) -> tuple[Flag, ...]:
    """What only an officer can judge: the stops, then the gravest flags."""
    rest = [
        flag
        for flag in record.raised
        if flag not in record.stops and flag.rating == "high" and flag.id not in record.answered
    ]
    return (*record.stops, *rest)[:MOST]


def drafted(record: Record, flag: Flag) -> str:
    """Advice on a flag to begin with: what would reduce it, and why it matters."""
    because = plain(flag.rule.because)
    why = because.partition(". ")[0].rstrip(".") + "."
    measures = [entry.title.rstrip(".") for entry in measures_of(record, flag)]
    if not measures:
        return because
    first, *rest = measures
    more = "".join(f"; {title[:1].lower()}{title[1:]}" for title in rest)
    return f"Before it goes ahead: {first[:1].lower()}{first[1:]}{more}.\n\nWhy: {why[:1].lower()}{why[1:]}"


def draw_judged(report: Report, each: Judged, number: int, error: str) -> Context:
    """One of them as its card."""
    record, flag = report.record, each.flag
    return {
        "id": each.about,
        "number": number,
        "mark": mark(record, flag) if flag else "open",
        "title": each.title,
        "rating": rating(record, flag.rating) if flag else None,
        "text": _why(record, flag) if flag else _what(each),
        "links": list(_links(report, each)),
        "verdict": each.verdict,
        "advice": each.text,
        "drafted": flag is not None,
        "error": error,
    }


def _why(record: Record, flag: Flag) -> str:
    accepted = " It is in the register of risks." if flag.id in accepted_as(record) else ""
    return f"{plain(flag.rule.because)}{accepted}"


def _what(each: Judged) -> str:
    return "A section of the questions." if SECTION in each.about else "A question."


def _links(report: Report, each: Judged) -> Iterator[Context]:
    flag = each.flag
    if flag is not None:
        yield {"label": "Flag, answers and source", "url": flag_link(report, flag)}
        if flag.blocks:
            lift = url_for("reports.lift", reference=report.reference, flag=flag.id)
            yield {"label": "Lift this stop with a reason", "url": lift}
        return
    where = Subjects(report.record).where(each.about)
    url = page_url(report, where) if where else None
    if url:
        yield {"label": "Open its page", "url": url}


def others(report: Report, there: Iterable[str]) -> list[Context]:
    """What else can be judged: the sections of this stage, and each of their questions, by section."""
    record, subjects, known = report.record, Subjects(report.record), set(there)
    shown = record.facts.shown
    groups: list[Context] = []
    for about, (_, section) in subjects.sections.items():
        ids = [id_ for page in section.pages for id_ in page.ids if id_ in shown]
        options = [{"code": about, "label": f"All of “{section.title}”"}] if ids else []
        options += [{"code": id_, "label": record.question(id_).called} for id_ in ids]
        options = [each for each in options if each["code"] not in known]
        if options:
            groups.append({"label": section.title, "options": options})
    return groups


def proceed_question(report: Report, value: object, error: str) -> Context | None:
    """The question whether to go ahead, where the route asks it."""
    record = report.record
    asked = asks_about_advice(record)
    if asked is None:
        return None
    question = record.question(asked.proceed)
    return {
        "ask": question.ask,
        "options": [
            {"code": code, "label": label, "checked": code == value}
            for code, label in record.facts.program.scope[asked.proceed].codes.items()
        ],
        "error": error,
    }


def read_proceed(record: Record, value: str) -> Reading | None:
    """What was chosen on going ahead; None where the route asks nothing about advice."""
    asked = asks_about_advice(record)
    if asked is None:
        return None
    question = record.question(asked.proceed)
    return type_of(question).from_form(question, {"": [value] if value else []})


def taken_up(draft: DraftAdvice, about: str) -> DraftAdvice:
    """The same with one thing more to judge."""
    if not about or about in draft.matters:
        return draft
    return replace(draft, matters={**draft.matters, about: DraftMatter(about)})
