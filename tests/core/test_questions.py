"""Every type of question: read from a form, read from a file, checked and put into words."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.domains import Kind
from app.core.questions import (
    BLANK,
    NAMED_CHECKS,
    QUESTION_TYPES,
    Column,
    Question,
    Reading,
    clean,
    row_label,
    type_of,
)
from app.core.questions import (
    REFUSED as SAYS_REFUSED,
)

OPTIONS = {"a": "Alpha", "b": {"label": "Beta", "hint": "The second"}, "n": "None of these"}
DEFINED: dict[str, dict[str, Any]] = {
    "text": {"type": "text"},
    "short": {"type": "text", "max_length": 5},
    "email": {"type": "text", "check": "email"},
    "long": {"type": "long_text"},
    "why": {"type": "justification", "justifies": "q.choice"},
    "choice": {"type": "choice", "options": OPTIONS},
    "unsure": {"type": "choice", "options": OPTIONS, "unsure": True},
    "scores": {"type": "choice", "options": {"1": "One", "2": "Two"}},
    "band": {"type": "band", "options": {"s": "Small", "l": "Large"}},
    "yes": {"type": "yes_no"},
    "yes_only": {"type": "yes_no", "unsure": False},
    "multi": {"type": "multi", "options": OPTIONS, "exclusive": "n", "unsure": True},
    "kinds": {
        "type": "multi",
        "options": {"m": "Money", "f": "Food or fuel", "w": "From where they work"},
    },
    "number": {"type": "number", "unit": "people", "min": 0, "max": 1_000_000},
    "money": {"type": "number", "decimals": 2},
    "date": {"type": "date", "min": "2026-01-01", "max": "2030-12-31"},
    "day": {"type": "date"},
    "file": {"type": "file"},
    "rows": {
        "type": "rows",
        "row_name": "party",
        "none": "Nobody else",
        "columns": [{"id": "name", "type": "text", "ask": "Name"}],
    },
}
QUESTIONS = {
    name: Question.model_validate({"id": f"q.{name}", "ask": "Ask?", **each})
    for name, each in DEFINED.items()
}
ROW_OF = Column.model_validate({"id": "who", "type": "row_of", "rows": "q.rows", "ask": "Who?"})


def form(name: str, *values: str) -> Reading:
    """Return what comes of these posted values."""
    question = QUESTIONS[name]
    return type_of(question).from_form(question, {"": values})


def dated(day: str, month: str, year: str, name: str = "day") -> Reading:
    question = QUESTIONS[name]
    posted = {"-day": [day], "-month": [month], "-year": [year]}
    return type_of(question).from_form(question, posted)


def filed(name: str, raw: Any) -> Reading:
    question = QUESTIONS[name]
    return type_of(question).from_file(question, raw)


def shown(name: str, answer: Any) -> str:
    question = QUESTIONS[name]
    return type_of(question).show(question, answer)


FORMS: list[tuple[str, tuple[str, ...], Any]] = [
    ("text", ("A name",), "A name"),
    ("text", ("  spaced  out \t",), "spaced  out"),
    ("text", ("<b>&amp; R&D</b> {{ x }} '\"",), "<b>&amp; R&D</b> {{ x }} '\""),
    ("text", ("😀 שלום",), "😀 שלום"),
    ("text", ("",), None),
    ("text", ("   \r\n ",), None),
    ("text", (), None),
    ("short", ("12345",), "12345"),
    ("long", ("one\r\ntwo\rthree",), "one\ntwo\nthree"),
    ("why", ("Because.",), "Because."),
    ("choice", ("a",), "a"),
    ("choice", ("",), None),
    ("choice", (), None),
    ("choice", ("a", "b"), "a"),
    ("unsure", ("unsure",), "unsure"),
    ("scores", ("1",), "1"),
    ("band", ("l",), "l"),
    ("yes", ("no",), "no"),
    ("yes", ("unsure",), "unsure"),
    ("multi", ("b", "a"), ["a", "b"]),
    ("multi", ("a", "a", ""), ["a"]),
    ("multi", ("n",), ["n"]),
    ("multi", ("unsure",), ["unsure"]),
    ("multi", (), None),
    ("multi", ("",), None),
    ("number", ("12",), 12),
    ("number", (" 1,250 ",), 1250),
    ("number", ("0",), 0),
    ("number", ("-0",), 0),
    ("number", ("007",), 7),
    ("number", ("12.0",), 12),
    ("number", ("",), None),
    ("money", ("£1,000.50",), 1000.5),
    ("money", ("-3.25",), -3.25),
]


@pytest.mark.parametrize(("name", "posted", "value"), FORMS)
def test_a_form_gives_an_answer_or_a_blank(name: str, posted: tuple[str, ...], value: Any) -> None:
    reading = form(name, *posted)
    assert reading == (BLANK if value is None else Reading(value))
    assert type(reading.value) is type(value)


REFUSED = [
    ("text", ("one\ntwo",), "Write this on one line"),
    ("short", ("123456",), "Use 5 characters or fewer; this has 6"),
    ("text", ("x" * 100_000,), "Use 300 characters or fewer; this has 100,000"),
    ("long", ("x" * 20_001,), "Use 20,000 characters or fewer; this has 20,001"),
    ("text", ("before\x00after",), "Remove the character that cannot be printed after “before”"),
    ("long", ("a\x0bb",), "Remove the character that cannot be printed after “a”"),
    ("long", ("\x1b[31m",), "Remove the character that cannot be printed after “”"),
    ("text", ("\ufffe",), "Remove the character that cannot be printed"),
    ("text", ("\ud800",), "Remove the character that cannot be printed"),
    ("text", ("x\x80y",), "Remove the character that cannot be printed"),
    ("email", ("nobody",), "Enter an email address like name@example.org"),
    ("choice", ("c",), "Choose one of the options"),
    ("choice", ("A",), "Choose one of the options"),
    ("choice", ("unsure",), "Choose one of the options"),
    ("choice", ("a\x00",), "Choose one of the options"),
    ("yes_only", ("unsure",), "Choose one of the options"),
    ("multi", ("a", "z"), "Choose from the options"),
    ("multi", ("a", "n"), "Choose “None of these” alone, or the others without it"),
    ("multi", ("a", "unsure"), "Choose “I don't know” alone, or the others without it"),
    ("number", ("many",), "Enter a number, such as 12"),
    ("number", ("12a",), "Enter a number, such as 12"),
    ("number", ("nan",), "Enter a number, such as 12"),
    ("number", ("Infinity",), "Enter a number, such as 12"),
    ("number", ("1e5",), "Enter a number, such as 12"),
    ("number", ("1_000",), "Enter a number, such as 12"),
    ("number", ("0x10",), "Enter a number, such as 12"),
    ("number", ("--1",), "Enter a number, such as 12"),
    ("number", ("9" * 5000,), "Enter a number, such as 12"),
    ("number", ("1e-999999999",), "Enter a number, such as 12"),
    ("number", ("12.5",), "Use a whole number"),
    ("number", ("-1",), "Enter 0 or more"),
    ("number", ("1000001",), "Enter 1,000,000 or less"),
    ("money", ("1.005",), "Use at most 2 decimal places"),
]


@pytest.mark.parametrize(("name", "posted", "words"), REFUSED)
def test_a_form_refuses_with_a_message_that_says_how_to_mend(
    name: str, posted: tuple[str, ...], words: str
) -> None:
    reading = form(name, *posted)
    assert reading.value is None
    assert words in (reading.error or "")


def test_a_number_in_digits_of_another_script_is_that_number() -> None:
    assert form("number", "١٢") == Reading(12)


DATES = [
    (("1", "5", "2026"), "2026-05-01"),
    ((" 01", "05 ", "2026"), "2026-05-01"),
    (("29", "2", "2028"), "2028-02-29"),
    (("31", "12", "2200"), "2200-12-31"),
    (("1", "1", "1900"), "1900-01-01"),
]


@pytest.mark.parametrize(("parts", "value"), DATES)
def test_a_date_is_read_from_day_month_and_year(parts: tuple[str, str, str], value: str) -> None:
    assert dated(*parts) == Reading(value)


WRONG_DATES = [
    (("", "5", "2026"), "The date must include a day"),
    (("1", "", ""), "The date must include a month and year"),
    (("31", "2", "2026"), "Enter a real date, such as 27 3 2026"),
    (("29", "2", "2027"), "Enter a real date"),
    (("0", "1", "2026"), "Enter a real date"),
    (("1", "13", "2026"), "Enter a real date"),
    (("one", "1", "2026"), "Enter a real date"),
    (("1", "1", "26"), "Enter the year with four digits"),
    (("1", "1", "1899"), "Enter the year with four digits"),
    (("1", "1", "99999"), "Enter a real date"),
    (("1", "1", "9" * 5000), "Enter a real date"),
    (("1_0", "1", "2026"), "Enter a real date"),
    (("1", "1", "-2026"), "Enter a real date"),
]


@pytest.mark.parametrize(("parts", "words"), WRONG_DATES)
def test_what_is_no_date_is_refused_with_a_message(parts: tuple[str, str, str], words: str) -> None:
    reading = dated(*parts)
    assert reading.value is None
    assert words in (reading.error or "")


def test_a_blank_date_is_a_blank() -> None:
    assert dated("", " ", "") == BLANK


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("31", "12", "2025"), "Enter a date on or after 1 January 2026"),
        (("1", "1", "2031"), "Enter a date on or before 31 December 2030"),
    ],
)
def test_a_date_outside_its_bounds_is_refused(parts: tuple[str, str, str], words: str) -> None:
    assert dated(*parts, name="date").error == words


FILES: list[tuple[str, Any, Any]] = [
    ("text", "A name", "A name"),
    ("text", 12, "12"),
    ("text", "", None),
    ("long", "a\nb", "a\nb"),
    ("choice", "a", "a"),
    ("scores", 1, "1"),
    ("scores", "1", "1"),
    ("yes", "yes", "yes"),
    ("yes", "unsure", "unsure"),
    ("multi", ["b", "a"], ["a", "b"]),
    ("multi", [], None),
    ("number", 3, 3),
    ("number", 3.0, 3),
    ("money", 3.25, 3.25),
    ("date", "2026-05-01", "2026-05-01"),
    ("rows", [], []),
    ("rows", [{"name": "A"}], [{"name": "A"}]),
]


@pytest.mark.parametrize(("name", "raw", "value"), FILES)
def test_a_file_gives_an_answer_or_a_blank(name: str, raw: Any, value: Any) -> None:
    reading = filed(name, raw)
    assert reading == (BLANK if value is None else Reading(value))
    assert type(reading.value) is type(value)


REFUSED_FILES: list[tuple[str, Any, str]] = [
    ("text", True, "expected text"),
    ("text", ["a"], "expected text"),
    ("text", None, "expected text"),
    ("text", "a\x00", "cannot be printed"),
    ("long", "x" * 100_000, "Use 20,000 characters or fewer"),
    ("choice", "c", "'c' is none of its options: a, b, n"),
    ("choice", ["a"], "is none of its options"),
    ("choice", {"a": 1}, "is none of its options"),
    ("choice", None, "is none of its options"),
    ("yes", True, "is none of its options: yes, no, unsure"),
    ("scores", 1.5, "is none of its options"),
    ("multi", "a", "expected a list of option codes"),
    ("multi", ["a", "z"], "z: none of its options"),
    ("multi", [["a"]], "none of its options"),
    ("multi", ["a", "n"], "alone"),
    ("number", "3", "expected a number, not '3'"),
    ("number", True, "expected a number"),
    ("number", float("nan"), "Enter a number"),
    ("number", float("inf"), "Enter a number"),
    ("number", 10**30, "Enter a number"),
    ("number", -1, "Enter 0 or more"),
    ("date", "1 May 2026", 'expected a date like "2026-05-01"'),
    ("date", "20260501", "expected a date"),
    ("date", "2026-5-1", "expected a date"),
    ("date", 20260501, "expected a date"),
    ("date", "0001-01-01", "expected a date"),
    ("date", "2025-12-31", "Enter a date on or after 1 January 2026"),
    ("rows", "none", "expected a list of rows"),
    ("rows", [1], "expected a list of rows"),
    ("rows", {"name": "A"}, "expected a list of rows"),
]


@pytest.mark.parametrize(("name", "raw", "words"), REFUSED_FILES)
def test_a_file_is_refused_with_a_message(name: str, raw: Any, words: str) -> None:
    reading = filed(name, raw)
    assert reading.value is None
    assert words in (reading.error or "")


SHOWN: list[tuple[str, Any, str]] = [
    ("text", "A <b>name</b>", "A <b>name</b>"),
    ("choice", "b", "Beta"),
    ("unsure", "unsure", "I don't know"),
    ("yes", "yes", "Yes"),
    ("band", "s", "Small"),
    ("multi", ["a", "b"], "Alpha and Beta"),
    ("multi", ["a", "b", "n"], "Alpha, Beta and None of these"),
    ("kinds", ["m", "f"], "Money; Food or fuel"),
    ("kinds", ["m", "w"], "Money; From where they work"),
    ("number", 12000, "12,000 people"),
    ("money", 1000.5, "1,000.5"),
    ("date", "2026-05-01", "1 May 2026"),
    ("rows", [], "Nobody else"),
    ("rows", [{"id": 1, "name": "Carnmere"}, {"id": 2}], "Carnmere and Party 2"),
]


@pytest.mark.parametrize(("name", "answer", "words"), SHOWN)
def test_an_answer_is_put_into_words(name: str, answer: Any, words: str) -> None:
    assert shown(name, answer) == words


@pytest.mark.parametrize(
    ("posted", "reading"), [({"-none": ["1"]}, Reading([])), ({"-none": [""]}, BLANK), ({}, BLANK)]
)
def test_that_there_are_no_rows_is_said(posted: dict[str, list[str]], reading: Reading) -> None:
    question = QUESTIONS["rows"]
    assert type_of(question).from_form(question, posted) == reading


@pytest.mark.parametrize(("posted", "value"), [("3", 3), ("", None), ("100", 100)])
def test_a_row_is_chosen_by_its_number(posted: str, value: int | None) -> None:
    assert type_of(ROW_OF).from_form(ROW_OF, {"": [posted]}) == Reading(value)


@pytest.mark.parametrize("posted", ["0", "-1", "x", "²", "9" * 5000, "1.0", "03"])
def test_what_is_no_row_is_refused(posted: str) -> None:
    assert type_of(ROW_OF).from_form(ROW_OF, {"": [posted]}).error == "Choose one of the list"


@pytest.mark.parametrize("raw", [0, True, "1", 1.0, None])
def test_what_is_no_row_in_a_file_is_refused(raw: Any) -> None:
    assert "the number of a row" in (type_of(ROW_OF).from_file(ROW_OF, raw).error or "")


CHECKS = [
    ("email", "a.b+c@sub.example.org", True),
    ("email", "a@b", False),
    ("email", "a b@example.org", False),
    ("telephone", "+44 (0)20 7946 0000", True),
    ("telephone", "12", False),
    ("ico_number", "Z1234567", True),
    ("ico_number", "12345678", True),
    ("ico_number", "1234", False),
    ("postcode", "SE1 2AA", True),
    ("postcode", "ec1a1bb", True),
    ("postcode", "London", False),
    ("web_address", "https://example.org/a?b=c", True),
    ("web_address", "javascript:alert(1)", False),
]


@pytest.mark.parametrize(("check", "text", "passes"), CHECKS)
def test_a_named_check(check: str, text: str, passes: bool) -> None:
    assert (NAMED_CHECKS[check](text) is None) is passes


def test_every_named_check_has_a_case_on_either_side() -> None:
    assert {(check, passes) for check, _, passes in CHECKS} == {
        (check, passes) for check in NAMED_CHECKS for passes in (True, False)
    }


def test_text_is_kept_in_one_normal_form_without_direction_overrides() -> None:
    assert clean("e\u0301tude") == "étude"
    assert clean("\u202etxt.exe\u2066") == "txt.exe"
    assert clean("a\r\nb\rc") == "a\nb\nc"


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert unicodedata.is_normalized("NFC", clean(text))


@given(st.text(max_size=50), st.sampled_from(sorted(QUESTIONS)))
def test_whatever_is_posted_is_an_answer_a_blank_or_an_error(text: str, name: str) -> None:
    for reading in (form(name, text, text), dated(text, text, text)):
        assert isinstance(reading, Reading)
        assert reading.value is None or reading.error is None


any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


FILED = {
    "hash": "0a" * 32,
    "name": "Signed DPIA.pdf",
    "kind": "pdf",
    "size": 1_300_000,
    "at": "2026-05-01T09:30:00+00:00",
}


def test_a_file_is_read_from_what_was_made_of_it_and_said_by_name_kind_size_and_day() -> None:
    assert filed("file", FILED) == Reading(FILED)
    assert form("file", json.dumps(FILED)) == Reading(FILED)
    assert shown("file", FILED) == "Signed DPIA.pdf (PDF, 1.2 MB, 1 May 2026)"
    assert shown("file", {**FILED, "size": 200}) == "Signed DPIA.pdf (PDF, 1 KB, 1 May 2026)"


def test_a_file_that_was_refused_says_why() -> None:
    question = QUESTIONS["file"]
    posted = {"": [json.dumps(FILED)], SAYS_REFUSED: ["“a.pdf” is empty."]}
    assert type_of(question).from_form(question, posted) == Reading(error="“a.pdf” is empty.")


@pytest.mark.parametrize(
    "wrong",
    [
        {"hash": "../../etc/passwd"},
        {"hash": "0A" * 32},
        {"name": "a\u202e.pdf"},
        {"name": ""},
        {"name": 7},
        {"kind": "svg"},
        {"kind": ["pdf"]},
        {"size": 0},
        {"size": True},
        {"size": 11 * 1024 * 1024},
        {"at": "2026-05-01T09:30:00"},
        {"at": "today"},
        {"at": None},
        {"more": 1},
    ],
    ids=lambda wrong: ascii(next(iter(wrong.items()))),
)
def test_what_is_no_file_is_refused_wherever_it_is_read(wrong: dict[str, Any]) -> None:
    made = {**FILED, **wrong}
    assert filed("file", made).error
    assert form("file", json.dumps(made)).error


def test_a_file_is_given_or_not_and_nothing_compares_it() -> None:
    question = QUESTIONS["file"]
    assert type_of(question).domain(question).operators() == ()


@given(any_json, st.sampled_from(sorted(QUESTIONS)))
def test_whatever_stands_in_a_file_is_an_answer_a_blank_or_an_error(raw: Any, name: str) -> None:
    reading = filed(name, raw)
    if reading.error is None and reading.value is not None:
        assert shown(name, reading.value) != ""


def test_every_type_has_a_domain_a_control_and_a_way_to_read_and_show() -> None:
    kinds = {name: each.kind for name, each in QUESTION_TYPES.items()}
    assert kinds == {
        "text": Kind.TEXT,
        "long_text": Kind.TEXT,
        "justification": Kind.TEXT,
        "choice": Kind.CODE,
        "band": Kind.CODE,
        "yes_no": Kind.CODE,
        "multi": Kind.CODES,
        "number": Kind.NUMBER,
        "date": Kind.DATE,
        "rows": Kind.ROWS,
        "row_of": Kind.ROW,
        "file": Kind.FILE,
    }
    assert all(each.control for each in QUESTION_TYPES.values())


def test_every_type_is_in_the_documentation(repository: Any) -> None:
    text = (repository / "docs" / "definitions.md").read_text()
    assert [name for name in QUESTION_TYPES if f"`{name}`" not in text] == []


def test_only_a_band_is_ordered_and_unsure_is_an_option() -> None:
    domains = {name: type_of(each).domain(each) for name, each in QUESTIONS.items()}
    assert [name for name, domain in domains.items() if domain.ordered] == ["band"]
    assert [name for name, domain in domains.items() if domain.unsure] == ["unsure", "yes", "multi"]


def test_the_hint_of_an_option_is_its_own() -> None:
    assert QUESTIONS["choice"].option_hint("b") == "The second"
    assert QUESTIONS["choice"].option_hint("a") == ""


def test_a_row_is_called_by_its_first_text_or_its_number() -> None:
    assert row_label(QUESTIONS["rows"], {"id": 3, "name": "Carnmere"}) == "Carnmere"
    assert row_label(QUESTIONS["rows"], {"id": 3}) == "Party 3"
