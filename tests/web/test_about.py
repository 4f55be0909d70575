"""What Fingerpost says of itself."""

import pytest

from tests.web.conftest import Person


@pytest.mark.parametrize("words", ["About Fingerpost", "Accessibility statement"])
def test_the_footer_leads_to_every_page_about_the_service(someone: Person, words: str) -> None:
    someone.open("/")
    assert words in someone.follow(words).text


def test_about_says_what_it_does_not_do_and_which_release_is_used(someone: Person) -> None:
    text = someone.open("/about").text
    assert "It does not give legal advice and does not decide." in text
    assert "Release 1" in text
    assert "rules are not yet confirmed by a DPO: they warn, and never stop anything." in text
