"""The parts of a document that the engine builds: report, pictures, flags, routes, signatures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from app.core import meeting, offer_parts, papers, pictures, report, text
from app.core.attachments import attachments
from app.core.blocks import (
    RATED,
    Block,
    Cell,
    Facts,
    Heading,
    Paragraph,
    Run,
    Runs,
    Signature,
    Table,
    Tone,
)
from app.core.domains import show_date, show_day
from app.core.legislation import legislation
from app.core.outputs import Piece
from app.core.parties import deciding, is_processor
from app.core.questions import Question, row_label
from app.core.record import Record
from app.core.rules import Entry
from app.core.standing import (
    ADVISE,
    CLOSE,
    DISMISS,
    LIFT,
    MOVE,
    SETTLE,
    SIGN,
    STAY,
    Act,
    said_with,
    stays,
)

Writer = Callable[[Record, Piece], Iterator[Block]]

GATEWAY, BASIS = "art6", "basis"
ROUTE_CELLS = (
    ("Who, and for what", ("kind", "party", "role", "purpose")),
    (
        "Lawful basis and power",
        ("regime", BASIS, "order_ref", "ea_condition", "power", "gateways", "function", "le_basis"),
    ),
    (
        "Further conditions",
        ("art9", "schedule1", "art10", "schedule1_criminal", "apd", "confidence", "bars"),
    ),
)


def control(record: Record, _piece: Piece) -> Iterator[Block]:
    """Document control: what this is, of which day, over which release and answers."""
    c = record.control
    current = next((s.stage.title for s in record.standings if s.current), "every stage closed")
    pairs = [
        ("Project", c.project),
        ("Stage and route", f"{current[:1].upper()}{current[1:]}. {record.route.label} route"),
        ("As at", show_date(c.on)),
        ("Questions and rules", c.release),
        ("Status", c.status),
        ("Content hash", c.content_hash),
    ]
    yield Facts(
        "Document control", tuple((label, Cell((text.plain(value),))) for label, value in pairs)
    )


# Law


def legal_routes(record: Record, row: Mapping[str, Any] | None = None) -> Iterator[Block]:
    """The legal routes; within a party's schedule only those of its kind or its own."""
    names = record.pipeline.names
    if not names.routes or names.routes not in record.facts.shown:
        return
    question = record.question(names.routes)
    routes = record.facts.values.get(question.id)
    if routes is None:
        yield Paragraph((Run("No legal route has been chosen yet.", Tone.UNANSWERED),))
        return
    if row is not None:
        routes = routes_of(routes, row)
    if not routes:
        yield Paragraph((Run("No legal route has been chosen yet.", Tone.UNANSWERED),))
        return
    if row is not None:
        yield from (_route_in_full(record, question, each) for each in routes)
        return
    yield Table(
        "Legal routes",
        tuple(title for title, _ in ROUTE_CELLS),
        tuple(
            tuple(_route_cell(record, question, each, ids) for _, ids in ROUTE_CELLS)
            for each in routes
        ),
        (26, 40, 34),
    )


def routes_of(
    routes: Iterable[Mapping[str, Any]], party: Mapping[str, Any]
) -> list[Mapping[str, Any]]:
    """The legal routes of a party: its own, or else those of its kind; no supplier's for a controller."""

    def alike(route: Mapping[str, Any]) -> bool:
        same_kind: bool = route.get("kind") == party.get("kind")
        return same_kind and is_processor(route) == is_processor(party)

    own = [route for route in routes if route.get("party") == party["id"]]
    return own or [route for route in routes if not route.get("party") and alike(route)]


def _route_in_full(record: Record, question: Question, row: Mapping[str, Any]) -> Facts:
    """One legal route as labels and what is said of each, for the schedule of a party."""
    ids = tuple(id_ for _, ids in ROUTE_CELLS for id_ in ids if id_ not in ("kind", "party"))
    pairs = _route_lines(record, question, row, ids)
    title = f"Legal route: {row_label(question, row)}"
    return Facts(title, tuple((name, Cell(((said,),))) for name, said in pairs), show_caption=True)


def _route_cell(
    record: Record, question: Question, row: Mapping[str, Any], ids: tuple[str, ...]
) -> Cell:
    pairs = _route_lines(record, question, row, ids)
    lines = tuple((Run(f"{name}: ", Tone.QUIET), said) for name, said in pairs)
    return Cell(lines or (text.plain("–"),))


