"""What was asked for last, kept at hand by its key."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """So many values by their keys: of those, the ones asked for last. Threads may share it.

    A value belongs to its key for ever, or says itself of what it is: then what is at hand is never
    out of date, whoever writes to the database.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def recall(self, key: K) -> V | None:
        """What is kept under a key; None when it is not at hand."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: K, value: V) -> V:
        """Keep a value, and let go of the one that was not asked for the longest."""
        with self._lock:
            self._kept[key] = value
            self._kept.move_to_end(key)
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return value

    def forget(self) -> None:
        """Forget everything, as a process that has not met it yet."""
        with self._lock:
            self._kept.clear()
