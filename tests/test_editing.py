"""Editing by span: the one value changes to exactly what was typed, and nothing else does."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue import HOUSE_STYLE, read_files
from app.catalogue.editing import File, same
from app.catalogue.merging import merge
from app.catalogue.spans import CannotEdit, find, line_end, line_start
from app.catalogue.spans import Path as At
from app.catalogue.writing import CannotWrite, plain, scalar

ROOT = Path(__file__).parent.parent
SHIPPED = {name: text for name, text in read_files(ROOT).items() if name != HOUSE_STYLE}

HARD = [
    *("no", "on", "Yes", "null", "~", "true", "1.10", "12", "1e5", "0x1f", "2026-11-22", "-", "?"),
    *("", " ", " a", "a ", "a: b", "a:", "a #b", "#a", "a#b", ": a", "- a", "[a]", "{a}", "a, b"),
    *('"', "'", 'say "no"', "it's", "a\\b", "\\n", "%a", "@a", "`a`", "&a", "*a", "!a", "|", ">"),
    *(
        "é ü",
        "– ’ “x”",
        "😀",
        "\u2028",
        "\x85",
        "\ufeff",
        "\x00\x07",
        "\x7f",
        "\ufffe",
        "\t",
        "a\tb",
    ),
    *(
        "a\nb",
        "a\n",
        "\na",
        "a\n\nb",
        "a\n\n",
        "a\n \nb",
        " a\nb",
        "a\n  b",
        "a\r\nb",
        "a\rb",
        "\n",
    ),
    *("- a\n- b", "a: b\nc: d", "# a\nb", "---", "...", "a\n---\nb", "<<", "=", "word " * 60),
    "A paragraph.\n\n- a list\n  that goes on\n\nAnd *more* of it: yes.",
]
texts = st.one_of(
    st.sampled_from(HARD),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.text(st.sampled_from("ab :#-\n,[]{}'\"|>&*!%@`\\ \t1.é"), max_size=40),
)


def scalars(value: Any, at: At = ()) -> list[At]:
    """Where every value that is no mapping or list stands."""
    if isinstance(value, dict):
        return [path for key, each in value.items() for path in scalars(each, (*at, key))]
    if isinstance(value, list):
        return [path for n, each in enumerate(value) for path in scalars(each, (*at, n))]
    return [at]


@cache
def shipped(name: str) -> File:
    """A shipped file, read once for all examples."""
    return File.of(SHIPPED[name])


@cache
def places(name: str) -> list[At]:
    return scalars(shipped(name).value)


def untouched(before: str, after: str, path: At) -> None:
    """Every line but those of the value itself is what it was."""
    node = find(before, path)
    head, tail = before[: line_start(before, node.start)], before[line_end(before, node.end) :]
    assert after.startswith(head)
    assert after.endswith(tail)


@settings(max_examples=300)
@given(st.data(), texts)
def test_any_value_of_a_shipped_file_becomes_exactly_what_was_typed_and_nothing_else_changes(
    data: st.DataObject, text: str
) -> None:
    name = data.draw(st.sampled_from(sorted(SHIPPED)))
    path = data.draw(st.sampled_from(places(name)))
    file = shipped(name)

    edited = file.change(path, text)

    read = File.of(edited.content)
    assert read.at(path) == text
    assert same(read.change(path, file.at(path)).value, file.value)
    if text != file.at(path):
        untouched(file.text, edited.text, path)


@pytest.mark.parametrize(
    "source",
    [
        "a: x\nb: 1\n",
        "a: 'x'  # said\nb: 1\n",
        "a: >-\n  x\n  y\nb: 1\n",
        "a: |\n  x\n\n# more\nb: 1\n",
        "a: {c: x, d: 2}\nb: 1\n",
        "a:\n  - x\n  - y\nb: 1\n",
        "a:\n- c: x\n  d: 2\nb: 1\n",
        "- - x\n  - y\n",
        "a: x",
    ],
)
def test_a_hard_text_is_kept_wherever_it_stands(source: str) -> None:
    file = File.of(source.encode())
    path = scalars(file.value)[0]

    for text in HARD:
        edited = file.change(path, text)

        assert File.of(edited.content).at(path) == text, repr(text)
        untouched(file.text, edited.text, path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Housing", "Housing"),
        ("no", '"no"'),
        ("on", '"on"'),
        ("1.10", '"1.10"'),
        ("12", '"12"'),
        ("2026-11-22", '"2026-11-22"'),
        ("What: now", '"What: now"'),
        ("12 people", "12 people"),
        ("Who’s there – é", "Who’s there – é"),
        ('say "no"', 'say "no"'),
        ("unsure", "unsure"),
        ("", '""'),
        ("# one", '"# one"'),
    ],
)
def test_a_text_has_quotes_exactly_when_it_needs_them(text: str, said: str) -> None:
    assert scalar(text) == said
    assert plain(text, flow=False) is (said == text)


def test_half_of_a_character_is_refused() -> None:
    with pytest.raises(CannotWrite):
        scalar("\ud800")


QUESTIONS = """\
# What this is for
sections:
  - id: one
    questions:
      # the first
      - id: a.a
        ask: What?   # plainly
        options:
          x: Ex
          y: {label: Why, hint: Because}
        show_if: {in: [{var: b.b}, [p, q]]}

      - id: a.b
        ask: >-
          A long
          question
      - use: c.c
  - id: two
    questions:
      - {use: d.d}
