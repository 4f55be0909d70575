"""The register of organisations as data: the pipeline of their questions, their roles, what a party takes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from app.core.domains import Kind
from app.core.faults import Faults, Path
from app.core.models import Id, Model, Text
from app.core.pipeline import Door, Names, Pipeline
from app.core.program import DecisionNode, Program
from app.core.questions import Question

Nothing = Annotated[str, StringConstraints(max_length=0)]


class NoNames(Names):
    """Of an organisation the engine need not know any question by name."""

    title: Id | Nothing = ""
    parties: Id | Nothing = ""
    flows: Id | Nothing = ""
    risks: Id | Nothing = ""


class Role(Model):
    """A column of the map: the text answer that says who holds a role, and the decision how it stands.

    `gaps`: outcomes that mean someone is needed and nobody is named; `needless`: outcomes that mean
    this organisation does not have the role; `held`: outcomes that need no further words.
    """

    title: Text
    holder: Id
    standing: Id
    gaps: tuple[str, ...] = Field((), strict=False)
    needless: tuple[str, ...] = Field((), strict=False)
    held: tuple[str, ...] = Field((), strict=False)


class LastChecked(Model):
    """The answer that says when a record was last checked; `again`: outcomes that ask for a check."""

    date: Id
    standing: Id
    again: tuple[str, ...] = Field((), strict=False)


class Signs(Model):
    """The decision how it stands with signing, and the outcomes in which nobody may (`lapsed`)."""

    standing: Id
    lapsed: tuple[str, ...] = Field(strict=False)


class Register(Pipeline):
    """questionnaires/organisations/pipeline.yaml: a pipeline that may leave out names and doors.

    `kind`: the choice that says what kind of organisation it is; `signs`: when nobody may sign for it; `gives`: the columns of a project's party that an organisation's answers fill in.
    """

    names: NoNames = NoNames()
    doors: tuple[Door, ...] = Field((), strict=False)
    kind: Id
    roles: tuple[Role, ...] = Field(strict=False)
    checked: LastChecked
    signs: Signs | None = None
    gives: dict[str, Id] = Field(default_factory=dict)

    def kept_in_brief(self) -> list[str]:
        """The ids that lists and parties read, without evaluating a rule."""
        roles = [id_ for role in self.roles for id_ in (role.holder, role.standing)]
        return list(
            dict.fromkeys(
                [self.kind, *roles, self.checked.date, self.checked.standing, *self.gives.values()]
            )
        )


def check_register(register: Register, program: Program, faults: Faults) -> None:
    """Every question, decision and outcome that the map names exists."""
    _questions(
        program, [(("roles", n, "holder"), r.holder) for n, r in enumerate(register.roles)], faults
    )
    _questions(
        program, [(("checked", "date"), register.checked.date), (("kind",), register.kind)], faults
    )
    for n, role in enumerate(register.roles):
        at: Path = ("roles", n)
        listed = {"gaps": role.gaps, "needless": role.needless, "held": role.held}
        _outcomes(program, role.standing, listed, at, faults)
    for question in program.questions.values():
        if question.type == "file":
            faults.add(("kind",), f"'{question.id}' asks for a file: only projects keep files")
    again = {"again": register.checked.again}
    _outcomes(program, register.checked.standing, again, ("checked",), faults)
    if register.signs:
        ended = {"lapsed": register.signs.lapsed}
        _outcomes(program, register.signs.standing, ended, ("signs",), faults)


def _questions(program: Program, named: list[tuple[Path, str]], faults: Faults) -> None:
    for at, id_ in named:
        if id_ not in program.questions:
            faults.missing(at, "there is no question", id_, program.questions)


def _outcomes(
    program: Program, id_: str, listed: dict[str, tuple[str, ...]], at: Path, faults: Faults
) -> None:
    node = program.nodes.get(id_)
    if not isinstance(node, DecisionNode):
        faults.missing((*at, "standing"), "there is no decision", id_, program.nodes)
        return
    codes = [outcome.code for outcome in node.rule.outcomes]
    for key, named in listed.items():
        for n, code in enumerate(named):
            if code not in codes:
                faults.missing((*at, key, n), f"'{id_}' has no outcome", code, codes)


def check_gives(register: Register, program: Program, parties: Question, faults: Faults) -> None:
    """What a party takes is a question here and a column there, and every answer fits the column."""
    columns = {column.id: column for column in parties.columns if not column.derived}
    for name, id_ in register.gives.items():
        at: Path = ("gives", name)
        column, question = columns.get(name), program.questions.get(id_)
        if column is None:
            faults.missing(at, f"'{parties.id}' has no column", name, columns)
        elif question is None:
            faults.missing(at, "there is no question", id_, program.questions)
        elif question.type != column.type:
            faults.add(at, f"'{id_}' is a {question.type}, the column a {column.type}")
        elif program.scope[id_].kind in (Kind.CODE, Kind.CODES):
            for code in [code for code in question.labels if code not in column.labels]:
                faults.add(at, f"the column '{name}' has no option '{code}' of '{id_}'")
