"""What is kept of a definition file is what its text says; damage is noticed, and mended."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app import cli, strict_yaml
from app.catalogue import definitions_kept as kept
from app.catalogue import read_files
from app.catalogue.reading import read_text
from app.core.rules import Rules
from app.settings import Settings, content_root

IN_USE = kept.FOLDER
TEXT = b"flags: []\nconditions: []\n"
ODD = b"""\
no: no
yes: "yes"
on: true
off: false
nothing:
old: "010"
version: "1.10"
quoted: "10"
number: 10
zero: -0
large: -999999999999999
whole: 1.0
nought: -0.0
small: -0.000000000000001
exact: 0.1
day: 2026-05-01
time: 12:30
no number: .nan
1: one
"": empty
"a key\\twith \\u2028 and \\U0001F600": "\\" and \\\\ and \\0 and \\x85"
text: |
  two lines,
  \xc2\xa3 and \xe2\x80\x93
list: [1, "1", 1.0, true, "true", null, "null", [], {}]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of this test, in which nothing is kept yet."""
    made = tmp_path / "__pycache__" / "definitions"
    monkeypatch.setattr(kept, "FOLDER", made)
    return made


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Return the texts that are read as YAML from now on."""
    seen: list[bytes] = []
    parse = strict_yaml.parse

    def noting(text: bytes) -> strict_yaml.Parsed:
        seen.append(text)
        return parse(text)

    monkeypatch.setattr(strict_yaml, "parse", noting)
    return seen


def test_a_text_that_was_kept_is_not_read_as_yaml_again(parsed: list[bytes]) -> None:
    before = read_text(TEXT, Rules)
    assert parsed == [TEXT]
    kept.keep([TEXT])
    parsed.clear()
    assert read_text(TEXT, Rules) == before
    assert parsed == []


def test_one_letter_more_is_another_text(parsed: list[bytes]) -> None:
    kept.keep([TEXT])
    parsed.clear()
    assert kept.recall(TEXT + b"\n") is None
    read_text(TEXT + b"\n", Rules)
    assert parsed == [TEXT + b"\n"]


def test_every_kind_of_value_comes_back_as_it_was_read() -> None:
    read = strict_yaml.parse(ODD)
    assert read.faults == []
    kept.keep([ODD])
    assert repr(kept.recall(ODD)) == repr(read.value)


def test_every_shipped_file_comes_back_as_it_was_read() -> None:
    texts = [text for name, text in read_files(content_root()).items() if name.endswith(".yaml")]
    kept.keep(texts)
    for text in texts:
        assert repr(kept.recall(text)) == repr(strict_yaml.parse(text).value)


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:0],
        lambda whole: whole[:10],
        lambda whole: whole[: kept.SUM],
        lambda whole: whole[:-1],
        lambda whole: whole + b" ",
        lambda whole: whole.replace(b"conditions", b"conditionz"),
        lambda whole: bytes(len(whole)),
        lambda whole: b"\xff" * len(whole),
        lambda whole: whole[kept.SUM :],
    ],
    ids=["empty", "begun", "sum only", "cut", "longer", "changed", "zeros", "ones", "without sum"],
)
def test_what_is_damaged_is_read_as_yaml_and_kept_anew(
    folder: Path, damage: Callable[[bytes], bytes]
) -> None:
    kept.keep([TEXT])
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    assert damage(whole) != whole
    file.write_bytes(damage(whole))
    assert kept.recall(TEXT) is None
    assert read_text(TEXT, Rules).made is not None
    kept.keep([TEXT])
    assert file.read_bytes() == whole


def test_what_is_kept_of_one_text_is_never_taken_for_another(folder: Path) -> None:
    other = b"flags: []\n"
    kept.keep([TEXT, other])
    one, two = folder.iterdir()
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    assert kept.recall(TEXT) is None
    assert kept.recall(other) is None


@pytest.mark.parametrize(
    "faulty", [b"a: 010", b"a: 1\na: 2", b"a: [", b"a: &x 1", b"", b"\xff\xfe"]
)
def test_a_text_with_faults_is_not_kept(folder: Path, faulty: bytes) -> None:
    kept.keep([faulty, TEXT])
    assert len([*folder.iterdir()]) == 1
    assert kept.recall(faulty) is None


def test_only_what_was_kept_last_stays_and_nothing_half_written(folder: Path) -> None:
    kept.keep([TEXT, ODD])
    (folder / "half.123").write_bytes(b"{")
    kept.keep([ODD])
    assert len([*folder.iterdir()]) == 1
    assert kept.recall(TEXT) is None
    assert kept.recall(ODD) is not None


def test_another_reader_of_yaml_keeps_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    kept.keep([TEXT])
    (before,) = folder.iterdir()
    changed = tmp_path / "strict_yaml.py"
    changed.write_bytes(Path(strict_yaml.__file__).read_bytes() + b"# otherwise\n")
    monkeypatch.setattr(strict_yaml, "__file__", str(changed))
    monkeypatch.setattr(kept, "_reader", kept._reader.__wrapped__)
    assert kept.recall(TEXT) is None
    kept.keep([TEXT])
    (after,) = folder.iterdir()
    assert after.name != before.name
    assert kept.recall(TEXT) == {"flags": [], "conditions": []}


def test_where_nothing_can_be_written_everything_is_read_as_yaml(folder: Path) -> None:
    folder.parent.write_text("no folder")
    kept.keep([TEXT])
    assert kept.recall(TEXT) is None
    assert read_text(TEXT, Rules).made is not None


def test_definitions_are_kept_where_python_keeps_the_compiled_program() -> None:
    assert kept.__spec__ is not None
    assert kept.__spec__.cached is not None
    assert Path(kept.__spec__.cached).parent == IN_USE.parent


@pytest.mark.parametrize("may_write", [True, False])
def test_a_start_keeps_the_definitions_where_python_may_write_beside_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, may_write: bool
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", not may_write)
    settings = Settings(secret_key="k" * 40, database_url=f"sqlite:///{tmp_path / 'a.sqlite3'}")
    cli._application(settings, demo=False)
    found = [
        kept.recall(text) is not None
        for name, text in read_files(settings.fingerpost_content).items()
        if name.endswith(".yaml")
    ]
    assert found == [may_write] * len(found)