flow: {a: 1, b: 2}
list: [a, b, c]
"""
ONE: At = ("sections", 0, "questions")
TWO: At = ("sections", 1, "questions")
ORDER = ("id", "ask", "hint", "options", "show_if", "why", "source")


def file() -> File:
    return File.of(QUESTIONS.encode())


def test_a_key_is_added_where_its_order_has_it() -> None:
    found = file().put((*ONE, 0, "hint"), "Say: all", ORDER).put((*ONE, 1, "why"), "So", ORDER)

    assert found.text == QUESTIONS.replace(
        "        ask: What?   # plainly\n",
        '        ask: What?   # plainly\n        hint: "Say: all"\n',
    ).replace("          question\n", "          question\n        why: So\n")


def test_a_key_is_taken_out_with_its_line_only() -> None:
    found = file().put((*ONE, 0, "show_if"), None)

    assert found.text == QUESTIONS.replace("        show_if: {in: [{var: b.b}, [p, q]]}\n", "")


def test_an_option_is_added_changed_and_taken_out() -> None:
    options = (*ONE, 0, "options")
    added = file().put((*options, "z"), {"label": "Zed, last", "hint": "No"})
    assert added.text == QUESTIONS.replace(
        "Because}\n", 'Because}\n          z: {label: "Zed, last", hint: "No"}\n'
    )

    changed = file().change((*options, "y", "label"), "Why: not")
    assert changed.text == QUESTIONS.replace("label: Why,", 'label: "Why: not",')

    assert file().remove((*options, "x")).text == QUESTIONS.replace("          x: Ex\n", "")


def test_an_entry_is_put_in_before_another() -> None:
    new = {"id": "n.n", "type": "choice", "ask": "New?", "options": {"a": "A", "no": "No"}}
    found = file().insert(ONE, 1, new)

    assert found.text == QUESTIONS.replace(
        "[p, q]]}\n",
        "[p, q]]}\n      - id: n.n\n        type: choice\n        ask: New?\n"
        '        options: {a: A, "no": "No"}\n',
    )


def test_an_entry_moves_with_its_lines_as_they_are_written() -> None:
    found = file().move((*ONE, 0), TWO, 1)

    moved = QUESTIONS[QUESTIONS.index("      - id: a.a") : QUESTIONS.index("\n      - id: a.b")]
    assert found.text == QUESTIONS.replace(moved, "").replace(
        "      - {use: d.d}\n", f"      - {{use: d.d}}\n{moved}"
    )


def test_the_last_entry_of_a_list_leaves_an_empty_list() -> None:
    found = file().remove((*TWO, 0))

    assert found.text == QUESTIONS.replace("questions:\n      - {use: d.d}", "questions: []")
    assert file().move((*TWO, 0), ONE, 0).at(TWO) == []


@pytest.mark.parametrize("index", [0, 1, 2, 3])
def test_a_part_goes_into_a_list_on_one_line(index: int) -> None:
    parts = ["a", "b", "c"]
    parts.insert(index, "n, o")

    found = file().insert(("list",), index, "n, o")

    assert found.at(("list",)) == parts
    untouched(QUESTIONS, found.text, ("list",))


@pytest.mark.parametrize("key", ["a", "b"])
def test_a_key_leaves_braces(key: str) -> None:
    found = file().remove(("flow", key))

    assert (
        found.at(("flow",)) == {"a": 1, "b": 2}.keys() - {key}
        and {
            "a": 1,
            "b": 2,
        }.keys()
        - {key}
    ) or True
    assert set(found.at(("flow",))) == {"a", "b"} - {key}
    untouched(QUESTIONS, found.text, ("flow",))


def test_the_first_line_of_an_entry_stays() -> None:
    with pytest.raises(CannotEdit):
        file().remove((*ONE, 0, "id"))


def test_a_file_with_faults_is_mended_as_text() -> None:
    with pytest.raises(CannotEdit):
        File.of(b"a: [\n")


def test_a_place_that_is_not_there_is_not_found() -> None:
    with pytest.raises(KeyError):
        file().change(("sections", 9), "x")


@settings(max_examples=80)
@given(st.data())
def test_any_entry_of_a_shipped_questionnaire_can_be_moved_and_moved_back(
    data: st.DataObject,
) -> None:
    names = [n for n in sorted(SHIPPED) if n.startswith("questionnaires/") and "/pipe" not in n]
    found = shipped(data.draw(st.sampled_from(names)))
    lists: list[At] = [
        ("sections", s, "pages", p, "questions")
        for s, section in enumerate(found.value["sections"])
        for p, _ in enumerate(section["pages"])
    ]
    source, target = data.draw(st.sampled_from(lists)), data.draw(st.sampled_from(lists))
    n = data.draw(st.integers(0, len(found.at(source)) - 1))
    left = len(found.at(target)) - (source == target)
    moved = found.move((*source, n), target, data.draw(st.integers(0, left)))
    index = moved.at(target).index(found.at((*source, n)))

    back = moved.move((*target, index), source, n)

    assert same(back.value, found.value)
    assert sorted(back.text.splitlines()) == sorted(found.text.splitlines())


def holders(value: Any, at: At = ()) -> list[At]:
    """Where every mapping or list of two and more stands."""
    inner: list[Any] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    own = [at] if len(inner) > 1 else []
    return own + [path for key, each in inner for path in holders(each, (*at, key))]


@cache
def places_of_several(name: str) -> list[At]:
    return holders(shipped(name).value)


@settings(max_examples=150)
@given(st.data())
def test_any_two_neighbours_of_a_shipped_file_change_places_and_every_line_stays_as_it_is_written(
    data: st.DataObject,
) -> None:
    name = data.draw(st.sampled_from(sorted(SHIPPED)))
    to = data.draw(st.sampled_from(places_of_several(name)))
    found = shipped(name)
    keys = list(found.at(to)) if isinstance(found.at(to), dict) else list(range(len(found.at(to))))
    n = data.draw(st.integers(0, len(keys) - 2))
    try:
        swapped = found.swap(to, keys[n], keys[n + 1])
    except CannotEdit:
        # The first key of an entry stands behind its dash: there is no form that moves it.
        assert isinstance(found.at(to), dict)
        return

    assert same(swapped.swap(to, *_neighbours(swapped.at(to), n)).value, found.value)
    node = find(found.text, to)
    if not node.flow:
        assert sorted(swapped.text.splitlines()) == sorted(found.text.splitlines())
        untouched(found.text, swapped.text, to)
    head, tail = found.text[: node.start], found.text[node.end :]
    assert swapped.text.startswith(head) or not node.flow
    assert swapped.text.rstrip("\n").endswith(tail.rstrip("\n")) or not node.flow


@settings(max_examples=80)
@given(st.data(), texts)
def test_what_is_put_into_a_shipped_file_and_taken_out_again_leaves_every_other_line(
    data: st.DataObject, text: str
) -> None:
    name = data.draw(st.sampled_from(sorted(SHIPPED)))
    to = data.draw(st.sampled_from(places_of_several(name)))
    found = shipped(name)
    holder, value = found.at(to), data.draw(st.sampled_from([text, 3, {"id": "x", "ask": text}]))
    node = find(found.text, to)
    if isinstance(holder, list):
        n = data.draw(st.integers(0, len(holder)))
        more = found.insert(to, n, value)
        less = more.remove((*to, n))
    else:
        more = found.put((*to, "put_in"), value, (*holder, "put_in"))
        less = more.put((*to, "put_in"), None)

    assert same(less.value, found.value)
    # Above it and below it all stands byte for byte; within it nothing that stood there is gone.
    assert more.text.startswith(found.text[: line_start(found.text, node.start)])
    assert more.text.endswith(found.text[line_end(found.text, node.end) :])
    if not node.flow:
        left = more.text.splitlines()
        assert all(line in left for line in found.text.splitlines())


def _neighbours(holder: Any, n: int) -> list[Any]:
    return (list(holder) if isinstance(holder, dict) else list(range(len(holder))))[n : n + 2]


@settings(max_examples=100)
@given(st.data(), st.from_regex(r"[a-z]{1,8}_[a-z]{1,8}\.[a-z_]{1,20}", fullmatch=True))
def test_any_id_of_a_shipped_file_gets_another_name_wherever_it_stands_and_only_there(
    data: st.DataObject, new: str
) -> None:
    name = data.draw(st.sampled_from(sorted(SHIPPED)))
    file = shipped(name)
    named = sorted({text for text in words_of(file.value) if "." in text and " " not in text})
    old = data.draw(st.sampled_from(named or ["not.there"]))

    def renamed(text: str) -> str:
        return new if text == old else text.replace(f"{{{old}}}", f"{{{new}}}")

    found = file.rename(renamed)

    assert old not in set(words_of(found.value))
    assert same(found.rename(lambda text: _back(text, old, new)).value, file.value)
    before, after = file.text.splitlines(), found.text.splitlines()
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        assert other == one or other.replace(new, old) == one


def _back(text: str, old: str, new: str) -> str:
    return old if text == new else text.replace(f"{{{new}}}", f"{{{old}}}")


def words_of(value: Any) -> list[str]:
    """Every text of a value, keys too."""
    if isinstance(value, dict):
        return [word for pair in value.items() for each in pair for word in words_of(each)]
    if isinstance(value, list):
        return [word for each in value for word in words_of(each)]
    return [value] if isinstance(value, str) else []


lines = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\n", b"d\n"]), max_size=8).map(b"".join)


@given(lines, lines)
def test_a_change_of_one_side_is_the_merge(base: bytes, mine: bytes) -> None:
    assert merge(base, mine, base) == mine
    assert merge(base, base, mine) == mine
    assert merge(base, mine, mine) == mine


@given(lines, lines, lines)
def test_a_merge_does_not_depend_on_who_came_first(base: bytes, one: bytes, two: bytes) -> None:
    assert merge(base, one, two) == merge(base, two, one)


@pytest.mark.parametrize(
    ("base", "one", "two", "merged"),
    [
        (b"a\nb\nc\n", b"A\nb\nc\n", b"a\nb\nC\n", b"A\nb\nC\n"),
        (b"a\nb\n", b"A\nb\n", b"a\nB\n", b"A\nB\n"),
        (b"a\nb\n", b"A\nb\n", b"X\nb\n", None),
        (b"a\n", b"a\nb\n", b"a\nc\n", None),
        (b"a\nb\n", b"b\n", b"a\nb\nc\n", b"b\nc\n"),
        (b"a\nb\nc\n", b"a\nc\n", b"a\nB\nc\n", None),
    ],
)
def test_lines_that_both_changed_unlike_are_never_merged(
    base: bytes, one: bytes, two: bytes, merged: bytes | None
) -> None:
    assert merge(base, one, two) == merged
