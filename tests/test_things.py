"""What the files define, found by its words; and what reads each option."""

from pathlib import Path

import pytest

from app.actions.definitions.uses import mentioned, uses_of
from app.catalogue import read_files, things
from app.catalogue.things import find, search, things_of
from tests.shipped import shipped_catalogue

ROOT = Path(__file__).parent.parent
SHIPPED = read_files(ROOT)

SMALL = b"""\
title: Small
sections:
  - id: one
    title: First
    pages:
      - id: start
        title: Where it starts
        questions:
          - id: a.b
            type: choice
            ask: Which colour?
            options: {red: Crimson, blue: {label: Sky, hint: As in June}}
            show_if: {"===": [{var: secret.word}, unseen]}
          - {use: c.d}
          - id: a.rows
            type: rows
            ask: What goes?
            columns:
              - {id: what, type: text, ask: What is it?}
"""


def test_everything_shipped_is_found_once_and_where_it_stands() -> None:
    found = list(things.things(SHIPPED))
    keys = [(each.kind, each.id) for each in found]

    assert len(set(keys)) == len(keys)
    assert {each.kind for each in found} == {
        *things.RULES,
        *(things.QUESTIONNAIRE, things.SECTION, things.PAGE, things.QUESTION, things.COLUMN),
        *(things.USE, things.OUTCOME, things.ENTRY, things.DOCUMENT, things.BLOCK),
    }
    for each in found:
        file = things.read_file(SHIPPED[each.file])
        assert file is not None
        assert file.at(each.path) is each.value or file.at(each.path) == each.value


def test_a_file_says_what_it_defines_in_its_order() -> None:
    found = things_of("questionnaires/small.yaml", SMALL)

    assert [(each.kind, each.id) for each in found] == [
        ("questionnaire", "small"),
        ("section", "small/one"),
        ("page", "small/start"),
        ("question", "a.b"),
        ("use", "small/start/1"),
        ("question", "a.rows"),
        ("column", "a.rows/what"),
    ]
    assert found[3].around == ("Small", "First", "Where it starts")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("colour", ("a.b", "Question")),
        ("CRIMSON", ("a.b", "Option")),
        ("june", ("a.b", "Option")),
        ("what it", ("a.rows/what", "Question")),
        ("starts where", ("small/start", "Title of the page")),
    ],
)
def test_words_on_the_screen_are_found_in_what_says_them(
    words: str, found: tuple[str, str]
) -> None:
    first = next(search({"questionnaires/small.yaml": SMALL}, words))

    assert (first.thing.id, first.part) == found


@pytest.mark.parametrize("words", ["", "  ", "unseen", "secret", "green"])
def test_what_nobody_reads_on_a_screen_is_not_found(words: str) -> None:
    assert not list(search({"questionnaires/small.yaml": SMALL}, words))


@pytest.mark.parametrize(
    "content", [b"", b"a: [", b"sections: 1\n", b"- a\n", b"title: x\nsections: [{id: 1}]\n"]
)
@pytest.mark.parametrize("folder", ["questionnaires", "rules", "outputs"])
def test_a_file_of_another_form_defines_nothing(folder: str, content: bytes) -> None:
    assert things_of(f"{folder}/x.yaml", content) == ()
    assert find({f"{folder}/x.yaml": content}, "question", "a.b") is None


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ({"===": [{"var": "a.b"}, "red"]}, {("a.b", "red")}),
        ({"in": ["red", {"var": "a.b"}]}, {("a.b", "red")}),
        ({"in": [{"var": "a.b"}, ["red", "blue"]]}, {("a.b", "red"), ("a.b", "blue")}),
        ({"var": "a.b"}, {("a.b", "")}),
        ({"!": {"or": [{"var": "a.b"}, {"var": "c.d"}]}}, {("a.b", ""), ("c.d", "")}),
        (
            {"some": [{"var": "a.rows"}, {"===": [{"var": "kind"}, "x"]}]},
            {("a.rows", ""), ("a.rows/kind", "x")},
        ),
        ({"mean": [{"points": "a.b", "table": {"red": 1}}]}, {("a.b", ""), ("a.b", "red")}),
        ("red", set()),
        (None, set()),
    ],
)
def test_a_condition_mentions_the_options_it_names(
    raw: object, found: set[tuple[str, str]]
) -> None:
    assert set(mentioned(raw)) == found


def test_an_option_is_used_by_what_reads_it_through_named_conditions_too() -> None:
    uses = uses_of(shipped_catalogue())
    health, union = (uses.of_option("data.special", code) for code in ("health", "union"))

    assert "R17" in dict(uses.of_option("law.routes/schedule1", "none_yet").rules)
    assert "dpia.screening" in dict(union.others)
    assert {id_ for id_, _ in health.rules} > {id_ for id_, _ in union.rules}
    assert "dpia" in dict(health.documents)
    assert health.words().endswith("documents")
    assert uses.of_option("data.special", "not_there_yet").rules == ()
