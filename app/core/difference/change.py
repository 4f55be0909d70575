"""One change of a definition: where it is, what kind of effect it has, and how it reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from app.core.models import Model
from app.core.outputs import Outline
from app.core.pipeline import Pipeline
from app.core.program import Program
from app.core.questionnaire import Questionnaire
from app.core.rules import Rules


class Effect(StrEnum):
    """What a change touches; in rising order of who has to agree to it."""

    WORDING = "wording"  # what people read
    DOCUMENT = "document"  # what is printed
    FLOW = "flow"  # what is asked, of whom, and in what order
    SCORING = "scoring"  # what is counted, and how much
    MEANING = "meaning"  # what is raised, decided, offered or signed


class Definitions(Protocol):
    """A compiled catalogue, as far as a comparison reads it; a Catalogue is one."""

    @property
    def pipeline(self) -> Pipeline: ...
    @property
    def questionnaires(self) -> Mapping[str, Questionnaire]: ...
    @property
    def rules(self) -> Mapping[str, Rules]: ...
    @property
    def outlines(self) -> Mapping[str, Outline]: ...
    @property
    def program(self) -> Program: ...
    @property
    def organisations(self) -> Definitions | None: ...
    @property
    def house_style(self) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two catalogues.

    `kind` and `id` name the thing that changed (a question and its id, a flag, an output); `where`
    says it in words and `part` says what of it changed. `key` is the key as it is written in the
    file, empty where the whole thing came or went. `before` and `after` are plain words; empty
    where there was, or is, nothing. `law`: it states law or guidance, so that a data protection
    officer has to agree to it.
    """

    kind: str
    id: str
    where: str
    part: str
    effect: Effect
    before: str
    after: str
    law: bool = False
    key: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that has changes: what it is called, where it stands, whether it states law.

    `rows`: the rows question whose columns its conditions may read.
    """

    kind: str
    id: str
    where: str
    file: str
    law: bool = True
    rows: str | None = None


def states_law(changes: Iterable[Change]) -> bool:
    """Whether a data protection officer has to agree to any of these."""
    return any(change.law for change in changes)


def canonical(value: Any) -> str:
    """A value as one text: equal exactly where nothing at all differs, the order of keys included."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> Any:
    if isinstance(value, Model):
        return {name: getattr(value, name) for name in type(value).model_fields}
    return str(value)


def same(one: Any, other: Any) -> bool:
    """Whether two values of a definition are the same in every respect."""
    return one is other or canonical(one) == canonical(other)
