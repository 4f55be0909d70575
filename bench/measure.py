"""How long things take on the processor, in rounds that take turns so that noise meets all alike."""

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median

Clock = Callable[[], float]
Times = dict[str, list[float]]


def take_turns(
    candidates: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    calls: int,
    clock: Clock = time.process_time,
) -> Times:
    """Seconds of processor time per call of each candidate, one figure a round."""
    times: Times = {name: [] for name in candidates}
    for call in candidates.values():
        call()
    for _ in range(rounds):
        for name, call in candidates.items():
            gc.collect()
            begin = clock()
            for _ in range(calls):
                call()
            times[name].append((clock() - begin) / calls)
    return times


def ratio(times: Times, name: str, to: str) -> float:
    """How many times as long `name` takes as `to`: the median over the rounds."""
    return median(one / other for one, other in zip(times[name], times[to], strict=True))
