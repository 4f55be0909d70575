"""What tests of the core may ask for."""

from collections.abc import Iterator

import datalogic_py
import pytest

from app.core.logic import engine


@pytest.fixture
def small_budget(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give every evaluation few steps."""
    monkeypatch.setattr(
        engine,
        "_ENGINE",
        datalogic_py.Engine(
            families=[],
            config={"ops_budget": 40, "numeric_coercion": {"null_to_zero": False}},
        ),
    )
    engine._compile.cache_clear()
    yield
    engine._compile.cache_clear()
