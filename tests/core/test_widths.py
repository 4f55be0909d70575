"""How wide columns are: what is short stays on one line, and what says more has more room."""

import pytest

from app.core.blocks import Cell, Run
from app.core.widths import LINE, widths


def cell(words: str) -> Cell:
    return Cell(((Run(words),),))


def letters(header: tuple[str, ...], *rows: tuple[str, ...]) -> list[float]:
    """How many letters a line of each column has room for."""
    cells = tuple(tuple(cell(words) for words in row) for row in rows)
    parts = widths(header, cells)
    assert sum(parts) == 100
    return [part * LINE / 100 for part in parts]


def test_a_table_whose_cells_all_fit_breaks_no_line() -> None:
    rows = ("London Borough of Carnmere", "Joint controller"), ("Northside ICB", "Controller")
    room = letters(("Organisation", "Role in law"), *rows)
    assert all(room[n] >= max(len(row[n]) for row in rows) for n in range(2))


@pytest.mark.parametrize("short", ["26 February 2027", "Joint controller", "Weekly"])
def test_what_is_short_stays_on_one_line_beside_what_is_long(short: str) -> None:
    told = "What happens here takes more than one line to tell, and is told in full. " * 3
    room = letters(("What", "When"), (told, short))
    assert len(short) <= room[1] < room[0]


def test_a_column_to_write_in_has_room_to_write() -> None:
    room = letters(("Step", "Your answer"), ("A first step that is described at some length", ""))
    assert room[1] >= 30


def test_many_columns_share_what_there_is() -> None:
    words = ("London Borough of Carnmere",) * 7
    room = letters(tuple(f"Column {n}" for n in range(7)), words)
    assert min(room) > 0
    assert max(room) - min(room) < 3


def test_what_says_most_has_room_among_many_columns() -> None:
    header: tuple[str, ...] = (
        "No.",
        "Risk",
        "Measures",
        "Effect of the measures",
        "Remaining risk",
        "Responsible",
    )
    header += ("Likelihood after", "Measures approved")
    told = "Such households are left out until an officer has looked at the case. " * 2
    room = letters(header, ("1", "The wrong person", told, "Smaller", "Low", "Us", "Remote", "Yes"))
    assert room[2] == max(room)
    assert room[2] > 1.3 * room[3]


def test_a_title_takes_two_lines_however_little_its_column_says() -> None:
    told = "A function that people rely on to get what they need, told at length here. " * 2
    room = letters(("What for", "Basis", "What the law gives us"), (told, told, "\u2013"))
    assert room[2] >= len("What the law gives us") / 2
