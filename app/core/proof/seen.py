"""Which conditions have been seen to hold, and to hold without each other, under which answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from app.core.logic import Expression
from app.core.proof.claims import Replay


class Seen:
    """Under which of many answers each of some conditions holds, and cannot hold, as bits.

    Where it is undetermined it fails only if none of the questions `behind` it is open: otherwise an
    answer might still make it hold.
    """

    def __init__(
        self,
        whens: Mapping[str, Expression],
        behind: Mapping[str, AbstractSet[str]],
        replays: Iterable[Replay],
    ) -> None:
        self.whens = whens
        self.behind = behind
        self.held = dict.fromkeys(whens, 0)
        self.failed = dict.fromkeys(whens, 0)
        self._next = 1
        for replay in replays:
            self.note(replay)

    def note(self, replay: Replay) -> None:
        """Remember what holds under some more answers."""
        for id_, when in self.whens.items():
            truth = replay.truth(when)
            if truth is not None or self.behind[id_].isdisjoint(replay.open):
                bits = self.held if truth else self.failed
                bits[id_] |= self._next
        self._next <<= 1

    def apart(self, a: str, b: str) -> bool:
        """Whether the first has been seen without the second."""
        return self.held[a] & self.failed[b] != 0
