"""A document that is one table, as a file of comma-separated values."""

from __future__ import annotations

import csv
import io

from app.core.blocks import Block, Cell, Document, Heading, Paragraph, Run, Table

# A spreadsheet takes a cell that starts with one of these for a formula and runs it. The wide forms
# are read as the narrow ones in some languages.
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Excel takes a file without this mark for Windows-1252 and garbles every letter outside ASCII.
MARK = "\ufeff"


def to_csv(document: Document) -> bytes:
    """The table of a document: UTF-8, each record on one line, no cell that is a formula."""
    out = io.StringIO(newline="")
    out.write(MARK)
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for table in _tables(document):
        writer.writerow([harmless(each) for each in table.header])
        for row in table.rows:
            writer.writerow([harmless(said(cell)) for cell in row])
    return out.getvalue().encode("utf-8")


def said(cell: Cell) -> str:
    """What a cell says, on one line; its paragraphs are set apart by semicolons."""
    texts = (_line("".join(run.text for run in runs)) for runs in cell.paragraphs)
    return "; ".join(each.rstrip(".;") if n else each for n, each in enumerate(texts) if each)


def _line(text: str) -> str:
    """A text on one line, without the letters that are no letters."""
    return " ".join("".join(max(each, " ") for each in text).split())


def harmless(text: str) -> str:
    """A text that no spreadsheet reads as a formula: an apostrophe before it makes it text."""
    # What is stripped here a spreadsheet may skip as well: blanks, tabs, ends of lines, marks.
    bare = text.lstrip(" \t\r\n\v\f\0\u00a0\ufeff\u200b'\"")
    return f"'{text}" if bare.startswith(FORMULA) or text.startswith(("\t", "\r", "\n")) else text


def record_by_record(document: Document) -> tuple[Block, ...]:
    """The same table for reading on a page: one small table for each record."""
    blocks: list[Block] = []
    for table in _tables(document):
        if not table.rows:
            blocks.append(Paragraph((Run("There is no row yet."),)))
        for row in table.rows:
            name = said(row[0])
            pairs = [
                (Cell(_plain(title)), cell) for title, cell in zip(table.header, row, strict=True)
            ]
            blocks.append(Heading(name, 1, numbered=False))
            blocks.append(
                Table(
                    f"{table.caption}: {name}", ("Column", "What it says"), tuple(pairs), (30, 70)
                )
            )
    return tuple(blocks)


def _tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def _plain(text: str) -> tuple[tuple[Run, ...], ...]:
    return ((Run(text),),)
