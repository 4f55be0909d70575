"""A draft on the desk: its files, what a check says of them, and what every page of it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import Connection

from app.actions.actor import Actor
from app.actions.definitions import mends
from app.actions.definitions.draft_checks import parted
from app.actions.definitions.draft_proofs import Finding, Proved, proof_of
from app.actions.definitions.drafts import (
    Checked,
    FaultLine,
    base_files,
    check_edits,
    checked,
    draft_files,
    open_draft,
)
from app.actions.definitions.mends import Mend
from app.actions.definitions.publishing import changes_between
from app.actions.definitions.uses import Uses, uses_of
from app.actions.errors import NotFound
from app.catalogue import ORGANISATIONS, Catalogue, content_hash
from app.catalogue.things import (
    COLUMN,
    CONDITION,
    DECISION,
    FLAG,
    QUESTION,
    SCORE,
    USE,
    Thing,
    below,
    file_called,
    find,
    thing_at,
)
from app.core.days import day_of
from app.core.program import Program
from app.core.wording import count
from app.store.drafts import DISCARDED, OPEN, PUBLISHED, Draft
from app.web.editor.saying import said
from app.web.site import Context, clock_time, day_words, reading, today

editor = Blueprint("editor", __name__, url_prefix="/definitions")

DRAFT = "draft"
"""The address under which a page says which version of the draft it shows."""

SHOWN_FAULTS = 12
_MISSED = re.compile(
    r"(nothing (here )?is called|no questionnaire defines) '\{?(?P<id>[a-z0-9_.]+)\}?'"
)
BRING_BACK = "Take it out here too, or bring it back under “What was done”."
STATES = {OPEN: "Open", DISCARDED: "Discarded", PUBLISHED: "Published"}


@dataclass(frozen=True)
class Desk:
    """A draft with its files, as one person looks at it."""

    draft: Draft
    actor: Actor
    files: Mapping[str, bytes]
    base: Mapping[str, bytes]
    proved: Proved | None = None

    @property
    def id(self) -> str:
        """The draft's id, for addresses."""
        return str(self.draft.id)

    @property
    def may_edit(self) -> bool:
        """Whether this person may change this draft now."""
        return self.draft.state == OPEN and self.actor.role == "editor"

    @cached_property
    def checked(self) -> Checked:
        """What a check says of it."""
        return checked(self.files)

    @cached_property
    def catalogue(self) -> Catalogue:
        """Its definitions compiled; while it has faults, those of its release."""
        found = self.checked.catalogue or checked(self.base).catalogue
        if found is None:
            raise LookupError("the release of a draft has faults")
        return found

    def part(self, file: str) -> Catalogue:
        """The part of the definitions to which a file belongs: of projects, or of organisations."""
        theirs = self.catalogue.organisations
        return theirs if theirs is not None and f"{ORGANISATIONS}/" in file else self.catalogue

    def program(self, file: str) -> Program:
        """What is asked and worked out in the part of a file."""
        return self.part(file).program

    def uses(self, file: str) -> Uses:
        """What reads what in the part of a file."""
        return uses_of(self.part(file))

    @cached_property
    def changed(self) -> tuple[str, ...]:
        """The files that differ from the release."""
        names = sorted({*self.files, *self.base})
        return tuple(name for name in names if self.files.get(name) != self.base.get(name))

    @property
    def changes(self) -> int:
        """How many changes it makes; while it has faults, how many files it changes."""
        base, now = checked(self.base).catalogue, self.checked.catalogue
        if not self.changed or base is None or now is None:
            return len(self.changed)
        return len(changes_between(base, now))

    def thing(self, kind: str, id_: str) -> Thing:
        """Something that the draft defines. Raises NotFound."""
        found = find(self.files, kind, id_)
        if found is None:
            raise NotFound(f"{kind} {id_}")
        return found

    def released(self, thing: Thing) -> Thing | None:
        """What the release has of something, also where the draft calls its question otherwise."""
        found = find(self.base, thing.kind, thing.id)
        return found or find(self.base, thing.kind, self.released_id(thing.id))

    def released_id(self, id_: str) -> str:
        """What a question, or "rows/column", is called in the release."""
        head, slash, rest = id_.partition("/")
        became = self.catalogue.pipeline.converters.questions
        seen: set[str] = set()
        while head not in seen and find(self.base, QUESTION, head) is None:
            seen.add(head)
            head = next((old for old, new in became.items() if new == head), head)
        return head + slash + rest

    def url(self, endpoint: str, **values: str) -> str:
        """An address of this draft."""
        named: dict[str, Any] = values
        return url_for(f"editor.{endpoint}", draft_id=self.id, **named)

    def text_url(self, file: str, line: int | None = None) -> str:
        """Where a file is edited as text."""
        at = {} if line is None else {"line": str(line)}
        return self.url("text", path=file, **at)

    def form_url(self, thing: Thing) -> str:
        """Where something is edited by form."""
        if thing.kind == USE:
            return self.url("edit", kind=QUESTION, id_=thing.title)
        return self.url("edit", kind=thing.kind, id_=thing.id)

    def form_at(self, path: str, line: int) -> Context | None:
        """The form of what stands on a line of a file; None where none has one."""
        thing = thing_at(self.files, path, line)
        if thing is None or not self.may_edit:
            return None
        return {"label": "Go to its form", "url": self.form_url(thing), "about": thing.title}

    def context(self) -> Context:
        """What every page of a draft shows: the bar at its top."""
        return {
            "draft": {
                "name": self.draft.name,
                "state": self.draft.state,
                "said": _said(self.draft),
                "saved": saved_words(self.draft),
                "url": self.url("draft"),
                "changes": {
                    "label": f"See all changes ({self.changes})",
                    "url": self.url("changes"),
                },
                "discard": self.url("discard") if self.may_edit else None,
            }
        }

    def findings(self, file: str = "") -> Context:
        """What the check and the proofs say, that of one file first."""
        faults = sorted(enumerate(self.checked.faults), key=lambda one: one[1].path != file)
        shown = [self._fault(n, fault) for n, fault in faults[:SHOWN_FAULTS]]
        found = sorted(
            enumerate(self.proved.findings if self.proved and not faults else ()),
            key=lambda one: one[1].place[0] != file,
        )
        shown += [self._proof(n, one) for n, one in found[:SHOWN_FAULTS]]
        idle = [] if faults else list(self._idle())
        shown += idle[:SHOWN_FAULTS]
        left = len(faults) + len(found) + len(idle) - len(shown)
        findings = count(len(found) + len(idle), "finding")
        title = count(len(faults), "fault") if faults else findings
        return {
            "title": title if faults or self.proved else "No faults",
            "lead": "" if faults else self._proof_words(),
            "shown": shown,
            "more": f"And {left} more: mend these first." if left else "",
        }

    def place(self, path: str, line: int | str) -> str:
        """A place in a file, in words: "Rules: Legal, line 18"."""
        return f"{self.called(path)}, line {line}"

    def called(self, path: str) -> str:
        """A file in words: "Rules: Legal"; as in the release where the draft leaves it out."""
        return file_called(self.files if path in self.files else self.base, path)

    def _at(self, at: str) -> str:
        path, line, _ = at.rsplit(":", 2)
        return self.place(path, line)

    def mend_url(self, what: str, number: int, mend: Mend | None) -> str | None:
        """Where a mend is tried; None where there is none, or nobody who may."""
        if mend is None or not self.may_edit:
            return None
        hashed = self.checked.hash
        return self.url("mend", hashed=hashed, what=what, number=str(number))

    def _fault(self, number: int, fault: FaultLine) -> Context:
        said, mend, _ = parted(fault.message)
        gone = self._taken_out(fault.message)
        if gone:
            said, mend = f"This reads “{gone}”, which is not in this draft any more", BRING_BACK
        return {
            "try": None if gone else self.mend_url(mends.FAULT, number, mends.mend_of_fault(fault)),
            "form": self.form_at(fault.path, fault.line),
            "title": said,
            "mend": mend,
            "where": self.place(fault.path, fault.line),
            "url": self.text_url(fault.path, fault.line),
            "lines": [],
            "witness": [],
        }

    def _taken_out(self, message: str) -> str:
        """What a fault misses because the draft took it out, as people know it; else nothing."""
        missed = _MISSED.match(message)
        id_ = missed["id"] if missed else ""
        for kind in (QUESTION, CONDITION, SCORE, DECISION) if id_ else ():
            was = find(self.base, kind, id_)
            if was is not None and find(self.files, kind, id_) is None:
                return was.title
        return ""

    def _proof(self, number: int, one: Finding) -> Context:
        path, line = one.place
        scope = self.program(path).scope
        given = one.witness or {}
        return {
            "try": self.mend_url(mends.FINDING, number, mends.mend_of_finding(one)),
            "form": self.form_at(path, line),
            "title": one.says,
            "mend": one.mend,
            "where": self.place(path, line),
            "url": self.text_url(path, line),
            "lines": [{"at": self._at(each.at), "says": each.says} for each in one.lines],
            "witness": [
                {
                    "ask": scope[id_].name if id_ in scope else id_,
                    "said": said(scope.get(id_), answer),
                }
                for id_, answer in given.items()
            ],
        }

    def _idle(self) -> Iterator[Context]:
        """The new options that no rule, score or condition reads: perhaps one is to be written."""
        for path in self.changed:
            if not path.startswith("questionnaires/"):
                continue
            before = {(t.kind, t.id): t for t in below(self.base, path)}
            for thing in below(self.files, path):
                old = before.get((thing.kind, self.released_id(thing.id)))
                yield from self._idle_options(thing, old.value if old else {})

    def _idle_options(self, thing: Thing, before: Mapping[str, Any]) -> Iterator[Context]:
        if thing.kind not in (QUESTION, COLUMN) or not isinstance(thing.value.get("options"), dict):
            return
        known, uses = before.get("options") or {}, self.uses(thing.file)
        idle: dict[str, str] = {}
        for code, option in thing.value["options"].items():
            use = uses.of_option(thing.id, str(code))
            if code in known or use.rules or use.scores or use.others or use.asks:
                continue
            idle[str(code)] = str(option if isinstance(option, str) else option.get("label", code))
        if idle:
            yield self._idle_finding(thing, idle)

    def _idle_finding(self, thing: Thing, idle: Mapping[str, str]) -> Context:
        """The new options of one question that nothing reads."""
        one = len(idle) == 1
        labels = ", ".join(f"“{label}”" for label in idle.values())
        write = self.url(
            "make", kind=FLAG, within=self._rule_file(), about=thing.id, answer=next(iter(idle))
        )
        reads = "no rule, score or condition reads"
        return {
            "mark": "flag",
            "title": "An option raises nothing" if one else "New options raise nothing",
            "text": f"A project can choose {labels}, and {reads} it."
            if one
            else f"A project can choose these, and {reads} them: {labels}.",
            "where": thing.title,
            "url": self.url("edit", kind=thing.kind, id_=thing.id),
            "about": "",
            "write": write if thing.kind == QUESTION and self.may_edit else None,
        }

    def _rule_file(self) -> str:
        """The file of rules in which a new one is written: the one with most flags."""
        files = [
            path for path in self.files if path.startswith("rules/") and path.endswith(".yaml")
        ]
        most = max(files, key=lambda path: sum(t.kind == FLAG for t in below(self.files, path)))
        return most.removeprefix("rules/").removesuffix(".yaml")

    def _proof_words(self) -> str:
        """What was proven, and when."""
        fits = "The definitions fit together."
        if self.proved is None:
            when = ": look again in a minute" if self.changed else ""
            return f"{fits} What can and cannot happen is not proven yet for this version{when}."
        left = len(self.proved.not_analysed)
        return f"{fits} Proven {clock_time(self.proved.at)}. {count(left, 'part')} not analysed."


