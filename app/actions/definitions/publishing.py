"""Publishing a draft: what stands in its way, whose yes it needs, and making it a release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select

from app.actions.actor import Actor, everyone
from app.actions.catalogues import Catalogues, Notes
from app.actions.definitions import drafts
from app.actions.definitions.draft_proofs import Proved, ask_for_proof, could_not_prove, proof_of
from app.actions.definitions.previews import Ask, Looked, begin_preview, preview_of_files
from app.actions.definitions.releases import Published, newest_number, publish
from app.actions.errors import NotAllowed, OutOfDate
from app.actions.mail.telling import Message, tell_soon
from app.catalogue import Catalogue
from app.core.difference import Change, Effect, differences, states_law
from app.core.same import Same
from app.core.wording import count
from app.store.definitions import draft as drafts_kept
from app.store.definitions import draft_event, draft_word
from app.store.drafts import OPEN, Draft, find_draft
from app.store.previews import DONE, FAILED
from app.store.releases import EDITOR as FROM_EDITOR
from app.store.sheets import from_text, to_text

EDITOR, DPO = "editor", "dpo"
ASKED, YES, NO = "asked", "yes", "no"
SECOND, LAW = "second", "law"
"""What a yes is for: changes of what is asked, counted or raised; statements of law."""

AGREED = frozenset({Effect.FLOW, Effect.SCORING, Effect.MEANING})
"""Kinds of change to which a second person has to agree."""
CONFIRMING = frozenset({"checked", "checked_by"})
"""Keys that say nothing but who confirmed a statement of law, and when."""
LONGEST_NOTES = 2_000


@dataclass(frozen=True, slots=True)
class Word:
    """Something that somebody said of a draft. `hash`: of the definitions they saw."""

    seq: int
    said: str
    hash: str
    person_id: UUID
    who: str
    role: str
    organisation: str
    at: datetime
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Need:
    """A yes that a draft needs. `lapsed`: one that was given to something else than it is now."""

    kind: str
    met: Word | None = None
    lapsed: Word | None = None
    refused: Word | None = None


@dataclass(frozen=True)
class Weighed:
    """A draft on its way to be published."""

    draft: Draft
    files: Mapping[str, bytes]
    base: Catalogue
    checked: drafts.Checked
    newest: int
    authors: frozenset[UUID]
    words: tuple[Word, ...]
    proved: Proved | None
    unprovable: bool = False
    effects: Looked | None = None

    @property
    def hash(self) -> str:
        """What the draft says, as one number: a yes is given to it."""
        return self.checked.hash

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What differs from the release it is based on; nothing can be told while it has faults."""
        new = self.checked.catalogue
        return changes_between(self.base, new) if new is not None else ()

    @property
    def only_confirms(self) -> bool:
        """Whether nothing changes but who confirmed statements of law."""
        return bool(self.changes) and all(each.key in CONFIRMING for each in self.changes)

    @property
    def asked(self) -> Word | None:
        """The last time its editor asked for a yes, with the notes and what must move."""
        return next((word for word in reversed(self.words) if word.said == ASKED), None)

    @property
    def nominated(self) -> frozenset[str]:
        """The data protection officers whose yes was asked for."""
        found = (word.content.get("people", ()) for word in self.words if word.said == ASKED)
        return frozenset(str(each) for people in found for each in people)

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """Every yes it needs, and whether it has it."""
        kinds = []
        if not self.only_confirms and any(each.effect in AGREED for each in self.changes):
            kinds.append(SECOND)
        if states_law(self.changes):
            kinds.append(LAW)
        return tuple(self._need(kind) for kind in kinds)

    def _need(self, kind: str) -> Need:
        last = {word.person_id: word for word in self.words if word.said in (YES, NO)}
        mine = [word for word in last.values() if self.counts(kind, word.person_id, word.role)]
        now = [word for word in mine if word.hash == self.hash]
        return Need(
            kind,
            next((word for word in now if word.said == YES), None),
            next((word for word in mine if word.hash != self.hash and word.said == YES), None),
            next((word for word in now if word.said == NO), None),
        )

    def counts(self, kind: str, person_id: UUID, role: str) -> bool:
        """Whether this person's yes is one of this kind: never the author's own."""
        own = person_id in self.authors
        if role == DPO and (self.only_confirms or str(person_id) in self.nominated):
            return not own or (kind == LAW and self.only_confirms)
        return kind == SECOND and role == EDITOR and not own

    def may_answer(self, actor: Actor) -> bool:
        """Whether a yes or no of this person counts for anything that is needed."""
        return self.draft.state == OPEN and any(
            self.counts(need.kind, actor.person_id, actor.role) for need in self.needs
        )

    @property
    def stops(self) -> tuple[str, ...]:
        """What stands in the way whoever agrees, in plain words."""
        if self.checked.catalogue is None:
            return (f"{count(len(self.checked.faults), 'fault')} in the files.",)
        found = []
        if not self.changes:
            found.append("Nothing differs from the release it is based on.")
        if self.newest != self.draft.base_number:
            found.append(
                f"Release {self.newest} was published since. Bring the draft up to it first."
            )
        return (*found, *self._unproven(), *self._unseen())

    def _unproven(self) -> Iterable[str]:
        if self.proved is None:
            yield (
                "The proofs could not be done. Tell whoever runs this service."
                if self.unprovable
                else "The proofs are not done yet."
            )
            return
        if self.proved.findings:
            yield f"{count(len(self.proved.findings), 'proof')} failed."
        if self.proved.wrong:
            yield f"{count(len(self.proved.wrong), 'example')} of rules not coming out as said."

    def _unseen(self) -> Iterable[str]:
        if self.effects is None or self.effects.preview.state != DONE:
            yield "What it does to live projects is not worked out yet."

    @property
    def ready(self) -> bool:
        """Whether an editor may publish it now, with notes."""
        agreed = all(need.met is not None for need in self.needs)
        return self.draft.state == OPEN and not self.stops and agreed


