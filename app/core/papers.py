"""Which documents a project has, and what the short ones say: top risks, flags, advice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.core import logic, report, text
from app.core.blocks import RATED, Block, Cell, Paragraph, Run, Runs, Table, Tone
from app.core.domains import show_day
from app.core.facts import Facts
from app.core.faults import Faults
from app.core.outputs import Outline, Piece
from app.core.questions import Question
from app.core.record import Record
from app.core.standing import ADVISE, said_with
from app.core.wording import count

TOP = 5
SHORT = 160  # letters of what a person wrote in a cell of a short paper
TITLE = 80  # and of a title
LAST = 3  # pieces of advice


def offered(outlines: Mapping[str, Outline], names: Iterable[str], facts: Facts) -> list[str]:
    """Those of the named outputs that the answers call for: where their condition surely holds."""
    return [
        name
        for name in dict.fromkeys(names)
        if name in outlines and (outlines[name].if_ is None or holds(outlines[name].if_, facts))
    ]


def holds(raw: object, facts: Facts) -> bool | None:
    """Whether a condition of an outline holds."""
    # The loader has checked it; reading it again here finds no fault.
    return facts.truth(logic.read(raw, facts.program.scope, (), Faults("outputs")))


def top_risks(record: Record, piece: Piece) -> Iterator[Block]:
    """The gravest risks that people wrote down, with what remains of them; or else the flags."""
    if record.stops:
        titles = [flag.rule.title for flag in record.stops]
        more = f"; {len(titles) - TOP} more" if len(titles) > TOP else ""
        named = f"{'; '.join(titles[:TOP])}{more}."
        yield Paragraph((Run("To be settled first: ", Tone.STRONG), Run(named)))
    question = record.question(record.pipeline.names.risks)
    rows = sorted(record.facts.values.get(question.id, ()), key=_gravity, reverse=True)
    if not rows:
        yield from flag_list(record, piece)
        return
    shown = rows[: piece.first or TOP]
    wanted = [("title", 26), ("rating", 14), ("measures", 44), ("residual_rating", 16)]
    known = {column.id for column in question.columns}
    columns = [(question.column(id_), width) for id_, width in wanted if id_ in known]

    def cell(row: Mapping[str, Any], name: str) -> Cell:
        run = record.said(question.column(name), row.get(name), question.id)
        tone = RATED.get(str(row.get(name)), Tone.PLAIN)
        short = text.shorten(run.text, TITLE if name == "title" else SHORT)
        return Cell(((Run(short, run.tone),),), tone)

    yield Table(
        "The gravest risks to people",
        tuple(column.called for column, _ in columns),
        tuple(tuple(cell(row, column.id) for column, _ in columns) for row in shown),
        tuple(width for _, width in columns),
        show_caption=False,
    )
    yield from _more(len(rows) - len(shown), "risk", "in the assessment")


def _gravity(row: Mapping[str, Any]) -> tuple[int, int]:
    weights = {code: n for n, code in enumerate(reversed(list(RATED)), 1)}
    before: str = row.get("rating", "")
    after: str = row.get("residual_rating") or before
    return weights.get(after, 0), weights.get(before, 0)


def flag_list(record: Record, piece: Piece) -> Iterator[Block]:
    """The gravest flags, one line each."""
    raised = [flag for flag in record.raised if flag.id not in record.answered]
    shown = raised[: piece.first or TOP]
    if not shown:
        yield Paragraph(text.plain("No rule raised a flag on these answers. People still judge."))
        return
    rows = []
    for flag in shown:
        rated = report.rating_word(record, flag)
        marks: list[Runs] = [(Run("STOP", Tone.STOP),)] if flag in record.stops else []
        marks += [(Run("TOLERANCE", Tone.BREACH),)] if flag in record.tolerances else []
        marks += [(Run(rated),)] if rated and not marks else []
        why: list[Runs] = [text.runs(text.shorten(flag.rule.because, SHORT))]
        if not flag.rule.checked:
            why.append((Run("Not yet confirmed by a DPO", Tone.TAG),))
        rows.append(
            (
                Cell((text.plain(flag.rule.title),)),
                Cell(tuple(marks) or (text.plain("–"),)),
                Cell(tuple(why)),
                Cell((text.plain(record.person(flag.rule.for_)),)),
            )
        )
    yield Table(
        "What the rules flag, gravest first",
        ("Flag", "Weight", "Why it matters", "Who can mend it"),
        tuple(rows),
        (24, 20, 37, 19),
        show_caption=False,
    )
    yield from _more(len(raised) - len(shown), "flag", "in the risk report")


def advice(record: Record, piece: Piece) -> Iterator[Block]:
    """The last advice that data protection officers gave."""
    given = [act for act in record.acts if act.kind == ADVISE]
    for act in given[-(piece.first or LAST) :]:
        content = said_with(act)
        said = text.shorten(str(content.get("advice") or content.get("reason") or ""), SHORT)
        when = f"{act.who}, {show_day(act.at)}: "
        yield Paragraph((Run(when, Tone.STRONG), Run(said)))


def rows_left_out(question: Question, rows: int, first: int | None) -> Iterator[Block]:
    """How many of what a table of at most `first` rows leaves out."""
    if first and rows > first:
        said = f"Not shown here: {rows - first} of {rows} ({question.called})."
        yield Paragraph(text.plain(said), Tone.QUIET)


def _more(left: int, what: str, where: str) -> Iterator[Block]:
    if left > 0:
        yield Paragraph(text.plain(f"{count(left, f'more {what}')} {where}."), Tone.QUIET)
