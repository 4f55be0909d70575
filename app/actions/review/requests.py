"""What a reviewer sends back to a project, what is done about it, and that they are content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, select

from app.actions.access.policy import POLICY
from app.actions.actor import Actor
from app.actions.answers import BriefAct, open_to_write
from app.actions.errors import NotAllowed, NotFound
from app.actions.review.acts import Act, NewAct, append_act
from app.actions.review.reports import Report
from app.actions.review.reviews import DPO, Advice, Matter, advise, allow, apart
from app.core.questionnaire import Section
from app.core.record import Record
from app.core.standing import CONTENT, MENDED, SENT_BACK, Request, because_hash, requests
from app.store.sheets import from_text
from app.store.tables import act

SECTION = ":"
"""Between a questionnaire and its section, where a section is meant as a whole."""


class State(StrEnum):
    """What has become of something that was sent back."""

    WAITS = "waits"  # nobody has done anything about it
    CHANGED = "changed"  # answers behind it were changed since
    MENDED = "mended"  # the project said that it is done
    CONTENT = "content"  # who asked is content


@dataclass(frozen=True, slots=True)
class Back:
    """Something that was sent back. `where`: the answer or page to change, if it has one.

    `changed`: the addresses behind it that were written since.
    """

    request: Request
    title: str
    words: str
    reply: str
    where: str
    state: State
    changed: tuple[str, ...]

    @property
    def sent(self) -> Any:
        """The act by which it was sent."""
        return self.request.sent

    @property
    def open(self) -> bool:
        """Whether the project has still to do something."""
        return self.state in (State.WAITS, State.CHANGED)

    @property
    def to_see(self) -> bool:
        """Whether who asked has something to look at again."""
        return self.state in (State.CHANGED, State.MENDED)


# What can be judged


@dataclass(frozen=True)
class Subjects:
    """The flags, sections and questions of a project, by what they are known as here."""

    record: Record

    @cached_property
    def sections(self) -> Mapping[str, tuple[str, Section]]:
        """The sections of the stage where the project stands, with their questionnaires."""
        record = self.record
        current = next((each for each in record.standings if each.current), None)
        names = current.stage.questionnaires if current else ()
        left_out = (*record.route.optional, *record.route.leaves_out)
        return {
            f"{name}{SECTION}{section.id}": (name, section)
            for name in names
            if name not in left_out
            for section in record.questionnaires[name].sections
        }

    def title(self, about: str) -> str | None:
        """What it is called; None for what is not there."""
        record = self.record
        flag = next((f for f in record.assessment.flags if f.id == about), None)
        if flag is not None:
            return flag.rule.title
        if about in record.facts.program.questions:
            return record.facts.program.questions[about].called
        name, _, id_ = about.partition(SECTION)
        section = self._section(name, id_)
        return f"{record.questionnaires[name].title}: {section.title}" if section else None

    def questions(self, about: str) -> tuple[str, ...]:
        """The questions behind it."""
        program = self.record.facts.program
        raising = next((each for each in program.flags if each.rule.id == about), None)
        if raising is not None:
            return tuple(id_ for id_ in raising.roots if id_ in program.questions)
        if about in program.questions:
            return (about,)
        name, _, id_ = about.partition(SECTION)
        section = self._section(name, id_)
        return tuple(id_ for page in section.pages for id_ in page.ids) if section else ()

    def where(self, about: str) -> str:
        """The answer to change first: an address; "" where there is none.

        A rule says first what it is about and last what is wrong with it.
        """
        record = self.record
        flag = next((f for f in record.raised if f.id == about), None)
        if flag is not None:
            return next(reversed(tuple(flag.because.answers)), "")
        return next((id_ for id_ in self.questions(about) if id_ in record.facts.shown), "")

    def _section(self, name: str, id_: str) -> Section | None:
        known = self.record.questionnaires.get(name)
        sections = known.sections if known else ()
        return next((each for each in sections if each.id == id_), None)


# Sending back


def send_advice(conn: Connection, actor: Actor, report: Report, advice: Advice) -> Act:
    """Give advice, and send back what of it has to change; what is acceptable now is settled.

    Raises NotAllowed.
    """
    given = advise(conn, actor, report, advice)
    back = tuple(each for each in advice.matters if each.verdict in SENT_BACK)
    send_back(conn, actor, report, back, advice.at)
    own = {r.about for r in requests(report.record.acts) if _is_open_for(r, actor)}
    for matter in advice.matters:
        if matter.verdict not in SENT_BACK and matter.flag in own:
            be_content(conn, actor, report, matter.flag, advice.at)
    return given


def send_back(
    conn: Connection, actor: Actor, report: Report, matters: Iterable[Matter], at: datetime
) -> tuple[Act, ...]:
    """Send back what must be corrected or can be improved, each as an act of its own.

    Raises NotAllowed.
    """
    record = report.record
    allow(actor, (DPO,), record, "sends something back")
    subjects, done = Subjects(record), []
    for matter in matters:
        if matter.verdict not in SENT_BACK or subjects.title(matter.flag) is None:
            raise NotAllowed("Only what must be corrected or improved is sent back.")
        content = {"title": matter.title, "words": matter.text}
        rests_on = _rests_on(record, matter.flag)
        new = NewAct(
            matter.verdict,
            report.stage,
            at,
            matter.flag,
            content,
            content_hash=rests_on,
            once=_once(matter.verdict, matter.flag, actor, matter.text, _round(report, matter)),
            apart_from=apart(record, matter.verdict),
        )
        opened = open_to_write(conn, actor, report.reference)
        done.append(append_act(conn, actor, opened, new))
    return tuple(done)


def say_mended(
    conn: Connection, actor: Actor, report: Report, about: str, said: tuple[str, datetime]
) -> Act:
    """Say that what was sent back is done, with a word on how. Raises NotAllowed, NotFound."""
    allow(actor, sorted(POLICY["project.mend"].roles), report.record, "says that it is done")
    waiting = [each for each in requests(report.record.acts) if each.about == about]
    if not any(each.content is None for each in waiting):
        raise NotFound(about)
    words, at = said
    new = NewAct(
        MENDED,
        report.stage,
        at,
        about,
        {"reason": words},
        once=_once(MENDED, about, actor, words, str(_seq(waiting[-1].sent))),
    )
    return append_act(conn, actor, open_to_write(conn, actor, report.reference), new)


def be_content(conn: Connection, actor: Actor, report: Report, about: str, at: datetime) -> Act:
    """Say that one is content with what was done. Raises NotAllowed, NotFound."""
    allow(actor, (DPO,), report.record, "says that they are content")
    found = (each for each in requests(report.record.acts) if _is_open_for(each, actor))
    each = next((each for each in found if each.about == about), None)
    if each is None:
        raise NotFound(about)
    once = _once(CONTENT, about, actor, "", str(_seq(each.sent)))
    new = NewAct(CONTENT, report.stage, at, about, once=once)
    return append_act(conn, actor, open_to_write(conn, actor, report.reference), new)


def _is_open_for(request: Request, actor: Actor) -> bool:
    """Whether this actor's organisation sent it and is not content yet."""
    return request.content is None and request.sent.organisation == actor.organisation_name