@dataclass(frozen=True, slots=True)
class Saying:
    """What an editor or officer says of a draft as they saw it: `hash`, with their words."""

    hash: str
    at: datetime
    content: Mapping[str, Any] = field(default_factory=dict)


def weigh_draft(conn: Connection, actor: Actor, draft_id: str | UUID) -> Weighed:
    """A draft with everything that decides whether it can be published. Raises NotFound."""
    draft = drafts.open_draft(conn, actor, draft_id)
    files = drafts.draft_files(conn, draft)
    base = drafts.checked(drafts.base_files(conn, draft)).catalogue
    if base is None:
        raise LookupError("the release of a draft has faults")
    found = drafts.checked(files)
    authors = authors_of(conn, draft.id)
    return Weighed(
        draft,
        files,
        base,
        found,
        newest_number(conn),
        frozenset(authors),
        words_of(conn, draft.id),
        proof_of(conn, found.hash),
        could_not_prove(conn, found.hash),
        preview_of_files(conn, found.hash),
    )


def check_draft(conn: Connection, actor: Actor, draft_id: str | UUID, at: datetime) -> None:
    """Ask for the proofs of a draft as it is now, and what it would do to live projects.

    Raises NotFound.
    """
    draft = drafts.open_draft(conn, actor, draft_id)
    files = drafts.draft_files(conn, draft)
    found = drafts.checked(files)
    if found.catalogue is None:
        return
    if proof_of(conn, found.hash) is None:
        ask_for_proof(conn, draft.id, found.hash, at)
    if not (known := preview_of_files(conn, found.hash)) or known.preview.state == FAILED:
        begin_preview(conn, actor, Ask(files, draft.base_id, at, draft.id))


def ask_for_yes(conn: Connection, actor: Actor, draft_id: str | UUID, saying: Saying) -> Weighed:
    """Ask others for their yes: notes, what must move and who was asked are kept with it.

    Raises NotFound, NotAllowed, OutOfDate.
    """
    weighed = _seen(conn, actor, draft_id, saying)
    if actor.role != EDITOR:
        raise NotAllowed("A LOTI editor asks for a yes.")
    say(conn, actor, weighed.draft, ASKED, saying)
    asked = {str(each) for each in saying.content.get("people", ())}
    officer_ids = (each.person_id for each in officers(conn) if str(each.person_id) in asked)
    people = tuple(dict.fromkeys(officer_ids))
    words = {"who": actor.name, "title": weighed.draft.name}
    path = f"/definitions/drafts/{weighed.draft.id}/publish"
    tell_soon(
        conn,
        Message("yes_asked", people, words, path),
        f"{weighed.draft.id}:{len(weighed.words) + 1}",
        saying.at,
    )
    return weighed


def answer_draft(
    conn: Connection, actor: Actor, draft_id: str | UUID, said: str, saying: Saying
) -> Weighed:
    """Say yes or no to a draft as it is now. Raises NotFound, NotAllowed, OutOfDate."""
    weighed = _seen(conn, actor, draft_id, saying)
    if actor.person_id in weighed.authors and not weighed.may_answer(actor):
        raise NotAllowed("You wrote some of it: another person has to agree.")
    if not weighed.may_answer(actor):
        raise NotAllowed("Your yes was not asked for.")
    say(conn, actor, weighed.draft, YES if said == YES else NO, saying)
    return weighed


