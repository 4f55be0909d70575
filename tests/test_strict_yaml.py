"""YAML is read strictly: every trap is a fault with its line and column and how to mend it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.strict_yaml import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_FAULTS,
    MAX_ITEMS,
    MAX_VALUES,
    Parsed,
    parse,
    place,
    places,
)


def found(text: str | bytes) -> list[tuple[int, int, str]]:
    """Return the faults of a text as (line, column, message)."""
    read = text if isinstance(text, bytes) else text.encode()
    marks = places(read)
    return [(*place(marks, path), message) for path, message in parse(read).faults]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: no", "no"),
        ("a: No", "No"),
        ("a: yes", "yes"),
        ("a: on", "on"),
        ("a: off", "off"),
        ("a: y", "y"),
        ("a: True", "True"),
        ("a: true", True),
        ("a: false", False),
        ("a: null", None),
        ("a:", None),
        ("a: ~", "~"),
        ("a: ''", ""),
        ("a: 12", 12),
        ("a: -3", -3),
        ("a: 0", 0),
        ("a: 1.05", 1.05),
        ("a: 1.0", 1.0),
        ("a: '010'", "010"),
        ("a: 12:30", "12:30"),
        ("a: 2026-05-01", "2026-05-01"),
        ("a: .inf", ".inf"),
        ("a: .nan", ".nan"),
        ("a: 1.2.3", "1.2.3"),
        ("a: |\n  two\n  lines\n", "two\nlines\n"),
        ("a: '&b'", "&b"),
        ("a: '<<'", "<<"),
        ("a: [x, 'y', 1]", ["x", "y", 1]),
        ("a: {b: c}", {"b": "c"}),
    ],
)
def test_only_true_and_false_are_booleans_and_only_plain_numbers_are_numbers(
    text: str, value: object
) -> None:
    parsed = parse(text.encode())
    assert parsed.faults == []
    assert parsed.value["a"] == value
    assert type(parsed.value["a"]) is type(value)


def test_a_key_that_looks_like_a_number_or_a_boolean_is_text() -> None:
    assert parse(b"1: a\nyes: b\ntrue: c\nnull: d\n1.10: e\n").value == {
        "1": "a",
        "yes": "b",
        "true": "c",
        "null": "d",
        "1.10": "e",
    }


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: 010", 1, 4, '"010" in quotes'),
        ("x: 1\na: 1.10", 2, 4, '"1.10" in quotes'),
        ("a: +5", 1, 4, '"+5" in quotes'),
        ("a: 1_000", 1, 4, '"1_000" in quotes'),
        ("a: 0x1F", 1, 4, '"0x1F" in quotes'),
        ("a: 1e5", 1, 4, '"1e5" in quotes'),
        ("a: 1.", 1, 4, "in quotes"),
        ("a: " + "9" * 5000, 1, 4, "in quotes"),
        ("a: 1\nb: 2\na: 3", 3, 1, "the key 'a' is here twice: remove one"),
        ("a: {b: 1, c: 2, b: 3}", 1, 17, "the key 'b' is here twice"),
        ("a: &x {b: 1}", 1, 4, "anchors (&) are not allowed"),
        ("a: &x 1\nb: *x", 2, 4, "aliases (*) are not allowed"),
        ("a: {<<: {b: 1}}", 1, 5, "merge keys (<<) are not allowed"),
        ("a: !!python/object/apply:os.system ['id']", 1, 4, "tags are not allowed: remove"),
        ("a: !include b.yaml", 1, 4, "tags are not allowed: remove !include"),
        ("a: !!int '3'", 1, 4, "tags are not allowed"),
        ("? [a, b]\n: c", 1, 3, "a key is a word"),
        ("? {a: b}\n: c", 1, 3, "a key is a word"),
        ("a: 1\n---\nb: 2", 2, 1, "one document: remove the second '---'"),
        ("b: 1\na: 'b\nc: 2", 2, 4, "a quote is not closed: add one"),
        ("a: [1, 2\nb: 3", 1, 4, "a bracket is not closed, or a comma is missing: add"),
        ("a:\n\t- b", 2, 1, "a tab stands at the beginning of this line: write spaces"),
        ("a: b: c", 1, 5, "a second colon and a space stand in this text: write the whole"),
        ("a: @b", 1, 4, "a text cannot begin with this sign: write the whole text in quotes"),
        ("a: `b`", 1, 4, "a text cannot begin with this sign"),
        ("a: ]", 1, 4, "a text cannot begin with this sign"),
        ("a: , b", 1, 4, "a text cannot begin with this sign"),
        ("a: * b", 1, 5, "a text cannot begin with this sign"),
        ("a: & b", 1, 5, "a text cannot begin with this sign"),
        ("a: ? b", 1, 4, "a text cannot begin with this sign"),
        ("%a\nb: 1", 1, 3, "a line cannot begin with %"),
        ("  a: 1\nb: 2", 2, 1, "this line is not set in as those around it: give it as many"),
        ("a:\n    b: 1\n  c: 2", 3, 3, "this line is not set in as those around it"),
        ("a:\n  b: 1\n   c: 2", 3, 5, "this line is not set in as those around it"),
        ("a:\n  - b: 1\n    c: 2\n   - d: 3", 4, 4, "this line is not set in as those around"),
        ("a: 1\nbcd\nc: 2", 2, 1, 'this line is no "key: text": write a colon'),
        ("a: 'it's'", 1, 8, "something stands behind a closing quote or bracket: write"),
        ("a: {project.summary} is", 1, 22, "something stands behind a closing quote or bracket"),
        ('a: "\\q"', 1, 5, "a backslash has a meaning within double quotes: write two"),
        ("a: - b", 1, 4, "a list begins on a line of its own: move it down"),
        ("a: | b", 1, 6, "a text behind | or > begins on the next line: move it down"),
        ("a: x\0y", 1, 5, "a character that cannot be seen stands here: remove it"),
        ("b: 1\na: x\x07y", 2, 5, "a character that cannot be seen stands here: remove it"),
        ("", 1, 1, "the file is empty"),
        ("# only a comment\n", 1, 1, "the file is empty"),
        ("\ufeff", 1, 1, "the file is empty"),
        (b"a: \xff\xfe", 1, 1, "not UTF-8 (byte 3): save it as UTF-8"),
        ("a: 1".encode("utf-16"), 1, 1, "not UTF-8"),
    ],
)
def test_a_trap_is_a_fault_with_its_place_and_a_mend(
    text: str | bytes, line: int, column: int, words: str
) -> None:
    places = {(at, below): message for at, below, message in found(text)}
    assert words in places[line, column]


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert parse("\ufeffa: 1\n".encode()).value == {"a": 1}


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 5_000, 100_000])
@pytest.mark.parametrize(
    ("open_", "close"),
    [("[", "]"), ("{a: ", "}"), ("- ", ""), ("[{a: ", "}]")],
    ids=["lists", "mappings", "dashes", "both"],
)
def test_deep_nesting_is_one_fault_and_never_a_crash(depth: int, open_: str, close: str) -> None:
    (fault,) = found(open_ * depth + "1" + close * depth)
    assert f"nested more than {MAX_DEPTH} deep" in fault[2] or "split it" in fault[2]


def test_a_bomb_of_aliases_is_refused_at_its_first_alias() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    faults = found("\n".join(lines))
    assert faults[0] == (1, 5, "anchors (&) are not allowed: write it out, or name a condition")
    assert any("aliases" in message for _, _, message in faults)


def test_a_bomb_of_merge_keys_is_refused() -> None:
    lines = ["a0: &a0 {k0: v}"]
    lines += [f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}], k{n}: v}}" for n in range(1, 30)]
    assert any("merge keys" in message for _, _, message in found("\n".join(lines)))


def test_a_file_of_ten_megabytes_is_refused_unread() -> None:
    (fault,) = found(b"a: 1\n" * 2_000_000)
    assert fault == (1, 1, f"the file has 10,000,000 bytes; {MAX_BYTES:,} are allowed: split it")


@pytest.mark.parametrize(
    "text",
    [f"a: [{'b,' * 20_000}]", "\n".join(f"k{n}: b" for n in range(20_000))],
    ids=["list", "mapping"],
)
def test_an_endless_list_is_one_fault_where_it_grows_too_long_and_nothing_after_is_read(
    text: str,
) -> None:
    (fault,) = parse(text.encode()).faults
    assert f"more than {MAX_ITEMS:,} parts in one list: split it" in fault[1]
    assert len(places(text.encode())) <= MAX_ITEMS + 3
    assert parse(f"[{', '.join('b' * MAX_ITEMS)}]".encode()).faults == []


def test_a_file_of_very_many_values_is_refused_before_it_is_read_to_the_end() -> None:
    row = f"[{', '.join('b' * 1_000)}]"
    text = "\n".join(f"k{n}: {row}" for n in range(200)).encode()
    (fault,) = parse(text).faults
    assert f"the file has more than {MAX_VALUES:,} values: split it" in fault[1]
    assert len(places(text)) <= MAX_VALUES + 2


def test_a_file_with_very_many_faults_names_the_first_few_hundred() -> None:
    faults = found("\n".join(f"a{n}: *x" for n in range(50_000)))
    assert MAX_FAULTS <= len(faults) <= MAX_FAULTS + 1
    assert "more" in faults[-1][2]


def test_the_place_of_a_value_is_its_own_and_of_an_unknown_path_the_nearest_around_it() -> None:
    marks = places(b"a:\n  - b: 1\n    c: [x, y]\n")
    assert place(marks, ("a", 0, "c", 1)) == (3, 12)
    assert place(marks, ("a", 0, "c", 7)) == (3, 5)
    assert place(marks, ("a", 0, "zz")) == (2, 5)
    assert place(marks, ("zz",)) == (1, 1)


def test_faults_of_one_file_are_found_together() -> None:
    faults = found("a: 010\nb: 1\nb: 2\nc: !x y\nd: &z 1\ne: *z\n")
    assert [line for line, _, _ in faults] == [1, 3, 4, 5, 6]


words = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=8)
plain: st.SearchStrategy[Any] = st.recursive(
    words | st.integers(-(10**14), 10**14) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=10,
)


@given(st.binary(max_size=80) | st.text("ab:-[]{}&*!|>'\"#,? \n\t0123456789.<~%@", max_size=80))
@settings(max_examples=1500)
def test_no_text_raises_anything(text: bytes | str) -> None:
    read = text if isinstance(text, bytes) else text.encode()
    parsed, marks = parse(read), places(read)
    assert isinstance(parsed, Parsed)
    for path, _ in parsed.faults:
        assert path == () or path in marks  # each fault has a place of its own
        line, column = place(marks, path)
        assert line >= 1
        assert column >= 1


@given(st.dictionaries(words, plain, min_size=1, max_size=3))
@settings(max_examples=300)
def test_json_text_of_printable_characters_comes_back_as_it_was(value: dict[str, Any]) -> None:
    parsed = parse(json.dumps(value, ensure_ascii=False).encode())
    assert parsed.faults == []
    assert parsed.value == value