def _rests_on(record: Record, about: str) -> str | None:
    flag = next((each for each in record.raised if each.id == about), None)
    return because_hash(flag) if flag else None


def _round(report: Report, matter: Matter) -> str:
    """The same words are one act until somebody has done something about them."""
    done = [a for a in report.record.acts if a.about == matter.flag and a.kind in (MENDED, CONTENT)]
    return str(len(done))


def _seq(one: object) -> int:
    return int(getattr(one, "seq", 0))


def _once(kind: str, about: str, actor: Actor, *parts: str) -> str:
    said = (kind, about, str(actor.person_id), str(actor.organisation_id), *parts)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


# What was sent back


def sent_back(conn: Connection, report: Report) -> tuple[Back, ...]:
    """What was sent back, the gravest first; no statement where nothing was, and at most one."""
    every = requests(report.opened.project.acts)
    if not every:
        return ()
    contents = _contents(conn, report)
    subjects = Subjects(report.record)
    found = [_back(report, subjects, contents, each) for each in every]
    order = list(State)
    return tuple(
        sorted(found, key=lambda each: (order.index(each.state), SENT_BACK.index(each.sent.kind)))
    )


def open_requests(acts: Iterable[BriefAct]) -> int:
    """How many things that were sent back wait for the project."""
    return sum(each.mended is None and each.content is None for each in requests(acts))


def _back(
    report: Report, subjects: Subjects, contents: Mapping[int, Mapping[str, Any]], request: Request
) -> Back:
    content = contents.get(_seq(request.sent), {})
    reply = contents.get(_seq(request.mended), {}) if request.mended else {}
    version = getattr(request.sent, "sheet_version", 0)
    changed = _written_since(report, subjects.questions(request.about), version)
    state = State.CHANGED if changed else State.WAITS
    if request.content is not None:
        state = State.CONTENT
    elif request.mended is not None:
        state = State.MENDED
    title = subjects.title(request.about) or str(content.get("title", request.about))
    return Back(
        request,
        title,
        str(content.get("words", "")),
        str(reply.get("reason", "")),
        subjects.where(request.about),
        state,
        changed,
    )


def _written_since(report: Report, ids: Iterable[str], version: int) -> tuple[str, ...]:
    behind = set(ids)
    return tuple(
        address
        for address, entry in report.opened.sheet.entries.items()
        if entry.version > version and address.split("/", maxsplit=1)[0] in behind
    )


def _contents(conn: Connection, report: Report) -> dict[int, Mapping[str, Any]]:
    """What was written with each act; a project page has its acts only in brief."""
    known = [each for each in report.record.acts if isinstance(each, Act)]
    if known:
        return {each.seq: each.content for each in known}
    found = select(act.c.seq, act.c.content).where(
        act.c.project_id == report.opened.project.id, act.c.kind.in_((*SENT_BACK, MENDED))
    )
    return {row.seq: from_text(row.content) for row in conn.execute(found)}
