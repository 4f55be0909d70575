"""The first page of the risk report: the verdict, what stops, what nobody knows yet, and what happens next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from app.core import text
from app.core.assessment import Flag
from app.core.blocks import (
    Block,
    Bullets,
    Cell,
    Heading,
    Paragraph,
    Run,
    Table,
    Tile,
    Tiles,
    Tone,
    Verdict,
)
from app.core.outputs import Piece
from app.core.pipeline import DeclaredAct
from app.core.record import Record
from app.core.report.flagged import measure_titles
from app.core.standing import ADVISE, MUST_CORRECT, MUST_MOVE, Standing
from app.core.wording import count, listed, lower, plural

TOP_STOPS, TOP_UNKNOWN, TOP_NEXT = 5, 5, 4  # so that the top fits one page


def risk_top(record: Record, _piece: Piece) -> Iterator[Block]:
    """The first page: the verdict, counts, what stops, tolerances, what is unknown, what next."""
    yield verdict(record)
    yield tiles(record)
    if record.stops:
        yield Heading("What stops this", 2, numbered=False)
        yield _stops(record)
    if record.tolerances:
        yield Heading("Ethics tolerances reached", 2, numbered=False)
        titles = [flag.rule.title for flag in record.tolerances]
        yield Paragraph(
            text.plain(f"{'; '.join(titles[:8])}{_more(titles, 8, 'in the section on ethics')}")
        )
    if record.unknown:
        yield Heading(unknown_title(record), 2, numbered=False)
        yield _unknown(record, TOP_UNKNOWN)
    yield Heading("What happens next", 2, numbered=False)
    yield Bullets(tuple(text.plain(step) for step in next_steps(record)[:TOP_NEXT]), numbered=True)


def _more(items: list[str], limit: int, where: str) -> str:
    return f". {len(items) - limit} more {where}." if len(items) > limit else "."


def verdict(record: Record) -> Verdict:
    """One sentence: what holds this up. Never a bare green."""
    stops = len(record.stops)
    if stops:
        what, they = ("One stop", "it is") if stops == 1 else (f"{stops} stops", "they are")
        held = listed(f"“{title}”" for title in record.held)
        stages = "stage" if len(record.held) == 1 else "stages"
        said = f"{what}. The {stages} {held} cannot be closed or signed until {they} settled."
        return Verdict((Run(said),), Tone.STOP)
    if record.tolerances:
        number = len(record.tolerances)
        said = (
            "One ethics tolerance is reached"
            if number == 1
            else f"{number} ethics tolerances are reached"
        )
        still = ", but not everything is known yet" if record.open else ""
        return Verdict((Run(f"{said}. Nothing stops the project{still}."),), Tone.BREACH)
    if record.open:
        return Verdict(
            (Run("Nothing stops this so far, but not everything is known yet."),), Tone.UNKNOWN
        )
    if record.raised:
        return Verdict((Run("Nothing stops this. There are risks to look at."),), Tone.MEDIUM)
    return Verdict(
        (Run("No rule raised a flag on these answers. People still judge."),), Tone.UNKNOWN
    )


def first_sentence(record: Record, _piece: Piece) -> Iterator[Block]:
    """The verdict by itself."""
    yield verdict(record)


def tiles(record: Record) -> Tiles:
    """Counts at the top, stops first."""
    stops, reached, others = len(record.stops), len(record.tolerances), len(record.others)
    high = sum(flag.rating == "high" for flag in record.others)
    return Tiles(
        (
            Tile(str(stops), plural(stops, "stop"), Tone.STOP),
            Tile(str(reached), f"{plural(reached, 'ethics tolerance')} reached", Tone.BREACH),
            Tile(str(high), f"{plural(high, 'other flag')} rated high", Tone.HIGH),
            Tile(str(others - high), plural(others - high, "other flag"), Tone.MEDIUM),
            Tile(str(len(record.open)), open_words(record), Tone.UNKNOWN),
        )
    )


def open_words(record: Record) -> str:
    """What stands beside the number of open checks."""
    checks, answers = len(record.open), len(record.unknown)
    if not checks:
        return "checks open"
    settle = "settles" if answers == 1 else "settle"
    them = "it" if checks == 1 else "them"
    return f"{plural(checks, 'check')} open; {count(answers, 'answer')} {settle} {them}"


def _stops(record: Record) -> Table:
    shown = record.stops[:TOP_STOPS]
    return Table(
        "What stops this",
        ("Stop", "What settles it", "Who"),
        tuple(
            (
                Cell(((Run(f"{record.numbers[f.id]}. {f.rule.title}", to=f"#flag-{f.id}"),),)),
                Cell((text.plain(". ".join(measure_titles(record, f)) or f.rule.because),)),
                Cell((text.plain(record.person(f.rule.for_)),)),
            )
            for f in shown
        ),
        (40, 40, 20),
        show_caption=False,
    )


def unknown_title(record: Record) -> str:
    """How many answers would settle how many checks."""
    answers, checks = len(record.unknown), len(record.open)
    return f"Not yet known: {count(answers, 'answer')} would settle {count(checks, 'check')}"


def _unknown(record: Record, limit: int | None = None) -> Table:
    return Table(
        "What is not yet known",
        ("Question", "Answer now", "Settles", "Who can answer"),
        tuple(
            (
                Cell((text.plain(record.title(need)),)),
                Cell(((record.answer(need),),)),
                Cell((text.plain(settles(flags)),)),
                Cell((text.plain(record.person(record.who(need))),)),
            )
            for need, flags in record.unknown[:limit]
        ),
        (39, 19, 20, 22),
        show_caption=False,
    )


def settles(flags: tuple[Flag, ...]) -> str:
    """How many checks an answer settles, and whether a stop is among them."""
    stops = sum(bool(flag.blocks) for flag in flags)
    if len(flags) == stops == 1:
        return "1, which could become a stop"
    return f"{len(flags)}, {stops} of them could become stops" if stops else str(len(flags))


def unknown(record: Record, piece: Piece) -> Iterator[Block]:
    """What is undetermined, by question, gravest first; the `first` of it or everything."""
    if record.unknown:
        yield Paragraph(text.plain(unknown_title(record) + "."))
        yield _unknown(record, piece.first)
    else:
        yield Paragraph(text.plain("Nothing that a rule looks at is unknown."))


def next_steps(record: Record) -> list[str]:
    """What has to happen next, and who does it, in order."""
    current = next((each for each in record.standings if each.current), None)
    steps = [*_settling(record), *(_closing(record, current) if current else ())]
    return steps or ["Nothing is left to do on this route. It comes back at its review."]


def _settling(record: Record) -> Iterator[str]:
    """Who settles which stops."""
    for person in dict.fromkeys(flag.rule.for_ for flag in record.stops):
        mine = [f"“{flag.rule.title}”" for flag in record.stops if flag.rule.for_ == person]
        more = [f"{len(mine) - 2} more"] if len(mine) > 2 else []
        yield f"{record.person(person)}: settle {listed([*mine[:2], *more])}."


def _closing(record: Record, standing: Standing) -> Iterator[str]:
    """What a stage still needs before its act, and whose that is."""
    stage = f"the stage “{standing.stage.title}”"
    owed: Counter[str] = Counter()
    left = {id_ for step in standing.unfinished for ids in step.unfinished.values() for id_ in ids}
    acts = [each for each in record.pipeline.acts if left.intersection(each.answers)]
    by_acts = {id_ for each in acts for id_ in each.answers}
    for step in standing.unfinished:
        for person, addresses in step.unfinished.items():
            owed[person] += sum(id_ not in by_acts for id_ in addresses)
    for person, number in owed.items():
        if number:
            yield f"{record.person(person)}: answer {count(number, 'question')} of {stage}."
    for need in standing.needs:
        yield f"{_act_word(record, need)} before {stage} closes."
    yield from _deciding(record, acts)
    if standing.can_close:
        yield f"{record.person(standing.stage.closed_by)}: close {stage}."


def _deciding(record: Record, acts: list[DeclaredAct]) -> Iterator[str]:
    """Who decides what, where a decision answers what is still blank."""
    for by in dict.fromkeys(each.by for each in acts):
        first, *others = (record.person(role) for role in by)
        titles = listed(f"“{each.title}”" for each in acts if each.by == by)
        yield f"{listed([first, *map(lower, others)], 'or')}: decide {titles}."


def _act_word(record: Record, kind: str) -> str:
    if kind == MUST_MOVE:
        return "The project moves to a newer release, or a data protection officer says why not,"
    if kind == MUST_CORRECT:
        return "What the data protection officer sent back is corrected to their content"
    if kind != ADVISE:
        return f"{kind.replace('_', ' ').capitalize()} is given"
    asked = record.pipeline.advice
    if asked and record.facts.values.get(asked.given) == asked.code:
        return "The data protection officer confirms the advice written here"
    return "The advice of the data protection officer is given"


def what_next(record: Record, piece: Piece) -> Iterator[Block]:
    """What happens next, in order; the `first` steps or all."""
    steps = next_steps(record)[: piece.first]
    yield Bullets(tuple(text.plain(step) for step in steps), numbered=True)
