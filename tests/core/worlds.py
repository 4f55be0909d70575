"""Makes small random catalogues with partial answers, for the oracle."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from app.catalogue import Catalogue
from tests.core.completions import UNSURE, Question, World
from tests.tiny import flag, page, section, tiny

Json = Any
LEVELS = {
    "id": "levels",
    "levels": [
        {"code": "low", "label": "Low"},
        {"code": "mid", "label": "Mid", "from": 1.5},
        {"code": "high", "label": "High", "from": 3},
    ],
}
NUMBERS, DATES = (2, 3, 4, 5, 6), ("2026-04-30", "2026-05-01", "2026-05-02")
TYPES = ("choice", "yes_no", "yes_no", "multi", "number", "date", "band", "rows", "rows", "text")
ORDER = ("<", "<=", ">", ">=", "===", "!==")
Choose = Callable[[int], int]  # a number below the one given


class Made:
    """A catalogue in the making. `scope`: what conditions may read, by id: (kind, codes, unsure)."""

    def __init__(self, choose: Choose) -> None:
        self.choose = choose
        self.scope: dict[str, tuple[str, tuple[Any, ...], bool]] = {}
        self.columns: dict[str, dict[str, tuple[str, tuple[Any, ...], bool]]] = {}
        self.questions: list[Question] = []
        self.rules: dict[str, list[Json]] = {
            "conditions": [],
            "scores": [],
            "decisions": [],
            "bands": [LEVELS],
        }
        self.derived: dict[str, tuple[str, Mapping[str, Any]]] = {}
        self.flags: dict[str, Json] = {}
        self.matrix: dict[str, Any] | None = None

    def pick(self, options: Any) -> Any:
        several = list(options)
        return several[self.choose(len(several))]

    def number(self, least: int, most: int) -> int:
        return least + self.choose(most - least + 1)

    def chance(self, percent: int) -> bool:
        return self.choose(100) < percent

    def __repr__(self) -> str:
        parts = {"rules": {k: v for k, v in self.rules.items() if v}, "flags": self.flags}
        asked = [{**q.definition, "gates": q.gates} for q in self.questions]
        return json.dumps({"questions": asked, **parts}, ensure_ascii=False)

    # Conditions

    def condition(self, scope: Mapping[str, Any], depth: int = 2, *, settled: bool = False) -> Json:
        """A condition over a scope; `settled`: every reading of an unsure question names unsure."""
        forms = ("leaf", "leaf", "and", "or", "!", "at_least") if depth else ("leaf",)
        form = self.pick(forms)
        if form == "leaf":
            return self.leaf(scope, settled=settled)
        if form == "!":
            inner = self.condition(scope, depth - 1, settled=settled)
            return {"!": self.pick(([inner], inner))}
        parts = [
            self.condition(scope, depth - 1, settled=settled) for _ in range(self.number(2, 3))
        ]
        if form == "at_least":
            return {"at_least": [self.number(1, len(parts)), parts]}
        return {form: parts}

    def leaf(self, scope: Mapping[str, Any], *, settled: bool) -> Json:
        name = self.pick(scope)
        kind, values, unsure = scope[name]
        var = {"var": name}
        match kind:
            case "rows":
                body = self.condition(self.columns[name], 1, settled=settled)
                return {self.pick(("some", "all", "none")): [var, body]}
            case "truth":
                return var
            case "number":
                return {self.pick(ORDER): [var, self.pick((3, 5, 2.5))]}
            case "date":
                return {self.pick(ORDER): [var, DATES[1]]}
            case "multi":
                return self.membership(name, values, unsure, settled=settled)
            case _:
                return self.choice(name, kind, values, unsure, settled=settled)

    def membership(self, name: str, values: Any, unsure: bool, *, settled: bool) -> Json:
        leaf = {"in": [self.pick(values), {"var": name}]}
        if unsure and settled:
            return {self.pick(("or", "and")): [leaf, {"in": [UNSURE, {"var": name}]}]}
        return {"in": [UNSURE, {"var": name}]} if unsure and self.chance(25) else leaf

    def choice(self, name: str, kind: str, values: Any, unsure: bool, *, settled: bool) -> Json:
        codes = list(values) + ([UNSURE] if unsure else [])
        if kind == "band" and not settled and self.chance(50):
            return {self.pick(ORDER[:4]): [{"var": name}, self.pick(values)]}
        if settled and unsure:
            return {"in": [{"var": name}, [self.pick(values), UNSURE]]}
        if self.chance(40):
            return {"in": [{"var": name}, [self.pick(codes), self.pick(codes)]]}
        return {self.pick(("===", "!==")): [{"var": name}, self.pick(codes)]}

    # Questions

    def add_question(self, number: int, gates: tuple[tuple[Json, ...], ...]) -> None:
        type_ = self.pick(TYPES)
        definition: dict[str, Any] = {"id": f"q{number}.a", "type": type_, "ask": f"Ask {number}?"}
        values = self.options(definition, type_)
        if self.scope and self.chance(65):
            self.show_if(definition, self.scope)
        order = values if type_ == "band" else ()
        question = Question(definition, self.answers_of(type_, values), gates, order)
        self.questions.append(question)
        if type_ != "text":
            kind = type_ if type_ != "yes_no" else "choice"
            self.scope[question.id] = (kind, values, question.unsure)

    def options(self, definition: dict[str, Any], type_: str) -> tuple[Any, ...]:
        """Give a question what its type needs, and return the codes or values it may take."""
        if type_ in ("choice", "band", "multi"):
            codes = ("a", "b", "c")[: 3 if type_ == "band" else self.number(2, 3)]
            definition["options"] = {code: code.upper() for code in codes}
            if self.chance(40):
                definition["unsure"] = True
            return codes
        if type_ == "yes_no" and self.chance(30):
            definition["unsure"] = False
        if type_ == "rows":
            definition["columns"] = self.row_columns(definition["id"])
        values = {"yes_no": ("yes", "no"), "number": NUMBERS, "date": DATES}
        return values.get(type_, ())

    def answers_of(self, type_: str, values: tuple[Any, ...]) -> tuple[Any, ...]:
        if type_ == "multi":
            return ([values[0]], [values[1]], list(values))
        return values

    def show_if(self, definition: dict[str, Any], scope: Mapping[str, Any]) -> None:
        says = "unsure" not in definition and self.chance(50)
        definition["show_if"] = self.condition(scope, 1, settled=not says)
        if says:
            definition["unsure"] = self.pick(("show", "hide"))

    def row_columns(self, rows: str) -> list[Json]:
        scope: dict[str, tuple[str, tuple[Any, ...], bool]] = {}
        columns: list[Json] = []
        for name in ("c1", "c2"):
            type_ = self.pick(("choice", "yes_no", "band"))
            column: dict[str, Any] = {"id": name, "type": type_, "ask": name}
            values: tuple[str, ...] = ("yes", "no")
            if type_ != "yes_no":
                values = ("x", "y") if type_ == "choice" else ("x", "y", "z")
                column["options"] = {code: code.upper() for code in values}
            unsure = self.chance(30)
            if unsure or type_ == "yes_no":
                column["unsure"] = unsure
            if scope and self.chance(50):
                column["show_if"] = self.condition(scope, 1, settled=True)
            columns.append(column)
            scope[name] = (type_ if type_ != "yes_no" else "choice", values, unsure)
        if self.chance(40):
            outcomes: list[Json] = [{"code": "k", "label": "K", "when": self.condition(scope, 1)}]
            if self.chance(60):
                outcomes.append({"code": "l", "label": "L", "otherwise": True})
            columns.append({"id": "c3", "title": "c3", "decide": outcomes})
            scope["c3"] = ("choice", tuple(each["code"] for each in outcomes), False)
        if self.chance(40) and tuple(scope["c2"][1]) == ("x", "y", "z"):
            columns.append(self.rating(columns))
            scope["c4"] = ("band", ("low", "mid", "high"), False)
        self.columns[rows] = scope
        return columns

    def rating(self, columns: list[Json]) -> Json:
        """A column rated by the one matrix: severity from c2, likelihood from c2 as well or c1."""
        if self.matrix is None:
            rates = ("low", "mid", "high")
            floor = [
                {
                    "severity": "z",
                    "likelihood": self.pick("xyz"),
                    "rating": "high",
                    "label": "Watch",
                    "because": "It is grave.",
                    "when": self.condition(self.scope, 1),
                }
                for _ in range(1 if self.scope else 0)
            ]
            self.matrix = {
                "id": "m",
                "title": "M",
                "likelihood": {code: code for code in "xyz"},
                "severity": {code: code for code in "xyz"},
                "ratings": {code: code for code in rates},
                "cells": {row: {code: self.pick(rates) for code in "xyz"} for row in "xyz"},
                "floor": floor,
            }
            self.rules["matrices"] = [self.matrix]
        same = set(columns[0].get("options", ())) == {"x", "y", "z"}
        use = {"id": "m", "severity": "c2", "likelihood": "c1" if same else "c2"}
        return {"id": "c4", "title": "c4", "matrix": use}

    # Derived facts

    def derive(self, number: int) -> None:
        kind = self.pick(("condition", "decision", "score", "score"))
        id_ = f"d{number}.a"
        if kind == "condition":
            rule: dict[str, Any] = {"id": id_, "title": id_, "when": self.condition(self.scope)}
            self.rules["conditions"].append(rule)
            self.scope[id_] = ("truth", (), False)
        elif kind == "decision":
            outcomes: list[Json] = [
                {"code": code, "label": code, "when": self.condition(self.scope, 1)}
                for code in ("m", "n")
            ]
            if self.chance(60):
                outcomes.append({"code": "o", "label": "O", "otherwise": True})
            rule = {"id": id_, "title": id_, "outcomes": outcomes}
            if self.chance(40):
                rule["only_if"] = self.condition(self.scope, 1)
            self.rules["decisions"].append(rule)
            self.scope[id_] = ("choice", tuple(each["code"] for each in outcomes), False)
        else:
            rule = {"id": id_, "title": id_, "value": self.score(2)}
            if self.chance(60):
                rule["band"] = {"id": f"b{number}.a", "from": "levels"}
                if self.chance(30):
                    rule["with"] = [self.pick(self.questions).id]
                self.derived[f"b{number}.a"] = ("band", rule)
                self.scope[f"b{number}.a"] = ("band", ("low", "mid", "high"), False)
            self.rules["scores"].append(rule)
            self.scope[id_] = ("number", (), False)
        self.derived[id_] = (kind, rule)

    def score(self, depth: int) -> Json:
        leaves = ("points", "points", "var", "number", "count", "count_rows")
        inner = (
            "mean",
            "mean",
            "sum",
            "product",
            "min",
            "max",
            "subtract",
            "divide",
            "round",
            "if",
        )
        form = self.pick(inner if depth == 2 or (depth and self.chance(50)) else leaves)
        if form in ("points", "var", "count_rows"):
            return self.counted(form)
        if form == "number":
            return self.pick((0, 1, 2))
        if form == "count":
            return {"count": [self.condition(self.scope, 0) for _ in range(2)]}
        if form == "round":
            return {"round": self.score(depth - 1)}
        number = 2 if form in ("subtract", "divide", "if") else self.number(1, 3)
        parts = [self.score(depth - 1) for _ in range(number)]
        return {form: [self.condition(self.scope, 1), *parts] if form == "if" else parts}

    def counted(self, form: str) -> Json:
        kinds = {"points": ("choice", "band"), "var": ("number",), "count_rows": ("rows",)}[form]
        names = [name for name, (kind, _, _) in self.scope.items() if kind in kinds]
        if not names:
            return 1
        name = self.pick(names)
        if form == "var":
            return {"var": name}
        if form == "count_rows":
            return {"count_rows": [{"var": name}, self.condition(self.columns[name], 1)]}
        _, values, unsure = self.scope[name]
        table: dict[str, Any] = {code: self.pick((0, 1, 2.5, 3, "omit")) for code in values}
        if unsure and self.chance(40):
            table[UNSURE] = self.pick((1, "omit"))
        return {"points": name, "table": table}

    # The whole

    def catalogue(self) -> tuple[Catalogue, World]:
        sections = []
        number = 0
        for s in range(2):
            of_section = self.gate()
            pages = []
            for p in range(self.number(1, 2)):
                of_page = self.gate()
                gates = (tuple(each for each in (of_section, of_page) if each is not None),)
                start = number
                for _ in range(self.number(1, 2)):
                    self.add_question(number, gates)
                    number += 1
                    if self.scope and self.chance(35):
                        self.derive(number)
                placed = [dict(each.definition) for each in self.questions[start:]]
                keys = {} if of_page is None else {"show_if": of_page}
                pages.append(page(placed, f"p{s}{p}", **keys))
            keys = {} if of_section is None else {"show_if": of_section}
            sections.append(section(pages, f"s{s}", **keys))
        if not self.scope:
            self.scope["x.route"] = ("choice", ("full",), False)
            self.derived["x.route"] = ("decision", {"outcomes": [{"code": "full"}]})
        self.flags = {f"F{n}": self.condition(self.scope) for n in range(3)}
        raising = [flag(when, name) for name, when in self.flags.items()]
        rules = {**self.rules, "flags": raising}
        bands = {"levels": LEVELS}
        world = World(tuple(self.questions), self.derived, bands, self.flags, self.matrix)
        return tiny(rules=rules, sections=sections), world

    def gate(self) -> Json:
        if not self.scope or not self.chance(25):
            return None
        return self.condition(self.scope, 1, settled=True)

    def answers(self, world: World, limit: int) -> dict[str, Any]:
        """Partial answers; so many are given that about `limit` completions are left at most."""
        given: dict[str, Any] = {}
        open_ = 1
        for question in world.questions:
            ways = _ways(question)
            if open_ * ways <= limit and self.chance(45):
                open_ *= ways
                continue
            answer = self.answer(question, open_, limit)
            given[question.id] = answer
            if answer in (UNSURE, [UNSURE]):
                open_ *= len(question.values)
        return given

    def answer(self, question: Question, open_: int, limit: int) -> Any:
        type_ = question.definition["type"]
        if type_ == "text":
            return "words"
        if type_ == "rows":
            return self.rows(question, blanks=open_ * 36 <= limit)
        if question.unsure and open_ * len(question.values) <= limit and self.chance(30):
            return [UNSURE] if type_ == "multi" else UNSURE
        return self.pick(question.values)

    def rows(self, question: Question, *, blanks: bool) -> list[Json]:
        rows = []
        for n in range(self.number(0, 2)):
            row: dict[str, Any] = {"id": n + 1}
            for column in question.definition["columns"]:
                if "type" not in column or (blanks and self.chance(30)):
                    continue
                _, values, unsure = self.columns[question.id][column["id"]]
                codes = [*values, UNSURE] if unsure and blanks else list(values)
                row[column["id"]] = self.pick(codes)
            rows.append(row)
        return rows


def _ways(question: Question) -> int:
    type_ = question.definition["type"]
    if type_ == "rows":
        return 60
    return max(1, len(question.values)) * (2 if question.unsure else 1)
