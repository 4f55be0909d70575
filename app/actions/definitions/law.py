"""What data protection officers say of the law behind rules: confirmed into a draft, or disputed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import Connection, Row, select

from app.actions.actor import Actor
from app.actions.catalogues import Catalogues, Released
from app.actions.definitions import drafts
from app.actions.definitions.publishing import DPO, YES, Saying, say
from app.actions.errors import NotAllowed, NotFound
from app.catalogue import Catalogue
from app.catalogue.editing import File
from app.catalogue.things import ENTRY, FLAG, find
from app.core.days import day_of
from app.core.rules import Entry, FlagRule
from app.store import drafts as store
from app.store.definitions import law_word
from app.store.inserting import keep_next
from app.store.tables import person

CONFIRMED, DISPUTED = "confirmed", "disputed"
STATED = ("title", "when", "because", "source", "extent", "effective_from", "effective_to")
"""What a rule says of the law: an officer who confirmed it has confirmed these words."""
STATED_OF_ENTRIES = (
    *STATED,
    *("text", "where", "unless", "act", "section", "kind", "who", "limits", "commencement"),
)
"""The same of an entry of a list, such as a legal gateway."""
Stating = FlagRule | Entry
"""What states law: a flag, or an entry of a list."""
ORDER = ("source", "checked", "checked_by")
LONGEST = 2_000
LONGEST_ID = 60  # as the table has room for


@dataclass(frozen=True, slots=True)
class LawWord:
    """What an officer said of a rule. `hash`: of its words on the law at the time."""

    rule: str
    seq: int
    said: str
    reason: str
    hash: str
    draft_id: UUID | None
    who: str
    organisation: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Statement:
    """A rule of the newest release, and all that officers said of its law, the last first.

    `id`: of a flag, or of an entry as "list/code".
    """

    released: Released
    id: str
    rule: Stating
    words: tuple[LawWord, ...]

    @property
    def hash(self) -> str:
        """What it says of the law, as one number."""
        return law_hash(self.rule)

    @property
    def disputed(self) -> LawWord | None:
        """The dispute that stands: the last word, of these very words."""
        last = next(iter(self.words), None)
        return last if last and last.said == DISPUTED and last.hash == self.hash else None


def law_hash(rule: Stating) -> str:
    """What a rule says of the law, as one number."""
    if isinstance(rule, Entry):
        said = rule.model_dump(mode="json", include=set(STATED_OF_ENTRIES))
    else:
        said = {name: getattr(rule, name) for name in STATED}
    return hashlib.sha256(rfc8785.dumps(said)).hexdigest()


def rules_of(catalogue: Catalogue) -> tuple[FlagRule, ...]:
    """Every flag of both parts of the definitions."""
    return tuple(each.rule for part in _parts(catalogue) for each in part.program.flags)


def entries_of(catalogue: Catalogue) -> dict[str, Entry]:
    """Every entry of a list that states law, such as the legal gateways, as "list/code"."""
    return {
        f"{id_}/{entry.code}": entry
        for part in _parts(catalogue)
        for id_, offer in part.program.offers.items()
        for entry in offer.rule.entries
        if entry.source
    }


def laws_of(catalogue: Catalogue) -> dict[str, Stating]:
    """Everything whose law an officer may confirm, by its id."""
    return {**{rule.id: rule for rule in rules_of(catalogue)}, **entries_of(catalogue)}


def _parts(catalogue: Catalogue) -> tuple[Catalogue, ...]:
    theirs = catalogue.organisations
    return (catalogue, theirs) if theirs is not None else (catalogue,)


def open_statement(conn: Connection, catalogues: Catalogues, rule: str) -> Statement:
    """What a rule of the newest release says of the law. Raises NotFound."""
    newest = catalogues.newest_in(conn)
    found = laws_of(newest.catalogue).get(rule) if len(rule) <= LONGEST_ID else None
    if found is None:
        raise NotFound(rule)
    return Statement(newest, rule, found, law_words(conn, rule))


def law_words(conn: Connection, rule: str | None = None) -> tuple[LawWord, ...]:
    """What officers said, of one rule or of all, the last first."""
    found = select(*(law_word.c[name] for name in LawWord.__slots__))
    if rule is not None:
        found = found.where(law_word.c.rule == rule)
    ordered = found.order_by(law_word.c.at.desc(), law_word.c.seq.desc())
    return tuple(LawWord(*row) for row in conn.execute(ordered))


def confirm_law(
    conn: Connection, actor: Actor, catalogues: Catalogues, rule: str, seen: str, at: datetime
) -> UUID:
    """Confirm the law behind a rule: written into a draft of this officer, with their yes to it.

    `seen`: the hash of the words they saw. Confirmed twice, it is confirmed once. Raises NotFound,
    NotAllowed.
    """
    statement = _seen(conn, actor, catalogues, rule, seen)
    before = _said_already(conn, actor, statement, _Said(CONFIRMED, at))
    kept = store.find_draft(conn, before.draft_id) if before is not None else None
    if kept is not None and kept.state != store.DISCARDED:
        return kept.id
    draft = _own_draft(conn, actor, statement, at)
    files = drafts.draft_files(conn, draft)
    thing = find(files, ENTRY if isinstance(statement.rule, Entry) else FLAG, rule)
    if thing is None:
        raise NotFound(rule)
    file = File.of(files[thing.file])
    whom = f"{actor.name}, {actor.organisation_name}"
    for key, value in (("checked", day_of(at).isoformat()), ("checked_by", whom)):
        file = file.put((*thing.path, key), value, _order(file.at(thing.path)))
    saved = store.Doing(store.SAVED, actor.person_id, actor.name, at, thing.file, file.content)
    draft = store.record(conn, draft, saved)
    found = drafts.checked(drafts.draft_files(conn, draft))
    if found.catalogue is None:
        raise NotAllowed(f"The draft would have a fault: {found.faults[0].message}")
    reason = f"Confirmed the law behind {rule}."
    say(conn, actor, draft, YES, Saying(found.hash, at, {"reason": reason}))
    _keep(conn, actor, statement, _Said(CONFIRMED, at, draft_id=draft.id))
    return draft.id


def dispute_law(
    conn: Connection,
    actor: Actor,
    catalogues: Catalogues,
    rule: str,
    said: tuple[str, str, datetime],
) -> None:
    """Say that the law is not as a rule says: `said` is the hash that was seen, why, and when.

    Raises NotFound, NotAllowed.
    """
    seen, reason, at = said
    statement = _seen(conn, actor, catalogues, rule, seen)
    word = _Said(DISPUTED, at, reason)
    if _said_already(conn, actor, statement, word) is None:
        _keep(conn, actor, statement, word)


def _seen(
    conn: Connection, actor: Actor, catalogues: Catalogues, rule: str, seen: str
) -> Statement:
    if actor.role != DPO:
        raise NotAllowed("A data protection officer confirms statements of law.")
    # An officer whose form is sent twice at once waits here, and finds what they said.
    mine = select(person.c.id).where(person.c.id == actor.person_id)
    conn.execute(mine.with_for_update(key_share=True))
    statement = open_statement(conn, catalogues, rule)
    if statement.hash != seen:
        raise NotAllowed("The rule was changed meanwhile: look at what it says now.")
    return statement


def _own_draft(conn: Connection, actor: Actor, statement: Statement, at: datetime) -> store.Draft:
    """The open draft of this officer's confirmations, on the newest release."""
    name = f"Law confirmed by {actor.name}, {actor.organisation_name}"[: drafts.LONGEST_NAME]
    base = statement.released.release.id
    for each in store.drafts(conn):
        own = (each.name, each.person_id, each.base_id) == (name, actor.person_id, base)
        if own and each.state == store.OPEN:
            found = store.find_draft(conn, each.id, to_write=True)
            if found is not None:
                return found
    doing = store.Doing(store.BEGAN, actor.person_id, actor.name, at, base_id=base)
    made = store.find_draft(conn, store.keep_draft(conn, name, doing), to_write=True)
    if made is None:
        raise NotFound(name)
    return made


