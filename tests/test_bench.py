import json
from collections.abc import Callable
from itertools import count
from pathlib import Path

from bench.measure import ratio, take_turns
from bench.report import Figure, table, write


def ticking(cost: dict[str, int]) -> tuple[Callable[[], float], dict[str, Callable[[], object]]]:
    spent = count()
    now = [0.0]

    def call(name: str) -> Callable[[], object]:
        def work() -> None:
            now[0] += cost[name]
            next(spent)

        return work

    return lambda: now[0], {name: call(name) for name in cost}


def test_times_are_per_call_and_one_for_each_round() -> None:
    clock, calls = ticking({"page": 6, "bare": 2})
    times = take_turns(calls, rounds=3, calls=5, clock=clock)
    assert times == {"page": [6.0, 6.0, 6.0], "bare": [2.0, 2.0, 2.0]}


def test_one_bad_round_does_not_move_the_ratio() -> None:
    times = {"page": [6.0, 60.0, 6.0], "bare": [2.0, 2.0, 2.0]}
    assert ratio(times, "page", to="bare") == 3.0


def test_a_figure_over_its_target_is_called_missed() -> None:
    within, over = Figure("a", 8.0, "times", 8.0), Figure("b", 8.1, "times", 8.0)
    assert (within.verdict, over.verdict, Figure("c", 1.0, "s").verdict) == ("ok", "MISSED", "")
    assert "MISSED" in table([over])


def test_figures_are_written_by_name(tmp_path: Path) -> None:
    write([Figure("page", 5.5, "times bare", 8.0)], tmp_path / "bench.json")
    written = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert written == {"page": {"value": 5.5, "unit": "times bare", "target": 8.0}}
