"""How long things take on the processor, in rounds that take turns so that noise meets all alike."""

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

Clock = Callable[[], float]
Times = dict[str, list[float]]


def nothing(calls: int) -> Sequence[Any]:
    """Prepare nothing."""
    return [None] * calls


@dataclass(frozen=True)
class Work:
    """What is measured: `do` is called with each of the things `prepare` made, which is not."""

    do: Callable[[Any], object]
    prepare: Callable[[int], Sequence[Any]] = nothing


def take_turns(
    candidates: Mapping[str, Work],
    *,
    rounds: int,
    calls: int,
    clock: Clock = time.process_time,
    tidy: Callable[[], object] = gc.collect,
) -> Times:
    """Seconds of processor time per call of each candidate, one figure a round.

    One round more is made first and thrown away: it fills every memory there is.
    """
    times: Times = {name: [] for name in candidates}
    for _ in range(rounds + 1):
        for name, work in candidates.items():
            prepared = work.prepare(calls)
            tidy()
            begin = clock()
            for one in prepared:
                work.do(one)
            times[name].append((clock() - begin) / len(prepared))
    return {name: measured[1:] for name, measured in times.items()}


def ratio(times: Times, name: str, to: str) -> float:
    """How many times as long `name` takes as `to`: the median over the rounds."""
    return median(one / other for one, other in zip(times[name], times[to], strict=True))
