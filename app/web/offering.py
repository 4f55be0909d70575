"""What is offered beside a question or among its options, and what was not, as a page shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from app.core.facts import Facts
from app.core.offering import Near, Offered, offered, offered_to_rows
from app.core.questions import Asked
from app.core.rules import Entry
from app.web.citing import Laws, cited
from app.web.controls import NearMiss, OfferEntry, Option
from app.web.markdown import to_html

ELSEWHERE = "Chosen, though it is not offered to this kind of organisation for this purpose."


def offer_beside(asked: Asked, facts: Facts, laws: Laws) -> dict[str, Any]:
    """The list shown with a question or column; `laws`: the address of each law by its name."""
    if not asked.offer:
        return {}
    found = offered(facts.program.offers[asked.offer], facts)
    entries = tuple(
        OfferEntry(
            entry.title,
            str(to_html(entry.text)),
            entry.because or "",
            cited(entry.law or entry.source or "", laws),
        )
        for entry in found.entries
    )
    shown: dict[str, Any] = {"near": _near(found.near, laws)}
    return {**shown, "offer_title": found.offer.title, "offer": entries} if entries else shown


def fitting(
    asked: Asked,
    address: str,
    chosen: Collection[str],
    options: tuple[Option, ...],
    facts: Facts,
    laws: Laws,
) -> dict[str, Any]:
    """The options of a column: first those offered to its row or chosen, then the others."""
    found = _offered_to_row(asked, address, facts)
    if found is None:
        return {"options": options}
    hints = {entry.code: _words(entry) for entry in found.entries}
    others = {
        entry.code: " ".join(filter(None, (entry.law and f"{entry.law}.", ELSEWHERE)))
        for entry in found.offer.entries
    }
    others |= {near.entry.code: f"Not offered here. {near.because}" for near in found.near}
    first = [
        option._replace(hint={**others, **hints}.get(option.code, option.hint))
        for option in options
        if option.code in hints or option.code in chosen
    ]
    known = {option.code for option in first}
    rest = [option for option in options if option.code not in known]
    return {"options": (*first, *rest), "fitting": len(first), "near": _near(found.near, laws)}


def _offered_to_row(asked: Asked, address: str, facts: Facts) -> Offered | None:
    """What is offered to the row of an address, if its options come from an offer to each row."""
    offering = facts.program.offers.get(asked.options_from or "")
    rows, *within = address.split("/")
    if offering is None or offering.rule.each != rows or not within:
        return None
    return next(iter(offered_to_rows(offering, facts, within[0])), None)


def _words(entry: Entry) -> str:
    """What a fitting option says of itself: where it stands, why it is offered, and its limits."""
    law = f"{entry.law}." if entry.law else ""
    return " ".join(filter(None, (law, entry.because, entry.limits))).replace("**", "")


def _near(near: Iterable[Near], laws: Laws) -> tuple[NearMiss, ...]:
    return tuple(
        NearMiss(each.entry.title, each.because, cited(each.entry.law or "", laws)) for each in near
    )
