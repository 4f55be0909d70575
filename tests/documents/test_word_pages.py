"""What stays together on a page in Word, and what may be parted."""

import io

import docx
import pytest

from app.core.blocks import Block, Heading, Paragraph, Run, Tile, Tiles, Tone, Verdict
from app.documents.word_tables import MEASURE_MM, fit_widths
from tests.documents import sample
from tests.documents.lint import W
from tests.documents.test_word import made_of, xml


def keeps(made: bytes, words: str) -> bool:
    """Whether the paragraph of these words stays with what follows it."""
    body = docx.Document(io.BytesIO(made)).element.body
    (found,) = [
        each
        for each in body.iter(f"{W}p")
        if words == "".join(text.text or "" for text in each.iter(f"{W}t"))
    ]
    return found.find(f"{W}pPr/{W}keepNext") is not None


def test_all_that_a_heading_has_to_itself_stays_with_the_next_heading() -> None:
    said = Paragraph((Run("Each answer is printed once."),))
    made = made_of(Heading("Answers"), said, Heading("Idea", 2), Paragraph((Run("More."),)))
    assert keeps(made, "Each answer is printed once.")
    assert not keeps(made, "More.")


@pytest.mark.parametrize(("letters", "together"), [(20, True), (400, False)])
def test_only_short_rows_wait_for_the_next_one(letters: int, together: bool) -> None:
    rows = [(f"Row {n}", "x" * letters) for n in range(8)]
    made = made_of(sample.table("Rows", ("Which", "What"), *rows))
    assert keeps(made, "Which")
    assert keeps(made, "Row 0") is together
    assert not keeps(made, "Row 3")
    assert keeps(made, "Row 6") is together


def test_the_first_that_a_heading_says_stays_with_what_follows() -> None:
    said = [Paragraph((Run(f"Sentence {n}."),)) for n in range(3)]
    made = made_of(Heading("Not yet known"), *said)
    assert [keeps(made, f"Sentence {n}.") for n in range(3)] == [True, False, False]


TOP = Verdict((Run("One stop."),), Tone.STOP)
COUNTS = Tiles((Tile("1", "stop", Tone.STOP),))


@pytest.mark.parametrize(("top", "breaks"), [((TOP,), False), ((TOP, COUNTS), True)])
def test_only_a_top_with_counts_is_a_page_of_its_own(top: tuple[Block, ...], breaks: bool) -> None:
    made = made_of(*top, Heading("Why"), Paragraph((Run("Because."),)))
    assert ("pageBreakBefore" in xml(made)) is breaks


def test_a_column_to_write_in_has_room_for_a_date_beside_many_that_are_filled() -> None:
    header = ("Member", "Kind", "Registration", "Assurance", "Signatory", "Joined on", "Left on")
    filled = ("Carnmere", "Organisation", "Registration", "Certification", "Neighbourhoods", "", "")
    wide, _ = fit_widths(sample.table("Register", header, filled))
    assert sum(wide) == pytest.approx(MEASURE_MM)
    assert min(wide[-2:]) >= 20
