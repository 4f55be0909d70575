"""The history of a project as people read it: a row that was added or changed is one line."""

import re
from datetime import UTC, datetime

from app.actions.projects import Happening
from app.web.past import together
from tests.web.conftest import Person

AT = "/projects/FP-0001"
AT_NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
RISK = "The wrong household is called"


def lines(someone: Person, of: str) -> list[str]:
    page = someone.open(f"{AT}/history?of={of}")
    found = re.findall(r"<li><time>.*?</li>", page.html)
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in found]


def test_a_row_that_was_added_is_one_line_with_all_that_stands_in_it(someone: Person) -> None:
    someone.be("ig_lead")
    found = [each for each in lines(someone, "risks.register") if RISK in each]
    assert len(found) == 1
    assert f"added risk “{RISK}” Risk: {RISK}; " in found[0]
    assert "Likelihood: Possible; Severity: Significant" in found[0]


def test_one_answer_that_was_given_is_told_as_before(someone: Person) -> None:
    someone.be("ig_lead")
    (found,) = lines(someone, "project.title")
    assert "answered" in found


def test_only_the_cells_of_one_row_in_one_save_are_told_together() -> None:
    def one(seq: int, version: int, address: str) -> Happening:
        return Happening(seq, version, address, None, "x", "Ann", "A borough", "", AT_NOON)

    cells = (
        one(6, 3, "risks.register/1/severity"),
        one(5, 2, "risks.register/2/severity"),
        one(4, 2, "project.end"),
        one(3, 2, "project.title"),
        one(2, 2, "risks.register/1/likelihood"),
        one(1, 2, "risks.register/1"),
    )
    assert [[each.seq for each in line] for line in together(cells)] == [[6], [5], [4], [3], [2, 1]]
