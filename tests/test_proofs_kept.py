"""What was proven is kept between two checks, and never in the way of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import proofs_kept
from app.core.proof import Known

KNOWN = Known(frozenset({"a"}), frozenset({"b"}), ({"x.y": "z"},), {"x.y": "k"})


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "fingerpost" / "proofs.json"


def test_what_was_kept_is_recalled_by_its_part() -> None:
    proofs_kept.keep({"projects": KNOWN})
    assert proofs_kept.recall("projects") == KNOWN
    assert proofs_kept.recall("organisations") == Known()


def test_nothing_is_recalled_of_what_another_version_of_the_program_has_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proofs_kept.keep({"projects": KNOWN})
    monkeypatch.setattr(proofs_kept, "_made_by", lambda: "another")
    assert proofs_kept.recall("projects") == Known()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"made_by": 1}', '"words"', "\0"])
def test_a_file_that_is_none_of_ours_is_as_good_as_none(text: str, file: Path) -> None:
    file.parent.mkdir()
    file.write_text(text)
    assert proofs_kept.recall("projects") == Known()


def test_where_nothing_can_be_kept_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "fingerpost").write_text("a file where the folder would be")
    proofs_kept.keep({"projects": KNOWN})
    assert proofs_kept.recall("projects") == Known()
