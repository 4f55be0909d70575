"""What the definitions' editors look at now and then: what is unconfirmed, old or silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from app.actions.coverage import Count, never_raised
from app.actions.figures import Known, known_figures
from app.actions.law import CONFIRMED, LawWord, law_hash, law_words, rules_of
from app.catalogue import Catalogue
from app.core.rules import Entry, FlagRule


@dataclass(frozen=True, slots=True)
class Digest:
    """What is to be looked at in the definitions."""

    unconfirmed: tuple[FlagRule, ...]
    disputed: tuple[tuple[FlagRule, LawWord], ...]
    changed: tuple[tuple[FlagRule, LawWord], ...]
    old: tuple[FlagRule | Entry, ...]
    ended: tuple[FlagRule | Entry, ...]
    silent: tuple[tuple[FlagRule, Count], ...]
    figures: Known | None


def digest(conn: Connection, catalogue: Catalogue, on: date, source_days: int) -> Digest:
    """The digest of a release: three statements, and no project is evaluated.

    `source_days`: after how many days a source is to be read again.
    """
    rules = rules_of(catalogue)
    last: dict[str, LawWord] = {}
    for word in law_words(conn):
        last.setdefault(word.rule, word)
    dated: tuple[FlagRule | Entry, ...] = (*rules, *_entries(catalogue))
    said = [(rule, last[rule.id]) for rule in rules if rule.id in last]
    long_ago = (on - timedelta(days=source_days)).isoformat()
    return Digest(
        tuple(rule for rule in rules if not rule.checked),
        tuple((rule, word) for rule, word in said if _disputes(rule, word)),
        tuple((rule, word) for rule, word in said if _is_other_now(rule, word)),
        tuple(each for each in dated if each.checked and str(each.checked) < long_ago),
        tuple(each for each in dated if (each.effective_to or "9999") < on.isoformat()),
        never_raised(conn, catalogue.program),
        known_figures(conn),
    )


def _entries(catalogue: Catalogue) -> tuple[Entry, ...]:
    """Every entry of a list that states law: the legal gateways, and what else is offered."""
    offers = catalogue.program.offers.values()
    return tuple(entry for offer in offers for entry in offer.rule.entries if entry.source)


def _disputes(rule: FlagRule, word: LawWord) -> bool:
    return word.said != CONFIRMED and word.hash == law_hash(rule)


def _is_other_now(rule: FlagRule, word: LawWord) -> bool:
    """Whether a rule says something else than what an officer confirmed."""
    return word.said == CONFIRMED and word.hash != law_hash(rule)
