"""What the definitions' editors look at now and then: what is unconfirmed, old or silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from app.actions.definitions.coverage import Count, never_raised
from app.actions.definitions.figures import Known, known_figures
from app.actions.definitions.law import (
    CONFIRMED,
    LawWord,
    Stating,
    entries_of,
    law_hash,
    law_words,
    laws_of,
    rules_of,
)
from app.catalogue import Catalogue
from app.core.rules import FlagRule

Named = tuple[str, Stating]
"""What states law, after its id."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What is to be looked at in the definitions."""

    unconfirmed: tuple[FlagRule, ...]
    unconfirmed_entries: tuple[Named, ...]
    disputed: tuple[tuple[Named, LawWord], ...]
    changed: tuple[tuple[Named, LawWord], ...]
    old: tuple[Named, ...]
    ended: tuple[Named, ...]
    silent: tuple[tuple[FlagRule, Count], ...]
    figures: Known | None


def digest(conn: Connection, catalogue: Catalogue, on: date, source_days: int) -> Digest:
    """The digest of a release: three statements, and no project is evaluated.

    `source_days`: after how many days a source is to be read again.
    """
    laws = laws_of(catalogue)
    last: dict[str, LawWord] = {}
    for word in law_words(conn):
        last.setdefault(word.rule, word)
    said = [((id_, rule), last[id_]) for id_, rule in laws.items() if id_ in last]
    long_ago = (on - timedelta(days=source_days)).isoformat()
    return Digest(
        tuple(rule for rule in rules_of(catalogue) if not rule.checked),
        tuple((id_, entry) for id_, entry in entries_of(catalogue).items() if not entry.checked),
        tuple((named, word) for named, word in said if _disputes(named[1], word)),
        tuple((named, word) for named, word in said if _is_other_now(named[1], word)),
        tuple(each for each in laws.items() if _read_before(each[1], long_ago)),
        tuple(each for each in laws.items() if (each[1].effective_to or "9999") < on.isoformat()),
        never_raised(conn, catalogue.program),
        known_figures(conn),
    )


def _read_before(rule: Stating, day: str) -> bool:
    return bool(rule.checked) and str(rule.checked) < day


def _disputes(rule: Stating, word: LawWord) -> bool:
    return word.said != CONFIRMED and word.hash == law_hash(rule)


def _is_other_now(rule: Stating, word: LawWord) -> bool:
    """Whether a rule says something else than what an officer confirmed."""
    return word.said == CONFIRMED and word.hash != law_hash(rule)
