"""One flag and all of them: why it is raised, on which answers, and what reduces it."""

from __future__ import annotations

from collections.abc import Iterator

from app.core import text
from app.core.assessment import Flag, Result
from app.core.blocks import (
    RATED,
    Block,
    Cell,
    Flagged,
    Paragraph,
    Run,
    Runs,
    Tone,
)
from app.core.domains import show_day
from app.core.outputs import Piece
from app.core.record import Record
from app.core.report.sources import source
from app.core.standing import LIFT, said_with


def measure_titles(record: Record, flag: Flag) -> list[str]:
    """The measures a flag offers, in words."""
    titles = {e.code: e.title for o in record.facts.program.offers.values() for e in o.rule.entries}
    return [titles[code] for code in flag.rule.measures if code in titles]


def flags(record: Record, _piece: Piece) -> Iterator[Block]:
    """Every raised flag, whole, gravest first."""
    if not record.raised:
        yield Paragraph(text.plain("No rule raised a flag on these answers."))
    for flag in record.raised:
        yield flagged(record, flag)


def flagged(record: Record, flag: Flag) -> Flagged:
    """One flag: because, the answers, what reduces it, the source."""
    rule, rows = flag.rule, [("Because", Cell(_because(flag)))]
    answers = tuple(_answer_line(record, address) for address in flag.because.answers)
    rows += [("Answers", Cell(answers))] if answers else []
    rows += [("Harm to people", Cell((text.runs(rule.harm),)))] if rule.harm else []
    measures = tuple(text.plain(title) for title in measure_titles(record, flag))
    rows += [("What reduces it", Cell(measures))] if measures else []
    said = source(record, rule.source or "Product rule", rule.checked, rule.checked_by)
    rows.append(("Source", Cell((said,))))
    rows += _answered(record, flag)
    edge = Tone.STOP if flag in record.stops else RATED.get(flag.rating or "", Tone.PLAIN)
    if flag.rule.kind == "tolerance":
        edge = Tone.BREACH
    return Flagged(
        str(record.numbers[flag.id]),
        flag.rule.title,
        f"flag-{flag.id}",
        _marks(record, flag),
        tuple(rows),
        edge,
    )


def _answered(record: Record, flag: Flag) -> list[tuple[str, Cell]]:
    """By whom a flag was lifted or dismissed, and why."""
    act = record.answered.get(flag.id)
    if act is None:
        return []
    reason = str(said_with(act).get("reason", ""))
    who = Run(f" {act.who}, {show_day(act.at)}", Tone.QUIET)
    return [("Lifted" if act.kind == LIFT else "Dismissed", Cell(((Run(reason), who),)))]


def _because(flag: Flag) -> tuple[Runs, ...]:
    if flag.result is Result.ERROR:
        said = f"{flag.error}. A data protection officer judges this check by hand."
        return ((Run(said, Tone.STRONG),),)
    raised = (Run(f"Raised because {flag.because.text()}.", Tone.QUIET),)
    return (text.runs(flag.rule.because), raised)


def rating_word(record: Record, flag: Flag) -> str:
    """The rating of a flag in words; nothing where it has none."""
    matrix = next(iter(record.facts.program.matrices.values()), None)
    return matrix.ratings[flag.rating] if matrix and flag.rating else ""


def _marks(record: Record, flag: Flag) -> Runs:
    runs: list[Run] = []
    if flag in record.stops:
        runs.append(Run("STOP", Tone.STOP))
    if flag.rule.kind == "tolerance":
        runs.append(Run("TOLERANCE", Tone.BREACH))
    matrix = next(iter(record.facts.program.matrices.values()), None)
    if flag.rating and matrix and flag.rule.likelihood and flag.severity:
        runs.append(Run(rating_word(record, flag).upper(), RATED[flag.rating]))
        likelihood, severity = (
            matrix.likelihood[flag.rule.likelihood],
            matrix.severity[flag.severity],
        )
        runs.append(Run(f"{likelihood}, {severity.lower()} harm."))
    if flag in record.stops:
        said = f"{record.stop_words(flag)} from being closed or signed."
        runs.append(Run(said, Tone.STRONG))
    if not flag.rule.checked:
        runs.append(Run("Warns: the law behind it is not yet confirmed by a DPO.", Tone.TAG))
    return tuple(runs)


def _answer_line(record: Record, address: str) -> Runs:
    answer = record.answer(address)
    who = record.who_gave(address)
    words = answer.text if len(answer.text) <= 200 else answer.text[:199] + "…"
    line: Runs = (Run(f"{record.title(address)} "), Run(words, Tone.STRONG))
    return (*line, Run(" ("), *who, Run(")")) if who else line
