"""Files read before are found again by their content, and no more of them than there is room for."""

from __future__ import annotations

import pytest

from app.catalogue import BadDefinitions, compile_catalogue
from app.catalogue.reading import Shelf
from app.core.rules import Rules
from tests.tiny import flag, sources

pytestmark = pytest.mark.usefixtures("files_read_as_in_use")
FILES = sources([{"id": "a.yes", "type": "yes_no", "ask": "Is it so?"}])


def lines(files: dict[str, bytes], shelf: Shelf | None = None) -> list[str]:
    try:
        compile_catalogue(files, shelf)
    except BadDefinitions as bad:
        return bad.lines
    return []


def test_a_file_that_did_not_change_is_read_once() -> None:
    shelf = Shelf()
    first = compile_catalogue(FILES, shelf)
    changed = {**FILES, "rules/r.yaml": b"flags: []"}
    second = compile_catalogue(changed, shelf)
    assert second.questionnaires["q"] is first.questionnaires["q"]
    assert second.rules["r"] is not first.rules["r"]


def test_faults_are_the_same_with_a_shelf_and_without() -> None:
    wrong = {
        **FILES,
        "rules/r.yaml": b"flags: [{id: F1}]",
        "questionnaires/q.yaml": FILES["questionnaires/q.yaml"].replace(b"yes_no", b"yes_on"),
    }
    shelf = Shelf()
    assert len(lines(wrong)) > 1
    assert lines(wrong, shelf) == lines(wrong)
    assert lines(wrong, shelf) == lines(wrong)
    assert lines(FILES, shelf) == []


def test_a_fault_in_one_file_does_not_stay_when_it_is_mended_in_another() -> None:
    shelf = Shelf()
    rule = {"rules/r.yaml": sources(rules={"flags": [flag({"var": "c.n"})]})["rules/r.yaml"]}
    assert "'c.n'" in lines({**FILES, **rule}, shelf)[0]
    named = b'conditions: [{id: c.n, title: N, when: {"===": [{var: a.yes}, "yes"]}}]'
    assert lines({**FILES, **rule, "rules/n.yaml": named}, shelf) == []


def test_what_was_read_longest_ago_gives_way() -> None:
    shelf = Shelf(most=30)
    texts = [b"flags: []", b"flags: []\n", b"flags: []\n\n", b"flags: []\n\n\n"]
    read = [shelf.read(text, Rules) for text in texts]
    assert [key[0] for key in shelf.kept] == texts[2:]
    assert shelf.read(texts[3], Rules) is read[3]
    assert shelf.read(texts[0], Rules) is not read[0]
    assert shelf.left == 30 - sum(len(text) for text, _ in shelf.kept)


def test_a_text_larger_than_the_shelf_is_read_and_not_kept() -> None:
    shelf = Shelf(most=5)
    assert isinstance(shelf.read(b"flags: []", Rules).made, Rules)
    assert (shelf.left, len(shelf.kept)) == (5, 0)
