"""The history of a project as people read it: a row that was added or changed is one line."""

import re

from tests.web.conftest import Person

AT = "/projects/FP-0001"
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


def test_a_row_that_was_changed_is_one_more_line(someone: Person) -> None:
    someone.be("ig_lead")
    added = len(lines(someone, "risks.register"))
    someone.open(f"{AT}/flags/R50/join")
    someone.post(f"{AT}/flags/R50/join", risk="1")
    first, *before = lines(someone, "risks.register")
    assert len(before) == added
    assert "changed" in first
