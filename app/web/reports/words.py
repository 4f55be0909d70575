"""Flags, answers, risks and acts as the pages of the report show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import url_for
from markupsafe import Markup

from app.actions.actor import Actor
from app.actions.review.reports import Report
from app.actions.review.requests import Subjects
from app.actions.review.reviews import DISMISSES, DPO, accepted_as, measures_of
from app.core import text
from app.core.assessment import Flag, Result
from app.core.blocks import Cell, Tone
from app.core.domains import show_date
from app.core.questions import row_label
from app.core.record import Record
from app.core.standing import (
    ADVISE,
    CLOSE,
    CLOSED,
    CONTENT,
    DISMISS,
    IMPROVE,
    LIFT,
    MENDED,
    MOVE,
    MUST_CORRECT,
    SENT_BACK,
    SETTLE,
    SIGN,
    STAY,
    Act,
)
from app.web.citing import cited
from app.web.edited import edit_links
from app.web.reports.blueprint import flag_anchor, report_url
from app.web.site import Context, day_words

MARKS = {Tone.STOP: "stop", Tone.BREACH: "breach", Tone.HIGH: "flag", Tone.MEDIUM: "flag"}
WORDS = 200
CLAUSES = 6


def shortened(words: str, limit: int = WORDS) -> str:
    """A text that fits a line or two, cut between words."""
    if len(words) <= limit:
        return words
    kept = words[:limit]
    whole = kept.rsplit(" ", 1)[0] if " " in kept else kept[:-1]
    return whole.rstrip(" ,;:") + "…"


def plain(source: str) -> str:
    """A text of the definitions without its marks."""
    return "".join(run.text for run in text.runs(source))


def cell_lines(cells: Iterable[Cell]) -> list[Context]:
    """What cells of a block say, a line each: the name, if it has one, and what is said of it."""
    lines = (runs for cell in cells for runs in cell.paragraphs)
    return [
        {
            "name": runs[0].text if runs[1:] else "",
            "text": "".join(run.text for run in runs[1:] or runs),
        }
        for runs in lines
    ]


# Where things are


def page_url(report: Report, address: str) -> str | None:
    """The page that asks for an answer on this route; None when this route asks it nowhere."""
    id_, *rest = address.split("/")
    record = report.record
    route = record.pipeline.asked_by(record.route)
    place = next((p for p in record.facts.program.places[id_] if p.questionnaire in route), None)
    if place is None:
        return None
    at: Context = {
        "reference": report.reference,
        "questionnaire": place.questionnaire,
        "page": place.page,
    }
    if rest:
        return url_for("pages.row", question=id_, row=rest[0], **at)
    return url_for("pages.show", _anchor=id_, **at)


def history_url(report: Report, address: str) -> str:
    """Who gave an answer, and what it was before."""
    return url_for("projects.history", reference=report.reference, of=address)


# Ratings and marks


def rating(record: Record, code: object) -> Context | None:
    """A rating with its word."""
    matrix = next(iter(record.facts.program.matrices.values()), None)
    if matrix is None or code not in matrix.ratings:
        return None
    return {"code": code, "label": matrix.ratings[str(code)]}


def mark(record: Record, flag: Flag) -> str:
    """The sign of a flag: what stops, a tolerance reached, or a flag."""
    if flag in record.stops:
        return "stop"
    if flag.result is Result.ERROR:
        return "open"
    return "breach" if flag.rule.kind == "tolerance" else "flag"


def measures_words(record: Record, flag: Flag) -> str:
    """What settles a flag, in a sentence or two."""
    titles = [entry.title for entry in measures_of(record, flag)[:2]]
    return f"{'. '.join(titles)}." if titles else plain(flag.rule.because)


def because(flag: Flag) -> str:
    """Why a flag is raised, in the words of the answers."""
    if flag.result is Result.ERROR:
        return f"{flag.error}. A data protection officer judges this check by hand."
    told = flag.because.told()
    clauses = told[:CLAUSES]
    more = len(told) - len(clauses)
    said = " and ".join(clauses) + (f" and {more} more like these" if more else "")
    return said[:1].upper() + said[1:] + "." if said else plain(flag.rule.because)


def checked(flag: Flag) -> Context:
    """Whether a DPO has confirmed the law behind a rule."""
    if flag.rule.checked:
        return {"confirmed": True, "text": show_date(flag.rule.checked)}
    return {"confirmed": False, "text": "Not yet confirmed by a DPO. Warns, and never stops."}


def about(record: Record, flag: Flag) -> Context:
    """A flag as the card above a form."""
    return {
        "mark": mark(record, flag),
        "title": flag.rule.title,
        "rating": rating(record, flag.rating),
        "because": f"{plain(flag.rule.because)} {because(flag)}",
        "source": _source(record, flag),
    }


def _source(record: Record, flag: Flag) -> Markup:
    return cited(flag.rule.source or "A rule of this service", record.pipeline.legislation)


# One flag, whole


def flag_context(report: Report, actor: Actor, flag: Flag) -> Context:
    """A flag with its answers, its source, and what can be done about it."""
    record = report.record
    act = record.answered.get(flag.id)
    return {
        "id": flag_anchor(flag.id),
        "mark": mark(record, flag),
        "title": flag.rule.title,
        "rating": rating(record, flag.rating),
        "lead": _lead(record, flag, act),
        "note": plain(flag.rule.because),
        "because": because(flag),
        "answers": [_answer(report, address) for address in flag.because.answers],
        "source": _source(record, flag),
        "checked": checked(flag),
        "measures": [entry.title for entry in measures_of(record, flag)],
        "risk": _risk(report, flag),
        "links": [
            *_links(report, actor, flag, act),
            *edit_links("flag", flag.id, "Edit this rule"),
            *_law_links(actor, flag),
        ],
    }


def _law_links(actor: Actor, flag: Flag) -> Iterator[Context]:
    """Where an officer confirms or disputes the law behind a rule that nobody has confirmed."""
    if actor.role == "dpo" and not flag.rule.checked:
        yield {"label": "Confirm or dispute the law", "url": url_for("editor.law", rule=flag.id)}


def _lead(record: Record, flag: Flag, act: Act | None) -> str:
    if act is not None:
        word = "Lifted" if act.kind == LIFT else "Dismissed"
        return f"{word} by {act.who}, {day_words(act.at)}: {reason(act)}"
    if flag in record.stops:
        return f"{record.stop_words(flag)}. Only a DPO can lift it, with a reason that is printed."
    return ""


def reason(act: Act) -> str:
    """What somebody wrote with an act."""
    content = getattr(act, "content", None) or {}
    return str(content.get("reason") or content.get("advice") or content.get("words") or "")


def _answer(report: Report, address: str) -> Context:
    record = report.record
    given = record.given.get(address)
    return {
        "ask": record.title(address),
        "url": page_url(report, address),
        "answer": shortened(record.answer(address).text),
        "by": f"{given.by}, {day_words(given.at)}" if given else "",
        "history": history_url(report, address),
    }


def _risk(report: Report, flag: Flag) -> Context | None:
    record = report.record
    row = accepted_as(record).get(flag.id)
    if row is None:
        return None
    register = record.pipeline.names.risks
    address = f"{register}/{row}"
    label = row_label(record.question(register), record.row(address) or {})
    return {"url": page_url(report, address), "label": label}


def _links(report: Report, actor: Actor, flag: Flag, act: Act | None) -> Iterable[Context]:
    """What this person may do about a flag."""
    record = report.record
    at: Context = {"reference": report.reference, "flag": flag.id}
    if flag.raised:
        yield {"label": "What would clear it", "url": url_for("reports.clear", **at)}
    talk = url_for("projects.talk", reference=report.reference, about=flag.id)
    yield {"label": "Comment", "url": talk}
    if flag.id not in accepted_as(record) and can_accept(record):
        yield {"label": "Accept as a risk", "url": url_for("reports.accept", **at)}
        if record.facts.values.get(record.pipeline.names.risks):
            yield {"label": "Join to another risk", "url": url_for("reports.join", **at)}
    if act is None and flag.blocks and actor.role == DPO:
        yield {"label": "Lift this stop with a reason", "url": url_for("reports.lift", **at)}
    if act is None and not flag.blocks and actor.role in DISMISSES:
        yield {"label": "Dismiss with a reason", "url": url_for("reports.dismiss", **at)}


def can_accept(record: Record) -> bool:
    """Whether this route keeps a register of risks."""
    return record.pipeline.names.risks in record.facts.shown


# Acts


DOES = {
    ADVISE: "Advised",
    DISMISS: "Dismissed the flag",
    LIFT: "Lifted the stop",
    MOVE: "Moved the project",
    STAY: "Said why the project need not move",
    CLOSE: "Closed the stage",
    SETTLE: "Settled by a signed document: the stage",
    SIGN: "Signed",
    MUST_CORRECT: "Sent back, to be corrected:",
    IMPROVE: "Sent back, to be improved:",
    MENDED: "Did what was asked about",
    CONTENT: "Content with",
}


def act_context(report: Report, act: Act) -> Context:
    """What somebody did, in a line."""
    organisation = getattr(act, "organisation", "")
    declared = {each.id: _begun(each.done) for each in report.record.pipeline.acts}
    chosen = str((getattr(act, "content", None) or {}).get("chosen", ""))
    does = declared.get(act.kind) or DOES[act.kind]
    said = ". ".join(
        part for part in (f"{does} {_what(report, act)}".strip(), chosen, reason(act)) if part
    )
    return {
        "when": day_words(act.at),
        "who": f"{act.who}, {organisation}" if organisation else act.who,
        "text": said if said.endswith((".", "!", "?")) else f"{said}.",
    }


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _what(report: Report, act: Act) -> str:
    record = report.record
    if act.kind == SIGN:
        outline = report.looked.released.catalogue.outlines.get(act.about)
        return f"the {outline.title.lower()}" if outline else act.about
    if act.kind in (MOVE, STAY):
        return f"to release {act.about}"
    if act.kind in (*SENT_BACK, MENDED, CONTENT):
        return f"“{Subjects(record).title(act.about) or act.about}”"
    if act.kind in (DISMISS, LIFT):
        content: Mapping[str, Any] = getattr(act, "content", None) or {}
        flags = {flag.id: flag.rule.title for flag in record.assessment.flags}
        title = content.get("title") or flags.get(act.about, act.about)
        lapsed = record.answered.get(act.about) is not act
        return f"“{title}”{' (lapsed: the answers have changed)' if lapsed else ''}"
    stages = {stage.id: stage.title for stage in record.pipeline.stages}
    return f"“{stages.get(act.stage, act.stage)}”" if act.kind in CLOSED else ""


def flag_link(report: Report, flag: Flag) -> str:
    """Where a flag stands whole."""
    return report_url(report, flag.id)
