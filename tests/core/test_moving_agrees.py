"""Moving on small random catalogues: a rename changes no result, and there and back is where one was."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.catalogue import Catalogue, compile_catalogue
from app.core.assessment import assess
from app.core.moving import Fate, Side, move
from app.core.sheet import Change, Sheet, Stamp, answers, merge
from tests.core.worlds import Choose, Made
from tests.tiny import evaluate, sources

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
PIPELINE, ASKED = "questionnaires/pipeline.yaml", "questionnaires/q.yaml"


def choosing(draw: Any) -> Choose:
    return lambda below: int(draw(st.integers(0, below - 1)))


def side(number: int, catalogue: Catalogue) -> Side:
    return Side(f"r{number}", number, catalogue.program, catalogue.pipeline.converters)


def sheet_of(given_: Mapping[str, Any]) -> Sheet:
    changes = []
    for id_, value in given_.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            changes += [
                Change(f"{id_}/+row{n}", {k: v for k, v in row.items() if k != "id"})
                for n, row in enumerate(value)
            ]
        else:
            changes.append(Change(id_, value))
    return merge(Sheet(), changes, (), Stamp("Ann", AT, "q/p", "r1")).sheet


def carry(old: Side, new: Side, sheet: Sheet) -> Sheet:
    return move(old, new, sheet, Stamp("Ben", AT, ":move", new.release)).sheet


def said(sheet: Sheet) -> Counter[str]:
    """Every answer of a sheet, whether a release can read it or not."""
    values = [e.value for e in sheet.entries.values() if e.value is not None]
    return Counter(json.dumps(each, sort_keys=True) for each in values)


# A rename and nothing else


@dataclass(frozen=True)
class Renamed:
    """A random catalogue, the same under other names, and some answers."""

    made: Made
    before: Catalogue = field(repr=False)
    after: Catalogue = field(repr=False)
    given: Mapping[str, Any]


@st.composite
def renamed(draw: Any) -> Renamed:
    made = Made(choosing(draw))
    before, world = made.catalogue()
    answered = made.answers(world, 300)
    files = {
        path: re.sub(rb"\bq(\d+)\.a\b", rb"z\1.a", text) for path, text in before.files.items()
    }
    files = {path: re.sub(rb'"c1"', b'"k1"', text) for path, text in files.items()}
    pipeline = json.loads(files[PIPELINE])
    ids = [id_ for id_ in before.program.questions if id_.startswith("q")]
    rows = [id_ for id_ in ids if before.program.questions[id_].type == "rows"]
    pipeline["converters"] = {
        "questions": {id_: id_.replace("q", "z", 1) for id_ in ids},
        "columns": {id_.replace("q", "z", 1): {"c1": "k1"} for id_ in rows},
    }
    after = compile_catalogue({**files, PIPELINE: json.dumps(pipeline).encode()})
    return Renamed(made, before, after, answered)


def results(catalogue: Catalogue, sheet: Sheet) -> dict[str, Any]:
    found = assess(evaluate(catalogue, answers(sheet)))
    flags = {flag.id: (flag.result, flag.rating, flag.blocks) for flag in found.flags}
    decisions = {
        id_: each.outcome.code if each.outcome else None for id_, each in found.decisions.items()
    }
    return {**flags, **decisions, **{id_: each.value for id_, each in found.scores.items()}}


@settings(max_examples=50, suppress_health_check=SLOW)
@given(renamed())
def test_moved_answers_come_to_the_same_when_only_names_changed(case: Renamed) -> None:
    one, two = side(1, case.before), side(2, case.after)
    before = sheet_of(case.given)
    there = move(one, two, before, Stamp("Ben", AT, ":move", "r2"))

    assert results(case.after, there.sheet) == results(case.before, before)
    assert {each.fate for each in there.moved} <= {Fate.RENAMED}
    assert said(there.sheet) == said(before)
    assert answers(carry(two, one, there.sheet)) == answers(before)


# Any change at all

CODES = ("a", "b", "c", "d")
TYPES: dict[str, Callable[[Choose], Any]] = {
    "choice": lambda choose: CODES[choose(3)],
    "multi": lambda choose: [CODES[n] for n in range(3) if choose(2)] or ["a"],
    "yes_no": lambda choose: ("yes", "no", "unsure")[choose(3)],
    "number": lambda choose: choose(12),
    "date": lambda choose: f"2026-05-{10 + choose(15)}",
    "text": lambda choose: ("Some", "2026-05-12", "b")[choose(3)],
}
Definition = dict[str, Any]
Converters = dict[str, dict[str, Any]]


def leads(new: Any, there: set[str]) -> bool:
    """Whether what something became is there."""
    return new is None or {*([new] if isinstance(new, str) else new)} <= there


class Making:
    """A list of questions, changed release by release, each with converters that may be there or not."""

    def __init__(self, choose: Choose) -> None:
        self.choose = choose
        self.questions = [self.question(f"a.q{n}") for n in range(1 + choose(3))]
        columns = [{**self.question("k"), "id": name} for name in ("k1", "k2")]
        self.questions.append({"id": "a.rows", "type": "rows", "ask": "Who?", "columns": columns})
        self.names = iter(range(100))
        self.converters: Converters = {"questions": {}, "options": {}}

    def question(self, id_: str) -> Definition:
        type_ = [*TYPES][self.choose(len(TYPES))]
        return self.of_type({"id": id_, "ask": f"{id_}?"}, type_)

    def of_type(self, asked: Definition, type_: str) -> Definition:
        options = {"options": {code: code.upper() for code in CODES[:3]}}
        of = {"id": asked["id"], "ask": asked["ask"], "type": type_}
        return {**of, **(options if type_ in ("choice", "multi") else {})}

    def given(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for asked in self.questions:
            if asked["type"] == "rows":
                found[asked["id"]] = [
                    {c["id"]: TYPES[c["type"]](self.choose) for c in asked["columns"]}
                    for _ in range(self.choose(3))
                ]
            elif self.choose(4):
                found[asked["id"]] = TYPES[asked["type"]](self.choose)
        return {id_: value for id_, value in found.items() if value != []}

    def files(self, converters: Converters) -> dict[str, bytes]:
        return sources(self.questions, pipeline={"converters": converters})

    def change(self) -> Converters:
        """Change one thing, or two, with or without saying what became of it."""
        for _ in range(1 + self.choose(2)):
            if self.questions:
                at = self.choose(len(self.questions))
                self.questions[at : at + 1] = self.changed(self.questions[at], self.converters)
        self.converters = self.that_hold(self.converters)
        return self.converters

    def changed(self, asked: Definition, converters: Converters) -> list[Definition]:
        match self.choose(4):
            case 0:
                return []
            case 1:
                return [{**asked, "id": self.renamed(asked["id"], converters)}]
        if asked["type"] != "rows":
            return [self.asked_again(asked, asked["id"], converters)]
        columns = [dict(each) for each in asked["columns"]]
        n = self.choose(2)
        columns[n] = self.asked_again(columns[n], f"{asked['id']}/{columns[n]['id']}", converters)
        return [{**asked, "columns": columns}]

    def renamed(self, old: str, converters: Converters) -> str:
        new = f"b.n{next(self.names)}"
        if self.choose(3):
            converters["questions"][old] = new
            told = converters["options"].items()
            converters["options"] = {re.sub(f"^{old}(?=/|$)", new, key): of for key, of in told}
        return new

    def that_hold(self, converters: Converters) -> Converters:
        """Those that are no faults: what they lead to is there, or became something that is."""
        asked = {each["id"]: each for each in self.questions}
        for each in self.questions:
            asked |= {f"{each['id']}/{column['id']}": column for column in each.get("columns", ())}
        options: dict[str, Any] = {}
        for address, codes in converters["options"].items():
            there = asked.get(address, {}).get("options", {})
            held = {old: new for old, new in codes.items() if old not in there}
            while wrong := [old for old, new in held.items() if not leads(new, {*there, *held})]:
                del held[wrong[0]]
            options |= {address: held} if there and held else {}
        renamed = {k: v for k, v in converters["questions"].items() if k not in asked}
        gone = {new for new in renamed.values() if new and new not in asked}
        return {"questions": {**dict.fromkeys(gone), **renamed}, "options": options}

    def asked_again(self, asked: Definition, address: str, converters: Converters) -> Definition:
        codes = {**asked.get("options", {})}
        if "options" not in asked or self.choose(3) == 0 or len(codes) < 2:
            converters["options"].pop(address, None)
            return self.of_type(asked, [*TYPES][self.choose(len(TYPES))])
        gone = [*codes][self.choose(len(codes))]
        del codes[gone]
        new = f"n{next(self.names)}"
        told: Any
        match self.choose(4):
            case 0:
                return {**asked, "options": codes}
            case 1:
                told = None
            case 2:
                told = new
                codes[new] = new.upper()
            case _:
                told = [new, new + "x"]
                codes |= {each: each.upper() for each in told}
        converters["options"].setdefault(address, {})[gone] = told
        return {**asked, "options": codes}


@dataclass(frozen=True, repr=False)
class Chain:
    """Releases one after another, and answers under the first."""

    sides: tuple[Side, ...] = field(repr=False)
    given: Mapping[str, Any]
    told: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join(("", *self.told, repr(self.given)))


@st.composite
def chains(draw: Any) -> Chain:
    making = Making(choosing(draw))
    answered = making.given()
    files = [making.files({})]
    files += [making.files(making.change()) for _ in range(3)]
    sides = tuple(side(n + 1, compile_catalogue(each)) for n, each in enumerate(files))
    told = tuple(each[path].decode() for each in files for path in (PIPELINE, ASKED))
    return Chain(sides, answered, told)


def lost(before: Sheet, after: Sheet) -> Counter[str]:
    """The answers that are neither answers nor kept any more."""
    kept = Counter(json.dumps(each.value, sort_keys=True) for each in after.kept)
    return said(before) - (said(after) + kept)


@settings(max_examples=400, suppress_health_check=SLOW)
@given(chains(), st.lists(st.integers(0, 3), max_size=5))
def test_whatever_way_a_project_goes_nothing_is_lost_and_at_home_all_is_as_it_was(
    chain: Chain, way: list[int]
) -> None:
    at = home = chain.sides[0]
    before = sheet = sheet_of(chain.given)
    for to in [*(chain.sides[n] for n in way), home]:
        if to is not at:
            sheet, at = carry(at, to, sheet), to
            assert not lost(before, sheet)
    assert answers(sheet) == answers(before)
    assert said(sheet) == said(before)


@settings(max_examples=200, suppress_health_check=SLOW)
@given(chains())
def test_going_back_the_same_way_finds_every_release_as_it_was_left(chain: Chain) -> None:
    sheet = sheet_of(chain.given)
    seen = [sheet]
    for old, new in zip(chain.sides, chain.sides[1:], strict=False):
        sheet = carry(old, new, sheet)
        seen.append(sheet)
    for old, new in zip(chain.sides[::-1], chain.sides[-2::-1], strict=False):
        sheet = carry(old, new, sheet)
        assert answers(sheet) == answers(seen[new.number - 1])
