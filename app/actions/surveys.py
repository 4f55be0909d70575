"""Composing a document over many projects: its outline and what is listed give the blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.actions.annual import Line, Lists
from app.catalogue.surveys import FILLED, Section, Survey
from app.core.blocks import (
    Block,
    Cell,
    Control,
    Document,
    Heading,
    Paragraph,
    Run,
    Table,
    Tile,
    Tiles,
    Tone,
)


def compose_survey(survey: Survey, lists: Lists, words: Mapping[str, str], on: str) -> Document:
    """The document of an outline. `words` are filled in; `on`: its date.

    The same lists give the same blocks, and so the same bytes.
    """
    control = Control(
        title=survey.title,
        project=words["organisation"],
        marking=survey.marking,
        release="",
        content_hash="",
        on=on,
        status="",
        author="Fingerpost",
    )
    blocks: list[Block] = [_paragraph(_fill(survey.lead, words), Tone.STRONG)]
    if survey.basis:
        blocks.append(_paragraph(_fill(survey.basis, words)))
    blocks.append(Tiles(tuple(_tiles(survey, lists))))
    for section in survey.sections:
        blocks += _section(section, lists.get(section.of, ()), words)
    return Document(control, tuple(blocks), contents=False)


def _tiles(survey: Survey, lists: Lists) -> Iterator[Tile]:
    for each in survey.tiles:
        number = len(lists.get(each.of, ()))
        tone = each.tone if number else Tone.PLAIN
        yield Tile(str(number), each.one if number == 1 else each.many, tone)


def _section(
    section: Section, lines: tuple[Line, ...], words: Mapping[str, str]
) -> Iterator[Block]:
    yield Heading(section.title)
    if section.about:
        yield _paragraph(_fill(section.about, words))
    if not lines:
        yield _paragraph(section.none)
        return
    rows = tuple(
        tuple(Cell(((Run(line.get(name) or "–"),),)) for name in section.columns) for line in lines
    )
    header = tuple(section.columns.values())
    yield Table(section.title, header, rows, section.widths, show_caption=False)


def _paragraph(text: str, tone: Tone = Tone.PLAIN) -> Paragraph:
    return Paragraph((Run(text),), tone)


def _fill(text: str, words: Mapping[str, str]) -> str:
    return FILLED.sub(lambda found: words[found[1]], text)