def _order(rule: dict[str, object]) -> tuple[str, ...]:
    """The keys of a rule as they stand, with what is new behind its source."""
    there = [key for key in rule if key not in ORDER[1:]]
    after = there.index("source") + 1 if "source" in there else len(there)
    return (*there[:after], *ORDER[1:], *there[after:])


@dataclass(frozen=True, slots=True)
class _Said:
    said: str
    at: datetime
    reason: str = ""
    draft_id: UUID | None = None


def _said_already(
    conn: Connection, actor: Actor, statement: Statement, word: _Said
) -> Row[Any] | None:
    """The officer's last word on these very words of the rule, when it is this one."""
    own = (law_word.c.rule == statement.id, law_word.c.person_id == actor.person_id)
    last = conn.execute(
        select(law_word).where(*own).order_by(law_word.c.seq.desc()).limit(1)
    ).one_or_none()
    new = (word.said, word.reason, statement.hash)
    return last if last is not None and (last.said, last.reason, last.hash) == new else None


def _keep(conn: Connection, actor: Actor, statement: Statement, word: _Said) -> None:
    row = {
        "rule": statement.id,
        "said": word.said,
        "reason": word.reason,
        "hash": statement.hash,
        "draft_id": word.draft_id,
        "person_id": actor.person_id,
        "who": actor.name,
        "organisation": actor.organisation_name,
        "at": word.at,
    }
    keep_next(conn, law_word, {"rule": statement.id}, row)
