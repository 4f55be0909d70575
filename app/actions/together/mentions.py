"""Whom the words of a comment mention: "@" and the name of somebody who will read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from unicodedata import combining, normalize
from uuid import UUID

from app.actions.access.roles import called
from app.core.wording import listed

MOST_OFFERED = 4
BEFORE = "._%+-"
"""What may stand before the "@" of an email address, beside letters and digits."""
ALIKE = str.maketrans("\u2018\u2019\u02bc\u2010\u2011", "'''--")
"""Signs that are typed for one another."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may read comments of a project, in one of their roles."""

    id: UUID
    name: str
    organisation_id: UUID
    organisation: str
    role: str
    email: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody who is named in words: where, and how many characters from the "@" on."""

    person_id: UUID
    start: int
    length: int
    is_read: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Whom some words mention, and what is wrong with names that mention nobody."""

    mentions: tuple[Mention, ...]
    faults: tuple[str, ...]


def handles(people: Sequence[Reader]) -> dict[UUID, str]:
    """How each person is written after the "@": the shortest way that means nobody else.

    Those who share a name are told apart by their organisation, then by their role. Who cannot be
    told apart from somebody else is not among them.
    """
    whose = _whose(people)
    found: dict[UUID, str] = {}
    for each in people:
        ways = (way for way in _ways(each) if len(whose.get(_fold(way), ())) == 1)
        best = next(ways, None)
        if best is not None and len(best) < len(found.get(each.id, f"{best} ")):
            found[each.id] = best
    return found


def find_mentions(
    words: str, people: Sequence[Reader], may_read: Callable[[Reader], bool]
) -> Found:
    """Whom the words mention. `people` are all who might be meant, whoever reads it or not."""
    folded, places = _folded(words)
    whose = _whose(people)
    reading = {each.id for each in people if may_read(each)}
    mentions: list[Mention] = []
    faults: list[str] = []
    for at in _marks(folded):
        way = max((each for each in whose if _stands(folded, at + 1, each)), key=len, default="")
        meant = whose.get(way, frozenset())
        start = places[at]
        if len(meant & reading) == 1:
            (person,) = meant & reading
            end = places[at + 1 + len(way)]
            mentions.append(Mention(person, start, len(words[start:end].rstrip())))
            continue
        word = words[start : places[_end(folded, at + 1, way)]].rstrip()
        close = handles([each for each in people if each.id in reading])
        faults.append(_fault(word, meant, reading, _close(close, people, meant, folded[at + 1 :])))
    return Found(tuple(mentions), tuple(dict.fromkeys(faults)))


def _fault(word: str, meant: frozenset[UUID], reading: set[UUID], close: Sequence[str]) -> str:
    """What is wrong with a name, and what can be written instead."""
    instead = f" Write {listed([f'@{each}' for each in close], 'or')}." if close else ""
    if meant & reading:
        return f"“{word}” is the name of more than one person.{instead}"
    if meant:
        return f"“{word}” will not read this: only those who read it can be mentioned"
    return (
        f"“{word}” names nobody who will read this.{instead or ' Choose a name from the list.'}"
        " If you mean nobody, leave a space after the @"
    )


def _close(
    ways: dict[UUID, str], people: Sequence[Reader], meant: frozenset[UUID], typed: str
) -> list[str]:
    """How those are written who may be meant: who share the name, or whose name begins so."""
    begun = typed.split(maxsplit=1)[0].rstrip(".,;:!?)")
    near = [
        each.id
        for each in people
        if each.id in meant
        or (not meant and any(word.startswith(begun) for word in _fold(each.name).split()))
    ]
    return list(dict.fromkeys(ways[each] for each in near if each in ways))[:MOST_OFFERED]


def _ways(one: Reader) -> tuple[str, str, str]:
    """How somebody can be written, the shortest first."""
    return (
        one.name,
        f"{one.name} ({one.organisation})",
        f"{one.name} ({one.organisation}, {called(one.role)})",
    )


def _whose(people: Sequence[Reader]) -> dict[str, frozenset[UUID]]:
    """Whose each way of writing a name is."""
    found: dict[str, set[UUID]] = {}
    for each in people:
        for way in _ways(each):
            found.setdefault(_fold(way), set()).add(each.id)
    return {way: frozenset(ids) for way, ids in found.items() if way}


def _marks(folded: str) -> Iterator[int]:
    """Where an "@" begins a name: not within an email address, and not alone."""
    for at, sign in enumerate(folded):
        before = folded[at - 1] if at else " "
        after = folded[at + 1 : at + 3].removeprefix("'")[:1]
        if sign == "@" and after.isalpha() and not (before.isalnum() or before in BEFORE):
            yield at


def _stands(folded: str, at: int, way: str) -> bool:
    """Whether a name stands here, and not the beginning of a longer one."""
    rest = folded[at + len(way) : at + len(way) + 2]
    longer = rest[:1].isalnum() or (rest[:1] == "-" and rest[1:].isalnum())
    return folded.startswith(way, at) and not longer


def _end(folded: str, at: int, way: str) -> int:
    """Where a name ends: the one that was found, or the word that is none."""
    if way:
        return at + len(way)
    while at < len(folded) and (folded[at].isalnum() or folded[at] in "-'"):
        at += 1
    return at


def _fold(text: str) -> str:
    """A text as it is compared: without accents, large letters and double spaces."""
    return _folded(text)[0].strip()


def _folded(text: str) -> tuple[str, list[int]]:
    """A text as it is compared, and where each of its characters stood; the end stands last."""
    signs: list[str] = []
    places: list[int] = []
    for at, sign in enumerate(text):
        plain = "".join(c for c in normalize("NFKD", sign) if not combining(c)).casefold()
        for each in plain.translate(ALIKE):
            one = " " if each.isspace() else each
            if one == " " and signs[-1:] == [" "]:
                continue
            signs.append(one)
            places.append(at)
    return "".join(signs), [*places, len(text)]
