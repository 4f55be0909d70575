"""Numbers, lists and sentences as people say them."""

import pytest

from app.core.wording import sentences


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (["Who takes them?", "Staff, Others", "On Concept review"], "Who takes them? Staff, Others. On Concept review"),
        (["It is so.", "It was."], "It is so. It was"),
        (["Stop!", "Go"], "Stop! Go"),
        (["Alone"], "Alone"),
        (["", "Alone"], "Alone"),
        ([], ""),
    ],
)  # fmt: skip
def test_each_sentence_ends_with_one_sign(parts: list[str], said: str) -> None:
    assert sentences(parts) == said