def saved_words(draft: Draft) -> str:
    """When the draft was last saved: "Saved 11:06", with the day if it was not today."""
    if draft.version == 1:
        return "Nothing changed yet"
    at = draft.changed_at
    if day_of(at) == today():
        return f"Saved {clock_time(at)}"
    return f"Saved on {day_words(at)}"


def _said(draft: Draft) -> str:
    if draft.state == DISCARDED:
        return "Discarded. Nothing of it is lost."
    if draft.state == PUBLISHED:
        return "Published. It is history now."
    return "Nothing live is touched."


@contextmanager
def at_desk(draft_id: str) -> Iterator[tuple[Connection, Desk]]:
    """A draft to look at. Raises NotFound."""
    with reading() as (conn, actor):
        yield conn, desk_of(conn, actor, open_draft(conn, actor, draft_id))


def desk_of(conn: Connection, actor: Actor, draft: Draft) -> Desk:
    """A draft with its files."""
    files = draft_files(conn, draft)
    return Desk(draft, actor, files, base_files(conn, draft), proof_of(conn, content_hash(files)))


def to_edit(draft_id: str) -> Desk:
    """A draft that this person may change. Raises NotFound."""
    with at_desk(draft_id) as (_, desk):
        check_edits(desk.actor)
        return desk


def crumbs(desk: Desk | None = None, *more: tuple[str, str]) -> list[Context]:
    """The way back: definitions, the draft, and what else is given as (label, address)."""
    found: list[Context] = [{"label": "Definitions", "url": url_for("editor.home")}]
    if desk is not None:
        found.append({"label": desk.draft.name, "url": desk.url("draft")})
    return found + [{"label": label, "url": url} for label, url in more]