def publish_draft(
    conn: Connection, actor: Actor, catalogues: Catalogues, draft_id: str | UUID, saying: Saying
) -> Published:
    """Make a draft a release, and close it. `saying` holds notes and, if projects must move, why.

    Raises NotFound, NotAllowed, OutOfDate. When the transaction has ended well,
    `catalogues.remember(published.released)` spares the first reader a compilation.
    """
    weighed = _seen(conn, actor, draft_id, saying)
    catalogue = weighed.checked.catalogue
    if actor.role != EDITOR:
        raise NotAllowed("A LOTI editor publishes.")
    if not weighed.ready or catalogue is None:
        raise NotAllowed(" ".join(weighed.stops) or "Somebody has still to agree.")
    agreed = {need.met.who: None for need in weighed.needs if need.met is not None}
    author = actor.name + (f", agreed by {' and '.join(agreed)}" if agreed else "")
    notes = Notes(author, str(saying.content["notes"]), saying.at, FROM_EDITOR)
    why = str(saying.content.get("must_move") or "") or None
    published = publish(conn, catalogues, catalogue, notes, why, weighed.draft.base_number)
    drafts.close_published_draft(conn, actor, weighed.draft.id, saying.at)
    return published


def authors_of(conn: Connection, draft_id: UUID) -> dict[UUID, str]:
    """Everybody who changed something in a draft, by name."""
    found = select(draft_event.c.person_id, draft_event.c.who).where(
        draft_event.c.draft_id == draft_id, draft_event.c.path.is_not(None)
    )
    return {row.person_id: row.who for row in conn.execute(found.distinct())}


def words_of(conn: Connection, draft_id: UUID) -> tuple[Word, ...]:
    """Everything that was said of a draft, in order."""
    found = select(draft_word).where(draft_word.c.draft_id == draft_id).order_by(draft_word.c.seq)
    return tuple(
        Word(
            row.seq,
            row.said,
            row.hash,
            row.person_id,
            row.who,
            row.role,
            row.organisation,
            row.at,
            from_text(row.content),
        )
        for row in conn.execute(found)
    )


@dataclass(frozen=True, slots=True)
class AskedFor:
    """An open draft that waits for somebody's yes: who asked them for it, and when."""

    draft_id: UUID
    name: str
    who: str
    at: datetime


def waiting_for(conn: Connection, actor: Actor) -> tuple[AskedFor, ...]:
    """The drafts about which this officer was asked, and has said nothing since; one statement."""
    if actor.role != DPO:
        return ()
    said = (draft_word.c[name] for name in ("said", "person_id", "who", "at", "content"))
    found = (
        select(drafts_kept.c.id, drafts_kept.c.name, *said)
        .join(draft_word, draft_word.c.draft_id == drafts_kept.c.id)
        .where(drafts_kept.c.state == OPEN)
        .order_by(draft_word.c.draft_id, draft_word.c.seq)
    )
    asked: dict[UUID, AskedFor] = {}
    for row in conn.execute(found):
        if row.said != ASKED and row.person_id == actor.person_id:
            asked.pop(row.id, None)
        elif row.said == ASKED and str(actor.person_id) in from_text(row.content).get("people", ()):
            asked.setdefault(row.id, AskedFor(row.id, row.name, row.who, row.at))
    return tuple(sorted(asked.values(), key=lambda each: each.at))


def officers(conn: Connection) -> tuple[Actor, ...]:
    """The data protection officers whose yes can be asked for."""
    return tuple(each for each in everyone(conn) if each.role == DPO)


def changes_between(old: Catalogue, new: Catalogue) -> tuple[Change, ...]:
    """What differs, worked out once for two catalogues that are at hand."""
    return _changes(Same(old), Same(new))


@lru_cache(maxsize=8)
def _changes(old: Same[Catalogue], new: Same[Catalogue]) -> tuple[Change, ...]:
    return differences(old.it, new.it)


def _seen(conn: Connection, actor: Actor, draft_id: str | UUID, saying: Saying) -> Weighed:
    """The draft, if it still is what was seen, and nobody changes it before this transaction ends."""
    find_draft(conn, drafts.open_draft(conn, actor, draft_id).id, to_write=True)
    weighed = weigh_draft(conn, actor, draft_id)
    if weighed.hash != saying.hash:
        raise OutOfDate("The draft was changed meanwhile: look at what it is now.")
    if weighed.draft.state != OPEN:
        raise NotAllowed("This draft is closed.")
    return weighed


def say(conn: Connection, actor: Actor, draft: Draft, said: str, saying: Saying) -> None:
    """Keep what somebody says of a draft; whether it counts is for `answer_draft` to judge."""
    last = max((word.seq for word in words_of(conn, draft.id)), default=0)
    row = {
        "draft_id": draft.id,
        "seq": last + 1,
        "said": said,
        "hash": saying.hash,
        "person_id": actor.person_id,
        "who": actor.name,
        "role": actor.role,
        "organisation": actor.organisation_name,
        "at": saying.at,
        "content": to_text(dict(saying.content)),
    }
    conn.execute(insert(draft_word), row)
