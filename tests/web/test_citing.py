"""Sources on a page: what they cite of the law is a link."""

from __future__ import annotations

import pytest

from app.web.citing import cited
from tests.web.conftest import Person

LAWS = {"Act <1>": "https://law.example/ukpga/1"}


def test_what_is_cited_is_a_link_and_everything_else_is_text() -> None:
    assert str(cited("Act <1> s.2 & more", LAWS)) == (
        '<a class="govuk-link" href="https://law.example/ukpga/1/section/2" rel="noreferrer">'
        "Act &lt;1&gt; s.2</a> &amp; more"
    )
    assert cited("Act <1> s.2", {}) == "Act &lt;1&gt; s.2"


@pytest.mark.parametrize(
    ("role", "path", "words", "at"),
    [
        (
            "security",
            "/projects/FP-0001/dpia/access",
            "UK GDPR Art 25(2)",
            "eur/2016/679/article/25",
        ),
        ("lead", "/projects/FP-0001/report", "UK GDPR Art", "eur/2016/679/article/"),
        ("dpo", "/definitions/law/R134", "UK GDPR Art", "eur/2016/679/article/"),
    ],
)
def test_who_reads_a_source_opens_the_law_that_it_cites(
    someone: Person, role: str, path: str, words: str, at: str
) -> None:
    """Beside a question, in the reasons of a report, and where an officer confirms the law."""
    page = someone.be(role).open(path)
    assert words in page.text
    assert f"https://www.legislation.gov.uk/{at}" in page.link(words)
