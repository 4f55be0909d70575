"""From definitions to a Program: names resolved, conditions read, facts ordered, all faults noted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from app.core import logic, scores
from app.core.domains import UNSURE, Domain, Kind
from app.core.faults import Faults, Path, nearest
from app.core.logic import AtLeast, Either, Every, Expression, Includes, OneOf, Quantified
from app.core.program import (
    ColumnNode,
    ConditionNode,
    DecisionNode,
    DerivedNode,
    Node,
    Offering,
    Place,
    Program,
    QuestionNode,
    Raising,
    ScoreNode,
    Source,
    node_reads,
)
from app.core.questions import QUESTION_TYPES, Asked, Column, Question, RowOutcome, type_of
from app.core.rules import (
    Bands,
    BandUse,
    Decision,
    FlagRule,
    Matrix,
    NamedCondition,
    Offer,
    Outcome,
    Rules,
    Score,
)
from app.core.soundness import Amiss, asked_amiss, bands_amiss, matrix_amiss, scale_amiss

A = TypeVar("A", Question, Column)
R = TypeVar("R")
T = TypeVar("T", Matrix, Bands, Offer)
Filed = tuple[str, Path]


def build(
    sources: Iterable[Source],
    rules: Iterable[tuple[str, Rules]],
    route: tuple[str, Decision] | None,
    faults: Mapping[str, Faults],
) -> Program:
    """Compile the definitions; every fault is noted in `faults` (by file), none stops the rest."""
    return _Builder(tuple(sources), tuple(rules), route, faults).build()


def say_unsure(expression: Expression, *, shows: bool) -> Expression:
    """Say what "I don't know" does to a condition: it holds there (`shows`), or it does not."""
    match expression:
        case Every(items):
            return Every(tuple(say_unsure(item, shows=shows) for item in items))
        case Either(items):
            return Either(tuple(say_unsure(item, shows=shows) for item in items))
        case AtLeast(number, items):
            return AtLeast(number, tuple(say_unsure(item, shows=shows) for item in items))
        case Quantified(_, _, body, _, negated):
            # Under "none", what makes a row hold makes the whole fail.
            return replace(expression, body=say_unsure(body, shows=shows is not negated))
        case OneOf(var, codes, domain) if expression.unsure and UNSURE not in codes:
            return _said(expression, OneOf(var, (UNSURE,), domain), shows=shows)
        case Includes(var, code, domain) if expression.unsure and code != UNSURE:
            return _said(expression, Includes(var, UNSURE, domain), shows=shows)
        case _:
            return expression


def _said(leaf: OneOf | Includes, unsure: Expression, *, shows: bool) -> Expression:
    settled = replace(leaf, unsure=False)
    return Either((settled, unsure)) if shows else Every((settled, logic.negate(unsure)))


class _Builder:
    """Compiles one catalogue."""

    def __init__(
        self,
        sources: tuple[Source, ...],
        rules: tuple[tuple[str, Rules], ...],
        route: tuple[str, Decision] | None,
        faults: Mapping[str, Faults],
    ) -> None:
        self.sources = sources
        self.rules = rules
        self.route = route
        self.faults = faults
        self.where: dict[str, Filed] = {}
        self.questions: dict[str, Question] = {}
        self.places: dict[str, list[Place]] = {}
        self.placed: dict[str, list[Expression | None]] = {}
        self.scope: dict[str, Domain] = {}
        self.matrices: dict[str, Matrix] = {}
        self.bands: dict[str, Bands] = {}
        self.offers: dict[str, Offer] = {}
        self.nodes: dict[str, Node] = {}
        self.pages: dict[tuple[str, ...], Expression] = {}
        self.gates: list[tuple[str, Path, Expression, int]] = []  # with the rank of what they gate

    def build(self) -> Program:
        self.collect_questions()
        self.collect_rules()
        self.resolve_options()
        self.collect_domains()
        self.check_references()
        self.check_ids()
        self.read_placements()
        for node in (*self.question_nodes(), *self.column_nodes(), *self.rule_nodes()):
            self.nodes[node.id] = node
        levels = self.in_levels()
        roots = self.follow_back(levels)
        self.check_order(roots)
        return Program(
            questions=self.questions,
            places={id_: tuple(places) for id_, places in self.places.items()},
            scope=self.scope,
            levels=levels,
            nodes=self.nodes,
            offers={
                offer.id: self.offering(file, path, offer)
                for file, path, offer in self.each("offers", Offer)
            },
            flags=tuple(
                self.raising(file, path, rule, roots)
                for file, path, rule in self.each("flags", FlagRule)
            ),
            matrices=self.matrices,
            step_up=self.step_up(),
            suggestions=self.suggestions(),
            conditions=self.pages,
            roots=roots,
        )

    def each(self, kind: str, _type: type[R]) -> Iterator[tuple[str, Path, R]]:
        """Every rule of a kind with its file and path."""
        for file, rules in self.rules:
            for n, rule in enumerate(getattr(rules, kind)):
                yield file, (kind, n), rule

    def condition(
        self, raw: object, file: str, path: Path, scope: Mapping[str, Domain] | None = None
    ) -> Expression:
        return logic.read(raw, self.scope if scope is None else scope, path, self.faults[file])

    # Questions and where they stand

    def collect_questions(self) -> None:
        rank = 0
        uses: list[tuple[str, str, Path]] = []
        for source in self.sources:
            self.check_names_of_pages(source)
            for s, section in enumerate(source.questionnaire.sections):
                for p, page in enumerate(section.pages):
                    for q, placement in enumerate(page.questions):
                        path = ("sections", s, "pages", p, "questions", q)
                        place = Place(source.name, section.id, page.id, rank)
                        self.places.setdefault(placement.id, []).append(place)
                        rank += 1
                        if placement.define is None:
                            uses.append((placement.id, source.file, (*path, "use")))
                        else:
                            self.define(placement.define, source.file, path)
        for id_, file, path in uses:
            if id_ not in self.questions:
                self.faults[file].add(
                    path, f"no questionnaire defines '{id_}'{nearest(id_, self.questions)}"
                )
                self.places.pop(id_, None)

    def check_names_of_pages(self, source: Source) -> None:
        """Sections and pages are found by their ids, so each stands once in its questionnaire."""
        seen: set[tuple[str, str]] = set()
        for s, section in enumerate(source.questionnaire.sections):
            named = [("section", section.id, ("sections", s, "id"))]
            named += [
                ("page", page.id, ("sections", s, "pages", p, "id"))
                for p, page in enumerate(section.pages)
            ]
            for kind, id_, path in named:
                if (kind, id_) in seen:
                    self.faults[source.file].add(path, f"the {kind} '{id_}' is there already")
                seen.add((kind, id_))

    def define(self, question: Question, file: str, path: Path) -> None:
        faults = self.faults[file]
        if question.id in self.questions:
            first = self.where[question.id][0]
            faults.add(
                (*path, "id"), f"'{question.id}' is defined in {first} already: place it with 'use'"
            )
            return
        self.questions[question.id] = question
        self.where[question.id] = (file, path)
        self.check_keys(question, faults, path)
        names = [column.id for column in question.columns]
        for n, column in enumerate(question.columns):
            at = (*path, "columns", n)
            if names.index(column.id) != n or column.id in ("id", "waiting"):
                faults.add(
                    (*at, "id"), f"a column '{column.id}' is there already, or the name is reserved"
                )
            self.check_keys(column, faults, at)

    def check_keys(self, asked: Asked, faults: Faults, path: Path) -> None:
        for key, message in asked_amiss(asked):
            faults.add((*path, *key), message)

    def collect_rules(self) -> None:
        for file, path, matrix in self.each("matrices", Matrix):
            self.collect(self.matrices, matrix, file, path, matrix_amiss(matrix))
        for file, path, bands in self.each("bands", Bands):
            self.collect(self.bands, bands, file, path, bands_amiss(bands))
        for file, path, offer in self.each("offers", Offer):
            self.collect(self.offers, offer, file, path, ())

    def collect(
        self, known: dict[str, T], rule: T, file: str, path: Path, amiss: Iterable[Amiss]
    ) -> None:
        """Note a table by its id, and what is wrong with it."""
        if rule.id in known:
            self.faults[file].add((*path, "id"), f"'{rule.id}' is defined twice")
        known[rule.id] = rule
        for key, message in amiss:
            self.faults[file].add((*path, *key), message)

    def resolve_options(self) -> None:
        for id_, question in list(self.questions.items()):
            file, path = self.where[id_]
            columns = tuple(
                self.with_options(column, file, (*path, "columns", n))
                for n, column in enumerate(question.columns)
            )
            question = self.with_options(question, file, path)
            if question.offer and question.offer not in self.offers:
                hint = nearest(question.offer, self.offers)
                self.faults[file].add(
                    (*path, "offer"), f"there is no offer '{question.offer}'{hint}"
                )
            self.questions[id_] = (
                question.model_copy(update={"columns": columns})
                if columns != question.columns
                else question
            )

    def with_options(self, asked: A, file: str, path: Path) -> A:
        if not asked.options_from:
            return asked
        offer = self.offers.get(asked.options_from)
        if offer is None:
            hint = nearest(asked.options_from, self.offers)
            self.faults[file].add(
                (*path, "options_from"), f"there is no offer '{asked.options_from}'{hint}"
            )
            return asked.model_copy(update={"options": {"missing": "missing"}})
        options = {**asked.options, **{entry.code: entry.title for entry in offer.entries}}
        return asked.model_copy(update={"options": options})

    # Names and what can be compared

    def collect_domains(self) -> None:
        for id_, question in self.questions.items():
            if question.type in QUESTION_TYPES:
                columns = {c.id: self.column_domain(c) for c in question.columns if not c.look_up}
                self.scope[id_] = type_of(question).domain(question, columns)
        for id_, question in self.questions.items():
            for n, column in enumerate(question.columns):
                if column.look_up and id_ in self.scope:
                    self.look_up(question, column, n)
        for file, path, rule in self.each("conditions", NamedCondition):
            self.name(file, path, rule.id, Domain(Kind.TRUTH, rule.title))
        for file, path, rule in self.each("scores", Score):
            self.name(file, path, rule.id, Domain(Kind.NUMBER, rule.title))
            if rule.band:
                self.name(
                    file,
                    (*path, "band"),
                    rule.band.id,
                    self.band_domain(file, path, rule.title, rule.band),
                )
        decisions = list(self.each("decisions", Decision))
        if self.route:
            decisions.append((self.route[0], ("route",), self.route[1]))
        for file, path, rule in decisions:
            codes = {outcome.code: outcome.label for outcome in rule.outcomes}
            self.name(file, path, rule.id, Domain(Kind.CODE, rule.title, codes))

    def check_references(self) -> None:
        """Every row_of refers to a rows question."""
        for id_, question in self.questions.items():
            file, path = self.where[id_]
            known = [name for name, each in self.questions.items() if each.type == "rows"]
            for n, column in enumerate(question.columns):
                if column.rows and column.rows not in known:
                    hint = nearest(column.rows, known)
                    at = (*path, "columns", n, "rows")
                    self.faults[file].add(at, f"there are no rows '{column.rows}'{hint}")

    def column_domain(self, column: Column) -> Domain:
        if column.decide:
            return Domain(Kind.CODE, column.called, {o.code: o.label for o in column.decide})
        if column.matrix:
            matrix = self.matrices.get(column.matrix.id)
            return Domain(Kind.CODE, column.called, matrix.ratings if matrix else {}, ordered=True)
        if column.type not in QUESTION_TYPES:
            return Domain(Kind.TEXT, column.called)
        return type_of(column).domain(column)

    def look_up(self, question: Question, column: Column, n: int) -> None:
        file, path = self.where[question.id]
        use = column.look_up
        refers = {c.id: c.rows for c in question.columns if c.type == "row_of"}
        target = self.scope.get(refers.get(use.row, "") or "") if use else None
        if use is None or target is None or use.column not in target.columns:
            if use is None or use.row not in refers or target is not None:
                self.faults[file].add(
                    (*path, "columns", n, "look_up"),
                    "look_up names a row_of column of this row, and a column of the rows it refers to",
                )
            domain = Domain(Kind.TEXT, column.called)
        else:
            domain = replace(target.columns[use.column], name=column.called)
        columns = {**self.scope[question.id].columns, column.id: domain}
        self.scope[question.id] = replace(self.scope[question.id], columns=columns)

    def band_domain(self, file: str, path: Path, score: str, use: BandUse) -> Domain:
        table = self.bands.get(use.from_)
        if table is None:
            hint = nearest(use.from_, self.bands)
            self.faults[file].add(
                (*path, "band", "from"), f"there are no bands '{use.from_}'{hint}"
            )
            return Domain(Kind.CODE, score)
        codes = {level.code: level.label for level in table.levels}
        return Domain(Kind.CODE, score, codes, ordered=True)

    def name(self, file: str, path: Path, id_: str, domain: Domain) -> None:
        if id_ in self.scope:
            self.faults[file].add((*path, "id"), f"'{id_}' is the name of something else already")
        self.scope[id_] = domain
        self.where[id_] = (file, path)

    def check_ids(self) -> None:
        known = {*self.scope, *self.offers}
        for id_ in sorted(known):
            file, path = self.where.get(id_, (None, ()))
            parts = id_.split(".")
            for end in range(1, len(parts)):
                shorter = ".".join(parts[:end])
                if shorter in known and file:
                    self.faults[file].add(
                        (*path, "id"),
                        f"'{shorter}' is another id and begins '{id_}': rename one of them",
                    )
            if parts[0] == "waiting" and file:
                self.faults[file].add(
                    (*path, "id"), "'waiting' is reserved: begin the id with another word"
                )

    # When questions are asked

    def read_placements(self) -> None:
        rank = 0
        for source in self.sources:
            asked_on = self.on_routes(source)
            for s, section in enumerate(source.questionnaire.sections):
                at: Path = ("sections", s)
                of_section = self.gate(section.show_if, source.file, (*at, "show_if"), rank)
                for p, page in enumerate(section.pages):
                    of_page = self.gate(
                        page.show_if, source.file, (*at, "pages", p, "show_if"), rank
                    )
                    rank += len(page.questions)
                    gates = [each for each in (asked_on, of_section, of_page) if each is not None]
                    if gates:
                        self.pages[source.name, page.id] = _every(gates)
                    for placement in page.questions:
                        self.placed.setdefault(placement.id, []).append(
                            _every(gates) if gates else None
                        )

    def on_routes(self, source: Source) -> Expression | None:
        if source.routes is None or self.route is None:
            return None
        id_ = self.route[1].id
        return OneOf(id_, source.routes, self.scope[id_]) if source.routes else logic.NEVER

    def gate(self, raw: object, file: str, path: Path, rank: int) -> Expression | None:
        if raw is None:
            return None
        expression = self.condition(raw, file, path)
        self.check_unsure(expression, self.scope, file, path)
        self.gates.append((file, path, expression, rank))
        return expression

    def check_unsure(
        self,
        expression: Expression,
        scope: Mapping[str, Domain],
        file: str,
        path: Path,
        mend: str = "name 'unsure' here",
    ) -> None:
        for name in sorted(logic.reads(expression)):
            rows, _, column = name.partition("/")
            domain = scope.get(rows)
            if domain is not None and column:
                domain = domain.columns.get(column)
            if domain and domain.unsure and not logic.names_unsure(expression, name):
                self.faults[file].add(path, f"'{name}' can be answered \"I don't know\": {mend}")

    def own_condition(
        self, asked: Asked, scope: Mapping[str, Domain], file: str, path: Path
    ) -> Expression | None:
        if asked.show_if is None:
            return None
        expression = self.condition(asked.show_if, file, (*path, "show_if"), scope)
        if asked.unsure_shows is not None:
            return say_unsure(expression, shows=asked.unsure_shows)
        mend = "name 'unsure' here, or add 'unsure: show' or 'unsure: hide'"
        self.check_unsure(expression, scope, file, (*path, "show_if"), mend)
        return expression

    def question_nodes(self) -> Iterator[Node]:
        asked: dict[str, Expression | None] = {}
        same: dict[Expression, Expression] = {}  # one object for equal conditions: tested once
        for id_, question in self.questions.items():
            file, path = self.where[id_]
            own = self.own_condition(question, self.scope, file, path)
            placed = self.placed.get(id_, [None])
            gate = (
                None if None in placed else _either([each for each in placed if each is not None])
            )
            asked[id_] = _every_of(gate, own)
        for id_, question in self.questions.items():
            when = asked[id_]
            if question.justifies:
                self.check_justified(question)
                # A justification is asked with its choice, so both can be filled in at once.
                when = _every_of(asked.get(question.justifies), when)
            yield QuestionNode(id_, when and same.setdefault(when, when))

    def check_justified(self, question: Question) -> None:
        file, path = self.where[question.id]
        choice = self.questions.get(question.justifies or "")
        if choice is None:
            hint = nearest(question.justifies or "", self.questions)
            self.faults[file].add((*path, "justifies"), f"no question '{question.justifies}'{hint}")
            return
        for code in question.prompts:
            if code not in choice.labels:
                hint = nearest(code, choice.labels)
                self.faults[file].add(
                    (*path, "prompts", code), f"'{choice.id}' has no option '{code}'{hint}"
                )

    def column_nodes(self) -> Iterator[Node]:
        for id_, question in self.questions.items():
            file, path = self.where[id_]
            earlier: dict[str, Domain] = {}
            if id_ not in self.scope:
                continue
            columns = self.scope[id_].columns
            for n, column in enumerate(question.columns):
                at = (*path, "columns", n)
                if column.derived:
                    yield self.derived_node(id_, column, file, at)
                else:
                    own = self.own_condition(column, earlier, file, at)
                    if own is not None:
                        yield ColumnNode(id_, column.id, own)
                if column.id in columns:
                    earlier[column.id] = columns[column.id]

    def derived_node(self, rows: str, column: Column, file: str, path: Path) -> Node:
        scope = self.scope[rows].columns
        if column.decide:
            outcomes = tuple(
                (outcome.code, self.outcome(outcome, file, (*path, "decide", n), scope))
                for n, outcome in enumerate(column.decide)
            )
            return DerivedNode(rows, column, outcomes=outcomes)
        if column.matrix:
            matrix = self.matrices.get(column.matrix.id)
            if matrix is None:
                hint = nearest(column.matrix.id, self.matrices)
                self.faults[file].add(
                    (*path, "matrix", "id"), f"there is no matrix '{column.matrix.id}'{hint}"
                )
                return DerivedNode(rows, column)
            use = column.matrix
            for name, scale in (
                (use.likelihood, matrix.likelihood),
                (use.severity, matrix.severity),
            ):
                if name not in scope:
                    self.faults[file].add(
                        (*path, "matrix"), f"no column '{name}'{nearest(name, scope)}"
                    )
                    continue
                for key, message in scale_amiss(name, scope[name].codes, scale):
                    self.faults[file].add((*path, "matrix", *key), message)
            return DerivedNode(rows, column, matrix=matrix, floor=self.floor(matrix))
        target = next(
            (
                c.rows
                for c in self.questions[rows].columns
                if column.look_up and c.id == column.look_up.row
            ),
            None,
        )
        return DerivedNode(rows, column, target=target)

    def floor(self, matrix: Matrix) -> tuple[Expression, ...]:
        for file, path, rule in self.each("matrices", Matrix):
            if rule is matrix:
                return tuple(
                    self.condition(floor.when, file, (*path, "floor", n, "when"))
                    for n, floor in enumerate(matrix.floor)
                )
        return ()

    def outcome(
        self, outcome: object, file: str, path: Path, scope: Mapping[str, Domain] | None = None
    ) -> Expression:
        if (outcome.when is None) != outcome.otherwise:
            self.faults[file].add(path, "an outcome has either 'when' or 'otherwise: true'")
        return (
            logic.ALWAYS
            if outcome.when is None
            else self.condition(outcome.when, file, (*path, "when"), scope)
        )

    # Derived facts

    def rule_nodes(self) -> Iterator[Node]:
        for file, path, rule in self.each("conditions", NamedCondition):
            yield ConditionNode(rule.id, rule, self.condition(rule.when, file, (*path, "when")))
        for file, path, rule in self.each("scores", Score):
            compiled = scores.read(
                rule.value, rule.points, self.scope, (*path, "value"), self.faults[file]
            )
            for n, name in enumerate(rule.with_):
                if name not in self.questions:
                    self.faults[file].add(
                        (*path, "with", n), f"no question '{name}'{nearest(name, self.questions)}"
                    )
            table = self.bands.get(rule.band.from_) if rule.band else None
            yield ScoreNode(rule.id, rule, compiled, table.levels if table else ())
        for file, path, rule in self.each("decisions", Decision):
            yield self.decision_node(file, path, rule)
        if self.route:
            yield self.decision_node(self.route[0], ("route",), self.route[1])

    def decision_node(self, file: str, path: Path, rule: Decision) -> DecisionNode:
        only_if = (
            None if rule.only_if is None else self.condition(rule.only_if, file, (*path, "only_if"))
        )
        for n, outcome in enumerate(rule.outcomes):
            if outcome.otherwise and n != len(rule.outcomes) - 1:
                self.faults[file].add(
                    (*path, "outcomes", n), "'otherwise' comes last: what follows never holds"
                )
            if [each.code for each in rule.outcomes[:n]].count(outcome.code):
                self.faults[file].add(
                    (*path, "outcomes", n, "code"), f"'{outcome.code}' is there already"
                )
        outcomes = tuple(
            (outcome.code, self.outcome(outcome, file, (*path, "outcomes", n)))
            for n, outcome in enumerate(rule.outcomes)
        )
        return DecisionNode(rule.id, rule, only_if, outcomes)

    def offering(self, file: str, path: Path, offer: Offer) -> Offering:
        when = tuple(
            None
            if entry.when is None
            else self.condition(entry.when, file, (*path, "entries", n, "when"))
            for n, entry in enumerate(offer.entries)
        )
        codes = [entry.code for entry in offer.entries]
        for n, code in enumerate(codes):
            if codes.index(code) != n:
                self.faults[file].add((*path, "entries", n, "code"), f"'{code}' is there already")
        return Offering(offer, when)

    def raising(
        self, file: str, path: Path, rule: object, roots: Mapping[str, frozenset[str]]
    ) -> Raising:
        when = self.condition(rule.when, file, (*path, "when"))
        known = {entry.code for offer in self.offers.values() for entry in offer.entries}
        for n, code in enumerate(rule.measures):
            if code not in known:
                self.faults[file].add(
                    (*path, "measures", n),
                    f"no offer has the measure '{code}'{nearest(code, known)}",
                )
        matrix = next(iter(self.matrices.values()), None)
        for key, scale in (("likelihood", "likelihood"), ("severity", "severity")):
            value, codes = getattr(rule, key), getattr(matrix, scale, {})
            if value is not None and value not in codes:
                self.faults[file].add(
                    (*path, key), f"'{value}' is none of {', '.join(codes) or 'the matrix'}"
                )
        twins = [other.id for _, _, other in self.each("flags", FlagRule)]
        if twins.count(rule.id) > 1:
            self.faults[file].add((*path, "id"), f"the flag '{rule.id}' is defined twice")
        reads = logic.reads(when)
        return Raising(
            rule, when, frozenset().union(*(roots.get(name, frozenset({name})) for name in reads))
        )

    def step_up(self) -> Expression | None:
        for file, path, matrix in self.each("matrices", Matrix):
            if matrix.step_up:
                return self.condition(matrix.step_up.when, file, (*path, "step_up", "when"))
        return None

    def suggestions(self) -> dict[str, tuple[Expression, ...]]:
        found = {}
        for id_, question in self.questions.items():
            file, path = self.where[id_]
            if question.suggest:
                found[id_] = tuple(
                    self.suggestion(question, n, file, (*path, "suggest", n))
                    for n in range(len(question.suggest))
                )
        return found

    def suggestion(self, question: Question, n: int, file: str, path: Path) -> Expression:
        suggestion = question.suggest[n]
        if question.type in QUESTION_TYPES:
            reading = type_of(question).from_file(question, suggestion.answer)
            if reading.error:
                self.faults[file].add((*path, "answer"), reading.error)
        return self.condition(suggestion.when, file, (*path, "when"))

    # Order

    def in_levels(self) -> tuple[tuple[Node, ...], ...]:
        aliases = {
            node.rule.band.id: node.id
            for node in self.nodes.values()
            if isinstance(node, ScoreNode) and node.rule.band
        }
        needs: dict[str, set[str]] = {}
        for id_, node in self.nodes.items():
            names = {aliases.get(name, name) for name in node_reads(node)}
            # A plain column comes with its rows.
            needs[id_] = {name if name in self.nodes else name.split("/")[0] for name in names}
        try:
            order = list(TopologicalSorter(needs).static_order())
        except CycleError as cycle:
            names = cycle.args[1]
            file, path = self.where.get(names[0].split("/")[0], (self.sources[0].file, ()))
            self.faults[file].add(
                path, f"each waits for the next, for ever: {' → '.join(reversed(names))}"
            )
            return ()
        depth: dict[str, int] = {}
        for id_ in order:
            depth[id_] = max(
                (depth[name] + 1 for name in needs.get(id_, ()) if name in depth), default=0
            )
        levels: list[list[Node]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
        for id_, node in self.nodes.items():
            levels[depth[id_]].append(node)
        return tuple(map(tuple, levels))

    def follow_back(self, levels: tuple[tuple[Node, ...], ...]) -> dict[str, frozenset[str]]:
        """For every fact the questions it rests on, derived facts followed back."""
        roots: dict[str, frozenset[str]] = {}
        for node in (node for level in levels for node in level):
            if isinstance(node, QuestionNode):
                roots[node.id] = frozenset({node.id})
                continue
            found: set[str] = set()
            for name in node_reads(node):
                base = name.split("/")[0]
                found |= roots.get(name, roots.get(base, frozenset({base})))
            roots[node.id] = frozenset(found)
            if isinstance(node, ScoreNode) and node.rule.band:
                roots[node.rule.band.id] = frozenset(found)
        return roots

    def check_order(self, roots: Mapping[str, frozenset[str]]) -> None:
        """What a question or page waits for is asked before it."""
        first = {id_: places[0].rank for id_, places in self.places.items()}
        for id_, question in self.questions.items():
            if question.show_if is not None:
                file, path = self.where[id_]
                own = logic.read(question.show_if, self.scope, (), Faults(file))
                at = (*path, "show_if")
                self.check_earlier(own, file, at, first.get(id_, 0), first, roots)
        for file, path, expression, rank in self.gates:
            self.check_earlier(expression, file, path, rank, first, roots)

    def check_earlier(
        self,
        expression: Expression,
        file: str,
        path: Path,
        rank: int,
        first: Mapping[str, int],
        roots: Mapping[str, frozenset[str]],
    ) -> None:
        for base in sorted({name.split("/")[0] for name in logic.reads(expression)}):
            late = [root for root in roots.get(base, (base,)) if first.get(root, -1) >= rank]
            if late:
                through = "" if late == [base] else f" (through {', '.join(sorted(late)[:3])})"
                what = "this question" if "questions" in path else "this page"
                self.faults[file].add(
                    path, f"'{base}' is asked later than {what}{through}: move one of them"
                )


def _every(items: list[Expression]) -> Expression:
    return items[0] if len(items) == 1 else Every(tuple(items))


def _either(items: list[Expression]) -> Expression:
    distinct = list(dict.fromkeys(items))
    return distinct[0] if len(distinct) == 1 else Either(tuple(distinct))


def _every_of(*items: Expression | None) -> Expression | None:
    there = [item for item in items if item is not None]
    return _every(there) if there else None
