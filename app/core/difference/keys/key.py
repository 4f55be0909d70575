"""What is said of one key of a definition, and the ways in which its value is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.core.difference.change import Effect, Thing
from app.core.difference.words import Words, plain
from app.core.wording import count

Say = Callable[[Words, Any, Thing], str]
WORDING, DOCUMENT, FLOW, SCORING, MEANING = Effect


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a definition. `condition`: its value is one, compared by what it means."""

    title: str
    effect: Effect
    say: Say = lambda _words, value, _thing: plain(value)
    law: bool = False
    condition: bool = False


def when(lead: str, never: str = "Always") -> Say:
    """A condition in words, after its lead; `never`: what having none means."""

    def say(words: Words, value: Any, thing: Thing) -> str:
        return never if value is None else f"{lead} {words.condition(value, thing.rows)}"

    return say


def held_if(effect: Effect, title: str, lead: str, never: str = "") -> Key:
    """A key whose value is a condition."""
    return Key(title, effect, when(lead, never), condition=True)


def named(words: Words, value: Any, thing: Thing) -> str:
    """What is named by an id, or by several."""
    if isinstance(value, str):
        return words.name(value, thing.rows)
    return words.names(value or (), thing.rows)


def either(yes: str, no: str) -> Say:
    """One of two texts."""
    return lambda _words, value, _thing: yes if value else no


def examples(_words: Words, value: Any, _thing: Thing) -> str:
    """How many examples there are."""
    return count(len(value), "example")


def checked(_words: Words, value: Any, _thing: Thing) -> str:
    """Who confirmed the law, or that nobody has."""
    return plain(value) if value else "Not yet confirmed by a data protection officer"


def supposed(words: Words, value: Any, _thing: Thing) -> str:
    """Which rows are looked at while there are none."""
    if value is None:
        return ""
    codes = ", ".join(f"{column} from {words.name(id_)}" for column, id_ in value.codes.items())
    return f"While there are no rows, those of {words.name(value.rows)}, with {codes}"


def points(words: Words, value: Any, _thing: Thing) -> str:
    """The points of options."""
    return words.points(value)


def wording(title: str, *, law: bool = False) -> Key:
    """A key whose value is words; `law`: words on the law."""
    return Key(title, WORDING, law=law)


TITLE = wording("title")
SOURCED = {
    "source": wording("source", law=True),
    "checked": Key("confirmed on", MEANING, checked, law=True),
    "checked_by": wording("confirmed by", law=True),
    "extent": wording("extent", law=True),
    "effective_from": Key("in force from", MEANING, law=True),
    "effective_to": Key("in force until", MEANING, law=True),
}
EXAMPLES = {
    "raised_by": Key("examples that raise it", WORDING, examples),
    "not_by": Key("examples that do not", WORDING, examples),
}
