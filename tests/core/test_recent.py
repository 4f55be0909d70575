"""What was asked for last stays at hand, and no more than that."""

from app.core.recent import Recent


def test_what_was_asked_for_last_stays() -> None:
    recent = Recent[str, int](2)
    for key, value in (("a", 1), ("b", 2)):
        assert recent.keep(key, value) == value
    recent.recall("a")
    recent.keep("c", 3)

    assert [recent.recall(key) for key in "abc"] == [1, None, 3]


def test_what_is_kept_again_counts_as_asked_for() -> None:
    recent = Recent[str, int](2)
    for key, value in (("a", 1), ("b", 2), ("a", 4), ("c", 3)):
        recent.keep(key, value)

    assert [recent.recall(key) for key in "abc"] == [4, None, 3]


def test_what_is_forgotten_is_not_at_hand() -> None:
    recent = Recent[str, int](2)
    recent.keep("a", 1)
    recent.forget()

    assert recent.recall("a") is None
