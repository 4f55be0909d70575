"""Rules as the files say them: conditions, scores, bands, decisions, offers, flags, risk matrices."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from app.core.models import Column, Condition, Id, Model, Short, Sourced, Text

Examples = tuple[dict[str, Any], ...]


class Exemplified(Sourced):
    """Something with a condition and examples of answers on either side of its boundary."""

    raised_by: Examples = Field((), strict=False)
    not_by: Examples = Field((), strict=False)


class NamedCondition(Exemplified):
    """A condition with a name, written once and used by {var: id}."""

    id: Id
    title: Text
    when: Condition
    because: Text | None = None


class Level(Model):
    """One level of a band table: it holds from its value up to the next.

    `never` says why no answers reach it, where a published table has it all the same.
    """

    code: str
    label: Text
    from_: float | int | None = Field(None, alias="from")
    text: Text | None = None
    never: Text | None = None


class Bands(Model):
    """A table of levels in rising order."""

    id: Short
    levels: tuple[Level, ...] = Field(strict=False)


class BandUse(Model):
    """The band of a score, under an id of its own."""

    id: Id
    from_: Short = Field(alias="from")


Points = dict[str, float | int | str]


class Score(Sourced):
    """A named sum. `value` is an expression of docs/definitions.md; `with_` holds back the band.

    `reported_as` is its name in an assessment file, where a published name is a question's as well.
    """

    id: Id
    reported_as: Id | None = None
    title: Text
    value: Any
    points: Points = Field(default_factory=dict)
    with_: tuple[Id, ...] = Field((), alias="with", strict=False)
    band: BandUse | None = None


class Outcome(Sourced):
    """One outcome of a decision."""

    code: str
    label: Text
    when: Condition | None = None
    otherwise: bool = False
    text: Text | None = None


class Decision(Sourced):
    """Ordered conditions to one outcome."""

    id: Id
    title: Text
    only_if: Condition | None = None
    outcomes: tuple[Outcome, ...] = Field(strict=False)


class Unless(Model):
    """What keeps an entry from being offered although all else holds, and the reason given then.

    It has `when` (over the project) or `where` (over the row); the loader sees to that.
    """

    when: Condition | None = None
    where: Condition | None = None
    because: Text


class Entry(Exemplified):
    """One entry of an offer: given when its conditions hold (always, without any)."""

    code: str
    title: Text
    text: Text | None = None
    when: Condition | None = None
    where: Condition | None = None
    unless: tuple[Unless, ...] = Field((), strict=False)
    because: Text | None = None
    near_miss: Text | None = None
    act: Text | None = None
    section: Text | None = None
    kind: Text | None = None
    who: Text | None = None
    limits: Text | None = None
    commencement: Text | None = None

    @property
    def law(self) -> str:
        """The Act and the section it rests on; empty where it names none."""
        return ", ".join(filter(None, (self.act, self.section)))


class Supposed(Model):
    """The rows to look at while there are none: each row of `rows` with each code of every multi."""

    rows: Id
    codes: dict[Column, Id]


class Offer(Model):
    """A list whose entries are offered when their conditions hold: to the project, or row by row."""

    id: Id
    title: Text
    about: Text | None = None
    each: Id | None = None
    where: Condition | None = None
    supposed: Supposed | None = None
    entries: tuple[Entry, ...] = Field(strict=False)


class FlagRule(Exemplified):
    """A rule that raises a flag. `likelihood` and `severity` are codes of the risk matrix.

    `implies`: flags that are always raised with it, and are meant to be (see core/proof).
    """

    id: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_.]*$", max_length=60)
    title: Text
    kind: Literal["flag", "tolerance"] = "flag"
    when: Condition
    because: Text
    likelihood: str | None = None
    severity: str | None = None
    harm: Text | None = None
    blocks: tuple[Short, ...] = Field((), strict=False)
    from_: Short | None = Field(None, alias="from")
    task_until: tuple[Short, ...] = Field((), strict=False)
    for_: str = Field("lead", alias="for")
    measures: tuple[str, ...] = Field((), strict=False)
    implies: tuple[str, ...] = Field((), strict=False)

    @field_validator("blocks", "task_until", mode="before")
    @classmethod
    def _one_stage_or_several(cls, raw: object) -> object:
        return [raw] if isinstance(raw, str) else raw


class Floor(Model):
    """A cell that rates higher under a condition, and its words when it does not."""

    severity: str
    likelihood: str
    when: Condition
    rating: str
    label: Text
    because: Text


class StepUp(Model):
    """When the severity of every flag rises one step."""

    when: Condition
    because: Text


class Matrix(Sourced):
    """A risk matrix: rating by severity and likelihood; both scales rise."""

    id: Short
    title: Text
    likelihood: dict[str, str]
    severity: dict[str, str]
    ratings: dict[str, str]
    cells: dict[str, dict[str, str]]
    floor: tuple[Floor, ...] = Field((), strict=False)
    step_up: StepUp | None = None


class Rules(Model):
    """One rules file."""

    conditions: tuple[NamedCondition, ...] = Field((), strict=False)
    scores: tuple[Score, ...] = Field((), strict=False)
    bands: tuple[Bands, ...] = Field((), strict=False)
    decisions: tuple[Decision, ...] = Field((), strict=False)
    offers: tuple[Offer, ...] = Field((), strict=False)
    flags: tuple[FlagRule, ...] = Field((), strict=False)
    matrices: tuple[Matrix, ...] = Field((), strict=False)
