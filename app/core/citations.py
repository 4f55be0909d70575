"""The laws that a source names, and where on the web each provision of them stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.core.same import Same

# How addresses of the register of legislation go on below those of an Act, an instrument or a
# regulation of the Union that was retained, by how the provision is cited.
BELOW = {
    "/ukpga/": {"s.": "section/{}", "Sch": "schedule/{}", "Part": "part/{}"},
    "/uksi/": {"reg": "regulation/{}", "Sch": "schedule/{}"},
    "/eur/": {
        "Art": "article/{}",
        "Annex": "annex/{}",
        "Ch": "chapter/{}",
        "Recital": "introduction",  # recitals have no addresses of their own
    },
}
IN_SCHEDULES = {"para": "paragraph/{}", "Part": "part/{}"}
_KIND = r"(?P<kind>Annex|Art|Ch|Part|Recital|Sch|para|reg|s\.)"
_NUMBER = r"(?P<number>\d+[A-Z]{0,2}|[IVX]+)\b"
_INNER = r"(?P<inner>(?:\(\w{1,4}\))*)"
_PROVISION = re.compile(rf",? (?:and |or |to )?(?P<it>{_KIND} ?{_NUMBER}{_INNER})")
# Another of the same kind. A number goes on only where nothing says that it counts something.
_MORE = re.compile(
    r"(?:,| and| or| to|, and) (?P<it>(?:(?P<number>\d+[A-Z]{0,2})\b(?! (?!and |or |to |Part |para )))?"
    rf"{_INNER})"
)


@dataclass(frozen=True, slots=True)
class Cited:
    """A piece of a source, and the address of what it cites, if it does and that is known."""

    text: str
    at: str | None = None


def cite(source: str, legislation: Mapping[str, str]) -> tuple[Cited, ...]:
    """A source in pieces, which together are its words; `legislation`: the address of each law by its name.

    "UK GDPR Art 25(2), 32(4)" gives "UK GDPR Art 25(2)" with the address of Article 25, ", ", and
    "32(4)" with that of Article 32. A law of which no provision is cited leads to the whole of it.
    """
    return _cite(source, Same(legislation))


@lru_cache(maxsize=4096)
def _cite(source: str, known: Same[Mapping[str, str]]) -> tuple[Cited, ...]:
    legislation = known.it
    pieces: list[Cited] = []
    done = 0
    for begins, name in _named(source, legislation):
        named = (begins, begins + len(name))
        for start, end, at in _provisions(source, named, legislation[name]):
            if start > done:
                pieces.append(Cited(source[done:start]))
            pieces.append(Cited(source[start:end], at))
            done = end
    return (*pieces, Cited(source[done:])) if done < len(source) else tuple(pieces)


def _named(source: str, names: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Where laws are named, and which; of two that begin at one place the longer."""
    places = [(at, -len(name), name) for name in names for at in _places(source, name)]
    done = 0
    for at, _, name in sorted(places):
        if at >= done:
            yield at, name
            done = at + len(name)


def _places(source: str, name: str) -> Iterator[int]:
    """Where a name stands as a word of its own."""
    at = source.find(name)
    while at >= 0:
        beside = source[max(at - 1, 0) : at] + source[at + len(name) : at + len(name) + 1]
        if not any(char.isalnum() for char in beside):
            yield at
        at = source.find(name, at + 1)


def _provisions(source: str, law: tuple[int, int], at: str) -> Iterator[tuple[int, int, str]]:
    """Where each provision of a law is cited, and its address; else where the law is named."""
    (start, end), found = law, at
    reading = _Reading(at, _below(at))
    while (more := reading.next(source, end)) is not None:
        begins, ends, address = more
        # "UK GDPR Art 6(1)(c), (d) and (e)" is one link, and so is "DPA 2018 Sch 1 para 10".
        if address == found or address.startswith(f"{found}/"):
            end, found = ends, address
            continue
        yield start, end, found
        start, end, found = begins, ends, address
    yield start, end, found


def _below(at: str) -> Mapping[str, str]:
    return next((below for part, below in BELOW.items() if part in at), {})


class _Reading:
    """The provisions of one law, read one after the other."""

    def __init__(self, at: str, below: Mapping[str, str]) -> None:
        self.at = at
        self.below = below
        self.kind = ""
        self.schedule = ""
        self.last = at

    def next(self, source: str, start: int) -> tuple[int, int, str] | None:
        """Where the next one is cited, and its address."""
        found = _PROVISION.match(source, start)
        if found is not None:
            beside = source[start : found.start("it")] == " "
            address = self._address(found["kind"], found["number"], beside=beside)
        else:
            found = _MORE.match(source, start) if self.kind else None
            if found is None or not found["it"]:
                return None
            number = found["number"]
            address = self._address(self.kind, number, beside=False) if number else self.last
        if address is None:
            return None
        self.last = address
        return found.start("it"), found.end("it"), address

    def _address(self, kind: str, number: str, *, beside: bool) -> str | None:
        inside = kind == "para" or (kind == "Part" and beside) or kind == self.kind == "Part"
        if self.schedule and inside and kind in IN_SCHEDULES:
            self.kind = kind
            return f"{self.schedule}/{IN_SCHEDULES[kind].format(number)}"
        if kind not in self.below:
            return None
        self.kind = kind
        address = f"{self.at}/{self.below[kind].format(number)}"
        self.schedule = address if kind == "Sch" else ""
        return address
