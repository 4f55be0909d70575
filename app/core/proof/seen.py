"""Which conditions have been seen to hold, and to hold without each other, under which answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.core.logic import Expression
from app.core.proof.claims import Replay


class Seen:
    """Under which of many answers each of some conditions holds, as bits."""

    def __init__(self, whens: Mapping[str, Expression], replays: Iterable[Replay]) -> None:
        self.whens = whens
        self.held = dict.fromkeys(whens, 0)
        self._next = 1
        for replay in replays:
            self.note(replay)

    def note(self, replay: Replay) -> None:
        """Remember what holds under some more answers."""
        for id_, when in self.whens.items():
            if replay.truth(when) is True:
                self.held[id_] |= self._next
        self._next <<= 1

    def apart(self, a: str, b: str) -> bool:
        """Whether the first has been seen without the second."""
        return self.held[a] & ~self.held[b] != 0
