"""What was proven before, under keys that change with everything a claim rests on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.core import logic
from app.core.domains import UNSURE
from app.core.logic import Expression
from app.core.program import (
    ColumnNode,
    ConditionNode,
    DecisionNode,
    DerivedNode,
    Node,
    QuestionNode,
    Raising,
    ScoreNode,
    bases,
)
from app.core.proof.claims import Asked, Atom, Claim, InRow, Judged, NotSure
from app.core.proof.cones import Cones
from app.core.proof.lines import Definitions
from app.core.questions import Question
from app.core.scores import TODAY

WORDING = {"ask", "name", "title", "hint", "guide", "why", "source", "prompts", "row_name", "unit"}
APART = {**dict.fromkeys(WORDING, True), "columns": {"__all__": WORDING}}


MOST = 100  # sets of answers that are kept
MOST_KEYS = 40_000


@dataclass(frozen=True)
class Known:
    """What an earlier proof has shown.

    `proven`: the keys of its claims. `compared`: the keys of flags and named conditions that were
    compared with each other. `witnesses`: its answers, which may show what has changed as well;
    `asked`: of each question in them what it allowed.
    """

    proven: frozenset[str] = frozenset()
    compared: frozenset[str] = frozenset()
    witnesses: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    asked: Mapping[str, str] = field(default_factory=dict, repr=False)

    def after(self, before: Known) -> Known:
        """What both have shown, as far as it may still be of use."""
        asked = self.asked
        older = (_still(each, before.asked, asked) for each in before.witnesses)
        witnesses = dict.fromkeys((_dump(each) for each in (*self.witnesses, *older)), None)
        older_keys = sorted(before.proven - self.proven)[: max(0, MOST_KEYS - len(self.proven))]
        return Known(
            self.proven.union(older_keys),
            self.compared,
            tuple(json.loads(each) for each in list(witnesses)[:MOST]),
            asked,
        )


NOTHING = Known()


def known_data(known: Known) -> dict[str, Any]:
    """What is known as plain data, to be kept."""
    return {
        "proven": sorted(known.proven),
        "compared": sorted(known.compared),
        "witnesses": [dict(each) for each in known.witnesses],
        "asked": dict(known.asked),
    }


def known_from(data: Mapping[str, Any]) -> Known:
    """What was kept. Raises KeyError, TypeError for other data."""
    return Known(
        frozenset(data["proven"]),
        frozenset(data["compared"]),
        tuple(data["witnesses"]),
        data["asked"],
    )


def _still(
    answers: Mapping[str, Any], then: Mapping[str, str], now: Mapping[str, str]
) -> dict[str, Any]:
    """The answers to questions that allow what they allowed then."""
    return {
        id_: answer
        for id_, answer in answers.items()
        if id_ in now and now[id_] == then.get(id_, "")
    }


class Keys:
    """The keys of one catalogue. Wording has no part in them, and the day only where it counts."""

    def __init__(
        self, definitions: Definitions, cones: Cones, on: date, needed: Mapping[str, int]
    ) -> None:
        self.program = definitions.program
        self.cones = cones
        self.on = on
        self.needed = needed
        # By identity, which is theirs as long as they are kept.
        self._claims: dict[int, tuple[Claim, str]] = {}
        self._facts: dict[str, str] = {}
        self._behind: dict[str, str] = {}

    def of(self, claim: Claim) -> str:
        """The key of one claim."""
        if id(claim) not in self._claims:
            behind = [self._cone(id_) for id_ in sorted(claim.reads)]
            key = _key(claim.kind, claim.name, list(map(_said, claim.atoms)), behind)
            self._claims[id(claim)] = claim, key
        return self._claims[id(claim)][1]

    def asked(self) -> dict[str, str]:
        """What each question allows."""
        return {id_: _key(_asked(each)) for id_, each in self.program.questions.items()}

    def earlier(self, known: Known) -> Iterator[Mapping[str, Any]]:
        """The answers of an earlier proof, as far as they may still be given."""
        now = self.asked()
        changed = {id_ for id_, key in now.items() if known.asked.get(id_) != key}
        questions = self.program.questions
        for answers in known.witnesses:
            yield {
                id_: answer
                for id_, answer in answers.items()
                if id_ in now and (id_ not in changed or _allowed(questions[id_], answer))
            }

    def of_flag(self, flag: Raising) -> str:
        """The key under which a flag is compared with others."""
        rule = flag.rule
        own = rule.severity, list(rule.implies), rule.when
        # That one flag never comes without another holds up to so many rows.
        return _key("flag", rule.id, own, self._all(logic.reads(flag.when)), self.needed)

    def of_condition(self, node: ConditionNode) -> str:
        """The key under which a named condition is compared with others."""
        return _key("named", node.id, self._cone(node.id), self.needed)

    def of_never(self, claim: Claim) -> str:
        """The key of what must not happen: none of it does up to so many rows."""
        return _key(self.of(claim), self.needed)

    def _all(self, names: Iterable[str]) -> list[str]:
        return [self._cone(id_) for id_ in sorted(bases(names))]

    def _cone(self, id_: str) -> str:
        """A fact and all that it rests on."""
        if id_ not in self._behind:
            self._behind[id_] = _key(*(self._fact(each) for each in sorted(self.cones.of(id_))))
        return self._behind[id_]

    def _fact(self, id_: str) -> str:
        if id_ not in self._facts:
            question = self.program.questions.get(id_)
            nodes = [list(self._node(node)) for node in self.cones.nodes(id_)]
            self._facts[id_] = _key(id_, _asked(question) if question else None, nodes)
        return self._facts[id_]

    def _node(self, node: Node) -> Iterator[Any]:
        match node:
            case QuestionNode(_, when):
                yield _text(when)
            case ConditionNode(_, _, when) | ColumnNode(_, _, when):
                yield _text(when)
            case DecisionNode(_, _, only_if, outcomes):
                yield _text(only_if)
                yield [(code, _text(when)) for code, when in outcomes]
            case DerivedNode(_, _, outcomes, matrix, floor):
                yield [(code, _text(when)) for code, when in outcomes]
                yield matrix.model_dump(mode="json") if matrix else None
                yield [_text(when) for when in floor]
            case ScoreNode(_, rule):
                yield rule.model_dump(mode="json", include={"value", "points", "with_", "band"})
                yield [(level.code, level.from_) for level in node.levels]
                yield self.on.isoformat() if TODAY in json.dumps(rule.value) else None


def _asked(question: Question) -> Any:
    """What a question allows."""
    return question.model_dump(mode="json", exclude=APART)  # type: ignore[arg-type]


def _allowed(question: Question, answer: Any) -> bool:
    """Whether a choice among options that have changed can still be made."""
    codes = question.labels
    if isinstance(answer, list) and question.type == "multi":
        alone = {question.exclusive, UNSURE}.intersection(answer)
        return codes.keys() >= set(answer) and (not alone or len(answer) == 1)
    return isinstance(answer, str) and question.type in ("choice", "yes_no") and answer in codes


def _text(when: Expression | None) -> Any:
    return None if when is None else logic.derive(when)


def _said(atom: Atom) -> Any:
    match atom:
        case Judged(said, holds):
            return said.raw, holds
        case NotSure(said):
            return "not sure", said.raw
        case InRow(rows, where, columns, code):
            return rows, [_text(each) for each in where], columns, code
        case Asked(id_):
            return id_
        case _:
            return repr(atom)


def _dump(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _key(*parts: Any) -> str:
    text = _dump(parts)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
