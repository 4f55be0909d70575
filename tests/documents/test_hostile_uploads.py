"""Every hostile file is refused with words that say what to do, within bounds; good ones are taken."""

from __future__ import annotations

import hashlib
import tracemalloc

import pytest

from app.documents.uploads import KINDS, Refused, inspect_upload
from tests.brought import GOOD, HOSTILE, docx, jpeg, pdf, png

MEND = ("upload", "Bring", "Check", "Give", "bring")


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_of_each_kind_is_taken_with_its_hash(name: str) -> None:
    content = GOOD[name]()
    taken = inspect_upload(name, content)
    assert (taken.name, taken.size) == (name, len(content))
    assert taken.kind == KINDS[name.rpartition(".")[2].lower()]
    assert taken.hash == hashlib.sha256(content).hexdigest()


def test_every_kind_has_a_good_file() -> None:
    assert {KINDS[name.rpartition(".")[2].lower()] for name in GOOD} == set(KINDS.values())


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_with_what_is_wrong_and_how_to_mend_it(what: str) -> None:
    name, make, says = HOSTILE[what]
    with pytest.raises(Refused) as refused:
        inspect_upload(name, make())
    told = str(refused.value)
    assert says in told
    assert told.isprintable()
    assert told.endswith(".")
    assert any(word in told for word in MEND)


def test_there_are_at_least_thirty_hostile_files() -> None:
    assert len(HOSTILE) > 30


@pytest.mark.parametrize("what", ["a bomb that says so", "a bomb that lies", "a PDF bomb"])
def test_a_bomb_takes_little_memory(what: str) -> None:
    name, make, _ = HOSTILE[what]
    content = make()
    tracemalloc.start()
    try:
        with pytest.raises(Refused):
            inspect_upload(name, content)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 3 * 50 * 2**20  # what may be unpacked, and what that is made of


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", pdf()), ("a.png", png()), ("a.jpg", jpeg()), ("a.docx", docx())],
    ids=["pdf", "png", "jpeg", "docx"],
)
def test_no_file_cut_off_or_changed_anywhere_raises_anything_else(
    name: str, content: bytes
) -> None:
    """Each byte in turn is changed, and the file is cut there: taken or refused, never a crash."""
    for at in range(len(content)):
        for hurt in (content[:at], content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]):
            try:
                inspect_upload(name, hurt)
            except Refused as refused:
                assert str(refused).isprintable()  # noqa: PT017 - most are refused, some are taken
