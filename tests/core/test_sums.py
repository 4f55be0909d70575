"""Scores as parts and back: what the form can show is written again just as it was."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue import read_files
from app.catalogue.things import SCORE, things
from app.core.building.sums import COUNT, HOLDS, HOWS, NUMBER, POINTS, Part, Sum, sum_of, value_of

ROOT = Path(__file__).parent.parent.parent
weights = st.one_of(st.integers(-9, 9), st.sampled_from([0.5, 1.5, 2.25]))
names = st.sampled_from(["a.b", "c.d", "ethics.score"])
tables = st.none() | st.dictionaries(st.sampled_from(["yes", "no"]), weights | st.just("omit"))


@st.composite
def sums(draw: st.DrawFn) -> Sum:
    how = draw(st.sampled_from(HOWS))
    if how == COUNT:
        parts = st.builds(Part, st.just(HOLDS), names)
    else:
        parts = st.one_of(
            st.builds(Part, st.just(POINTS), names, weights, tables),
            st.builds(Part, st.just(NUMBER), names, weights),
            st.builds(Part, st.just(HOLDS), names, weights),
        )
    return Sum(how, tuple(draw(st.lists(parts, min_size=1, max_size=5))))


@given(sums())
def test_what_is_written_reads_as_the_same_parts(found: Sum) -> None:
    assert sum_of(value_of(found)) == found


def test_a_shipped_score_that_the_form_shows_is_written_again_as_it_was() -> None:
    values = [each.value["value"] for each in things(read_files(ROOT)) if each.kind == SCORE]
    shown = [(value, found) for value in values if (found := sum_of(value)) is not None]
    assert [value for value, found in shown if repr(value_of(found)) != repr(value)] == []
    assert len(shown) > 9


@pytest.mark.parametrize(
    "value",
    [
        3,
        None,
        {},
        {"sum": 3},
        {"sum": [{"points": ["a.b"]}]},
        {"sum": [{"product": [2, 3]}]},
        {"sum": [{"points": "a.b", "table": {"x": 1}, "more": 1}]},
        {"sum": [{"if": [{"var": "a.b"}, 1, 2]}]},
        {"mean": [{"sum": [{"var": "a.b"}]}]},
        {"count": [{"===": [{"var": "a.b"}, "yes"]}]},
        {"subtract": [{"var": "a.b"}, 1]},
        {"sum": [{"var": "a.b"}], "mean": []},
    ],
)
def test_what_says_more_than_parts_is_left_to_the_text(value: Any) -> None:
    assert sum_of(value) is None
