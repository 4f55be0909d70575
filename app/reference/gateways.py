"""docs/gateways.md: every statutory gateway, to whom it is offered and for what, and the near misses."""

from __future__ import annotations

from app.catalogue import Catalogue
from app.core import logic
from app.core.program import EntryTest, Offering, Program
from app.core.rules import Entry, Offer
from app.reference.words import NOT_YET, Lines, anchor, cell, checked_words, examples, sourced

INTRO = """\
# Legal gateways

The powers and duties in Acts that London's public bodies rely on to share information, from `rules/legal_gateways.yaml`. Each
is **offered** to a legal route (one kind of organisation, in one role, for one purpose) when its conditions hold. What came
close and is not offered says why. Being offered is not being chosen: an information governance lead chooses, and **every row is to be
confirmed with your own lawyers**.

The guidance is for England. The extent of each Act is said with it; an organisation elsewhere looks at its own law as well.

**Types.** *Mandatory*: must be shared when the conditions are met. *Permissive*: may be shared. *Function*: a task in law that
sharing is needed for; it gives no express power. *General*: a weak power that needs something firmer beside it.

**Beside a gateway** an organisation needs a lawful basis, often a condition for sensitive information and one in Schedule 1,
and a way to meet a duty of confidence. A power to share is not a duty to share. An exemption is not a power. Whoever receives
needs a basis of its own. A supplier that only follows instructions needs a contract and no gateway."""


def gateways_page(catalogue: Catalogue) -> Lines:
    """The whole page."""
    program = catalogue.program
    offering = program.offers["law.gateway_list"]
    pairs = [
        (entry, test)
        for entry, test in zip(offering.rule.entries, offering.tests, strict=True)
        if entry.act
    ]
    unread = sum(not entry.checked for entry, _ in pairs)
    yield INTRO
    yield f"\n**{len(pairs)} gateways.** For {unread} of them the law is {NOT_YET}.\n"
    yield from _overview([entry for entry, _ in pairs])
    yield "## Each gateway\n"
    for entry, test in pairs:
        yield from _gateway(entry, test, program)
    for id_, other in program.offers.items():
        if id_.startswith("law.") and other is not offering:
            yield from _list(other)


def _overview(entries: list[Entry]) -> Lines:
    yield "| Gateway | Act and section | Type | Extent | Confirmed? |"
    yield "|---|---|---|---|---|"
    for entry in entries:
        link = f"[{entry.code} {cell(entry.title)}](#{anchor(_heading(entry))})"
        law = cell(entry.law)
        checked = checked_words(entry.checked)
        yield f"| {link} | {law} | {cell(entry.kind or '–')} | {cell(entry.extent or '–')} | {checked} |"
    yield ""


def _heading(entry: Entry) -> str:
    return f"{entry.code} {entry.title}"


def _gateway(entry: Entry, test: EntryTest, program: Program) -> Lines:
    yield f"### {_heading(entry)}\n"
    yield f"{entry.law}. {cell(entry.text or '')}\n"
    yield from _facts(entry)
    if not entry.commencement and not entry.effective_from:
        yield "- **Commencement:** no day is recorded here; check that it is in force for this organisation"
    yield f"- **Offered when** {cell(_offered(test))}. {cell(entry.because or '')}"
    if test.bars:
        yield "- **Looked at and not offered when**"
    for bar in test.bars:
        yield f"  - {cell(logic.english(bar.test))}: *{cell(bar.because)}*"
    yield from examples("Offered, for example, to", entry.raised_by, program)
    yield from examples("Not offered, for example, to", entry.not_by, program)
    yield ""


def _offered(test: EntryTest) -> str:
    parts = [each for each in (test.when, test.where) if each != logic.ALWAYS]
    return " and ".join(logic.english(part) for part in parts) or "there is a route"


def _facts(entry: Entry) -> Lines:
    told = (("Type", entry.kind), ("Who to whom", entry.who), ("Limits", entry.limits))
    for label, said in told:
        if said:
            yield f"- **{label}:** {cell(said)}"
    yield from sourced(entry)
    if entry.commencement:
        yield f"- **Commencement:** {cell(entry.commencement)}"


def _list(offering: Offering) -> Lines:
    offer: Offer = offering.rule
    yield f"## {offer.title}\n"
    if offer.about:
        yield f"{cell(offer.about)}\n"
    for entry, test in zip(offer.entries, offering.tests, strict=True):
        yield from _listed(entry, test)


def _listed(entry: Entry, test: EntryTest) -> Lines:
    yield f"### {cell(entry.title)}\n"
    if entry.act:
        yield f"{cell(entry.law)}.\n"
    for said in (entry.text, entry.because):
        if said:
            yield f"{cell(said)}\n"
    yield from _facts(entry)
    if entry.when is not None or entry.where is not None:
        yield f"- **Shown when** {cell(_offered(test))}"
    for bar in test.bars:
        yield f"- **Not when** {cell(logic.english(bar.test))}: *{cell(bar.because)}*"
    if entry.near_miss:
        yield f"- **Otherwise** {cell(entry.near_miss)}"
    yield ""
