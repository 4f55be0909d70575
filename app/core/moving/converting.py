"""How ids and option codes of one release read in another, forwards and back."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.core.domains import Kind
from app.core.pipeline import Converters
from app.core.program import Program, bases
from app.core.questions import Asked, type_of
from app.core.same import Same
from app.core.sheet import Place

Codes = Mapping[str, str | list[str] | None]


@dataclass(frozen=True, slots=True)
class Side:
    """A release, as far as moving needs it; `release`: its id, as answers name it."""

    release: str
    number: int
    program: Program
    converters: Converters


def asked_at(program: Program, question: str, column: str | None) -> Asked | None:
    """The question, or the column of it, that is asked; None when there is none to be asked."""
    asked = program.questions.get(question)
    if asked is None or column is None:
        return asked
    return next((c for c in asked.columns if c.id == column and not c.derived), None)


def pages_of(side: Side, question: str) -> set[tuple[str, str]]:
    """The pages that ask a question in a release."""
    return {(p.questionnaire, p.page) for p in side.program.places.get(question, ())}


@lru_cache(maxsize=4)
def way_between(old: Same[Side], new: Same[Side]) -> Way:
    """The way between two releases, remembered while many sheets go it."""
    return Way(old.it, new.it)


class Way:
    """From the names of one release to those of another.

    The converters are those of the newer one; on the way back they are read the other way round.
    """

    def __init__(self, old: Side, new: Side) -> None:
        self.old, self.new = old, new
        self.forward = new.number >= old.number
        self.converters = new.converters if self.forward else old.converters
        self.staying: dict[tuple[str, str | None], bool] = {}

    def stays(self, question: str, column: str | None) -> bool:
        """Whether the answers of a question or column stay just as they are, whatever they are."""
        key = question, column
        if key not in self.staying:
            self.staying[key] = self._stays(question, column)
        return self.staying[key]

    def _stays(self, question: str, column: str | None) -> bool:
        before = asked_at(self.old.program, question, column)
        after = asked_at(self.new.program, question, column)
        place = Place(question, column and "1", column)
        told = bases(self.converters.options)
        target = getattr(after, "rows", None)
        return (
            before is not None
            and before == after
            and self.place(place) == place
            and question not in told
            and (target is None or self.question(target) == target)
            and pages_of(self.old, question) == pages_of(self.new, question)
        )

    def place(self, place: Place) -> Place | None:
        """Where an answer stands in the other release; None when nothing there asks for it."""
        question = self.question(place.question)
        if question is None:
            return None
        if place.column is None:
            return place._replace(question=question)
        newer = question if self.forward else place.question
        columns = self.converters.columns.get(newer, {})
        known = {c.id for c in self.new.program.questions[question].columns if not c.derived}
        column = self._follow(place.column, columns, known)
        return None if column is None else Place(question, place.row, column)

    def question(self, id_: str) -> str | None:
        """What a question is called in the other release."""
        return self._follow(id_, self.converters.questions, self.new.program.questions)

    def value(self, at: tuple[Place, Place], before: Asked, after: Asked, value: Any) -> Any:
        """What an answer is in the other release; None when it has to be given again."""
        newer = at[1] if self.forward else at[0]
        key = newer.question if newer.column is None else f"{newer.question}/{newer.column}"
        made = self._converted(self.converters.options.get(key, {}), before, after, value)
        if made is None:
            return None
        reading = type_of(after).from_file(after, made)
        return as_it_was(value, reading.value)

    def _converted(self, codes: Codes, before: Asked, after: Asked, value: Any) -> Any:
        """The answer in the form that the other question reads, if there is one."""
        match type_of(before).kind, type_of(after).kind:
            case Kind.CODE, Kind.CODE:
                return self._codes([value], codes, after, one=True)
            case Kind.CODE | Kind.CODES, Kind.CODE | Kind.CODES as kind:
                given = value if isinstance(value, list) else [value]
                return self._codes(given, codes, after, one=kind is Kind.CODE)
            case Kind.ROW, Kind.ROW:
                same = self.question(getattr(before, "rows", "")) == getattr(after, "rows", "")
                return value if same else None
            case Kind.ROWS | Kind.ROW | Kind.FILE, Kind.TEXT:
                return None
            case kind, Kind.TEXT if kind is not Kind.TEXT:
                return type_of(before).show(before, value)
            case one, other:
                return value if one is other else None

    def _codes(self, given: list[str], codes: Codes, after: Asked, *, one: bool) -> Any:
        """The codes there; None when one of them cannot be told, or none or too many are left."""
        found: list[str] = []
        for code in given:
            if code not in after.labels and self.forward and codes.get(code, code) is None:
                continue  # it says no longer anything
            same = {old: new if isinstance(new, str) else None for old, new in codes.items()}
            made = self._follow(code, same, after.labels)
            if made is None:
                return None
            found.append(made)
        found = list(dict.fromkeys(found))
        if one:
            return found[0] if len(found) == 1 else None
        return found or None

    def _follow(
        self, name: str, renamed: Mapping[str, str | None], known: Container[str]
    ) -> str | None:
        """A name there: the same, or what it became; backwards only where one name became it."""
        named = [(old, new) for old, new in renamed.items() if new is not None]
        steps = named if self.forward else [(new, old) for old, new in named]
        found = [name]
        while found:
            there = [one for one in found if one in known]
            if there:
                return there[0] if len(there) == 1 else None
            found = [to for one in found for came, to in steps if came == one]
        return None


def as_it_was(value: Any, read: Any) -> Any:
    """The very answer that was given, where only the order of its codes would differ."""
    if isinstance(value, list) and isinstance(read, list) and sorted(value) == sorted(read):
        return value
    return read
