"""The day is London's, in summer and winter, and on the nights on which clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from app.core.days import day_of


@pytest.mark.parametrize(
    ("at", "day"),
    [
        pytest.param(datetime(2026, 1, 31, 23, 59, tzinfo=UTC), date(2026, 1, 31), id="winter"),
        pytest.param(datetime(2026, 7, 31, 22, 59, tzinfo=UTC), date(2026, 7, 31), id="summer"),
        pytest.param(
            datetime(2026, 7, 31, 23, 0, tzinfo=UTC), date(2026, 8, 1), id="past-midnight"
        ),
        pytest.param(
            datetime(2026, 3, 29, 0, 30, tzinfo=UTC), date(2026, 3, 29), id="clocks-go-on"
        ),
        pytest.param(datetime(2026, 10, 24, 23, 30, tzinfo=UTC), date(2026, 10, 25), id="go-back"),
        pytest.param(
            datetime(2026, 1, 31, 20, tzinfo=timezone(timedelta(hours=-5))),
            date(2026, 2, 1),
            id="said-elsewhere",
        ),
    ],
)
def test_a_moment_falls_on_the_day_that_london_has(at: datetime, day: date) -> None:
    assert day_of(at) == day