def _route_lines(
    record: Record, question: Question, row: Mapping[str, Any], ids: tuple[str, ...]
) -> Iterator[tuple[str, Run]]:
    """What was asked of a route, by the names of its columns; a blank one only if it is owed."""
    known = {column.id: column for column in question.columns}
    for wanted in ids:
        # The basis follows from the gateway chosen; until it does, the gateway is what is owed.
        id_ = GATEWAY if wanted == BASIS and wanted not in row else wanted
        column = known.get(id_)
        waits = f"{question.id}/{row['id']}/{id_}" in record.facts.waiting
        if column is not None and (id_ in row or (waits and column.required)):
            yield column.called, record.said(column, row.get(id_), question.id)


def decision(record: Record, piece: Piece) -> Iterator[Block]:
    """A decision with its reasons, each with its source; its title leads it where no heading does."""
    made = record.assessment.decisions.get(piece.decision or "")
    if made is None:
        return
    lead = (Run(f"{piece.title}: "),) if piece.title else ()
    if made.outcome is None:
        missing = Run("Not decided yet: answers are missing.", Tone.UNANSWERED)
        yield Paragraph((*lead, missing))
        return
    outcome = made.outcome
    said = Run(outcome.label, Tone.STRONG), Run(f". {outcome.text or ''}")
    # A reason that has no source of its own rests on that of the outcome.
    own = report.source(record, outcome.source, outcome.checked or False)
    rows = tuple(
        (
            Cell((text.plain(_begun(each.text)),)),
            Cell((report.source(record, each.source, each.checked) or own,)),
        )
        for each in made.reasons
    )
    yield Paragraph((*lead, *said) if rows or not own else (*lead, *said, Run(" "), *own))
    if rows:
        caption = f"{made.title}{' The' if made.title.endswith('?') else ': the'} reasons"
        yield Table(caption, ("Reason", "Source"), rows, (65, 35))


def _begun(sentence: str) -> str:
    """A sentence as it begins: a reason that names a row first starts small elsewhere."""
    return f"{sentence[:1].upper()}{sentence[1:]}"


def offers(record: Record, piece: Piece) -> Iterator[Block]:
    """The entries of an offer that hold."""
    offered = record.assessment.offers.get(piece.offer or "")
    if offered is None or not offered.entries:
        return
    rows = tuple(
        (
            Cell(_entry_named(entry)),
            Cell((text.plain(entry.because or entry.text or ""),)),
            Cell((*_limits(entry), report.source(record, entry.source, entry.checked))),
        )
        for entry in offered.entries
    )
    # Two titles leave the third column out.
    titles = piece.header or ("What", "Why it is offered", "Limits and source")
    shown = tuple(row[: len(titles)] for row in rows)
    yield Table(
        offered.offer.title,
        titles,
        shown,
        (26, 30, 44) if len(titles) == len(rows[0]) else (35, 65),
    )


def _limits(entry: Entry) -> tuple[Runs, ...]:
    """Where an entry ends, above its source."""
    return (text.plain(entry.limits),) if entry.limits else ()


def _entry_named(entry: Entry) -> tuple[Runs, ...]:
    """An entry's title, and below it the Act and section where it has them."""
    law = ((Run(entry.law, Tone.QUIET),),) if entry.law else ()
    return (text.plain(entry.title), *law)


# Risks and acts


NUMBER = "No."  # the number by which the matrix names a risk


def risks(record: Record, _piece: Piece) -> Iterator[Block]:
    """The risks written or accepted by people, before and after measures."""
    question = record.question(record.pipeline.names.risks)
    rows = record.facts.values.get(question.id)
    if not rows:
        return
    known = {column.id for column in question.columns}
    wanted = [
        ("title", 24),
        ("rating", 12),
        ("measures", 32),
        ("effect", 14),
        ("residual_rating", 13),
    ]
    columns = [(question.column(id_), width) for id_, width in wanted if id_ in known]
    yield Table(
        "Risks to people and what reduces them",
        (NUMBER, *(column.called for column, _ in columns)),
        tuple(
            (
                Cell((text.plain(str(n)),)),
                *(
                    Cell(
                        ((record.said(column, row.get(column.id), question.id),),),
                        RATED.get(str(row.get(column.id)), Tone.PLAIN)
                        if column.derived
                        else Tone.PLAIN,
                    )
                    for column, _ in columns
                ),
            )
            for n, row in enumerate(rows, 1)
        ),
        (5, *(width for _, width in columns)),
    )


