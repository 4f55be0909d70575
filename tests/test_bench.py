import json
from pathlib import Path

from bench.measure import Work, ratio, take_turns
from bench.report import Figure, table, write


def test_times_are_per_call_one_for_each_round_and_without_what_was_prepared() -> None:
    now = [0.0]

    def prepare(calls: int) -> list[float]:
        now[0] += 100
        return [3.0] * calls

    def spend(cost: float) -> None:
        now[0] += cost

    work = {"page": Work(spend, prepare), "bare": Work(lambda _: spend(2))}
    times = take_turns(work, rounds=3, calls=5, clock=lambda: now[0], tidy=list)
    assert times == {"page": [3.0, 3.0, 3.0], "bare": [2.0, 2.0, 2.0]}


def test_the_first_round_is_thrown_away() -> None:
    now = [0.0]
    costs = iter([50.0, 1.0, 1.0])

    def spend(_: object) -> None:
        now[0] += next(costs)

    times = take_turns({"page": Work(spend)}, rounds=2, calls=1, clock=lambda: now[0], tidy=list)
    assert times == {"page": [1.0, 1.0]}


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
