"""Numbers and lists as people say them."""

from __future__ import annotations

from collections.abc import Iterable


def count(number: int, noun: str) -> str:
    """A number with its noun: "1 question", "3 questions"."""
    return f"{number:,} {plural(number, noun)}"


def plural(number: int, noun: str) -> str:
    """The noun that goes with a number: "question", "questions"."""
    return noun if number == 1 else f"{noun}s"


def listed(parts: Iterable[str], last: str = "and") -> str:
    """Parts as a list in words: "a, b and c"."""
    *most, end = [*parts] or [""]
    return f"{', '.join(most)} {last} {end}" if most else end


def sentences(parts: Iterable[str]) -> str:
    """Parts one after the other, each with one sign at its end; the last as it is, without a stop."""
    *most, end = [part.rstrip(".") for part in parts if part] or [""]
    return " ".join([*(part if part.endswith(("?", "!")) else f"{part}." for part in most), end])


NAMES = ("Caldicott ",)
"""People after whom something is called: they keep their capitals."""


def lower(title: str) -> str:
    """A title inside a sentence: abbreviations and names keep their capitals."""
    kept = title[:2].isupper() or title.startswith(NAMES)
    return title if kept else title[:1].lower() + title[1:]


def inside(name: str) -> str:
    """A person's name inside a sentence: who goes by their post, "The project lead", is in lower case."""
    return lower(name) if name.startswith("The ") else name


def short(text: str, most: int = 70) -> str:
    """A text on one line, cut at a word where it has more than so many letters."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most].rsplit(maxsplit=1)[0]} …"