KEPT_ON = "Kept on its release"
ACTS = (
    (ADVISE, "Advice of the data protection officer"),
    (DISMISS, "Flags dismissed"),
    (LIFT, "Stops lifted"),
    (MOVE, "Moved to another release"),
    (STAY, KEPT_ON),
    (SETTLE, "Stages settled by a document that was signed elsewhere"),
    (CLOSE, "Stages closed"),
    (SIGN, "Signatures"),
)


def acts(record: Record, _piece: Piece) -> Iterator[Block]:
    """What people did: advice, dismissals, stages closed, signatures; separate and dated."""
    declared = [(each.id, each.title) for each in record.pipeline.acts]
    for kind, title in (*ACTS[:1], *declared, *ACTS[1:]):
        done = [act for act in record.acts if act.kind == kind]
        if done:
            yield Heading(title, 2)
            yield _acts_table(record, title, done)
    if not record.acts:
        yield Paragraph(
            text.plain("No advice, acceptance or signature has been recorded here yet.")
        )


def lifted(record: Record) -> Iterator[Block]:
    """What a data protection officer has lifted or held back, with the reason."""
    done = [
        act for act in record.acts if act.kind == LIFT and record.answered.get(act.about) is act
    ]
    if done:
        yield Heading("Stops lifted", 1)
        yield _acts_table(record, "Stops lifted", done)
    kept = stays(record.acts)
    if kept:
        yield Heading(KEPT_ON, 1)
        yield _acts_table(record, KEPT_ON, kept)


def _acts_table(record: Record, title: str, done: Iterable[Act]) -> Table:
    return Table(
        title,
        ("Who", "What", "When"),
        tuple(
            (
                Cell((text.plain(act.who),)),
                Cell((text.plain(_about(record, act)),)),
                Cell((text.plain(show_day(act.at)),)),
            )
            for act in done
        ),
        (30, 50, 20),
        show_caption=False,
    )


def _about(record: Record, act: Act) -> str:
    content = said_with(act)
    said = str(content.get("reason") or content.get("advice") or "")
    if "title" in content and act.kind in {each.id for each in record.pipeline.acts}:
        return ". ".join(filter(None, (f"For {act.organisation}", content.get("chosen"), said)))
    if act.kind in (MOVE, STAY):
        stays_on = f"Need not move to release {act.about}. {said}"
        return (
            stays_on if act.kind == STAY else f"From release {content.get('from')} to {act.about}"
        )
    flag = next((f.rule.title for f in record.assessment.flags if f.id == act.about), None)
    stage = next((s.title for s in record.pipeline.stages if s.id == act.stage), act.stage)
    matters = [f"On “{each['title']}”: {each['text']}" for each in content.get("matters", ())]
    return ". ".join(part.rstrip(".") for part in (flag or stage, said, *matters) if part) + "."


def signatures(record: Record, *, scheduled: bool) -> Iterator[Block]:
    """Room for each organisation's signature, or the one given; it binds its schedule if there is one."""
    parties = record.question(record.pipeline.names.parties)
    signed = {act.organisation: act for act in record.acts if act.kind == SIGN}
    for row in deciding(record.facts.values.get(parties.id, ())):
        name = row_label(parties, row)
        act = signed.get(name)
        yield Signature(
            name,
            pictures.column_words(record, parties, row, "signatory"),
            "Signs with delegated authority for the organisation" if row.get("signatory") else "",
            f"The common body and the schedule of {name}" if scheduled else "The whole document",
            f"Signed by {act.who} on {show_day(act.at)}" if act else None,
        )


PARTS: dict[str, Writer] = {
    "control": control,
    "risk_top": report.risk_top,
    "verdict": report.first_sentence,
    "top_risks": papers.top_risks,
    "flag_list": papers.flag_list,
    "advice": papers.advice,
    "next": report.what_next,
    "matrix": pictures.matrix,
    "flow": pictures.flow,
    "flags": report.flags,
    "tolerances": report.tolerances,
    "scores": report.scores,
    "decision": decision,
    "offers": offers,
    "offers_by_row": offer_parts.by_row,
    "not_offered": offer_parts.not_offered,
    "unconfirmed": offer_parts.unconfirmed,
    "unknown": report.unknown,
    "legal_routes": lambda record, _piece: legal_routes(record),
    "legislation": legislation,
    "risks": risks,
    "acts": acts,
    "attachments": attachments,
    "signatures": lambda record, _piece: signatures(record, scheduled=False),
    "questions": meeting.questions,
}
