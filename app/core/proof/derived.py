"""What follows from the answers, as literals: conditions, decisions, scores, derived columns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from app.core.domains import UNSURE, day_of
from app.core.logic import Expression
from app.core.program import ConditionNode, DecisionNode, DerivedNode, ScoreNode
from app.core.proof.fact import Fact
from app.core.proof.formula import FALSE, TRUE, Later, Place
from app.core.proof.lines import Said
from app.core.proof.sums import NumberError, Sums, TooManyError, Values, exact
from app.core.questions import LookUp, RowOutcome
from app.core.rules import BandUse, Floor, Outcome
from app.core.scores import TODAY

if TYPE_CHECKING:
    from app.core.proof.world import Pair, Row, World


class Derived:
    """Makes the derived facts of a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.formula = world.formula

    def condition(self, node: ConditionNode) -> Fact:
        """A named condition."""
        place = self.world.where.rule("conditions", node.id).at("when")
        about = f"“{node.rule.title}” means that"
        surely, possibly = self.world.stated(Said(node.when, node.rule.when, place, about))
        return Fact(
            there=self.formula.some([surely, -possibly]),
            waits=self.formula.every([possibly, -surely]),
            codes={"true": surely, "false": -possibly},
        )

    def decision(self, node: DecisionNode) -> Fact:
        """A decision: the first outcome that holds, if it applies."""
        place = self.world.where.rule("decisions", node.id)
        title = node.rule.title
        applies: Pair = TRUE, TRUE
        if node.only_if is not None:
            about = f"“{title}” is decided only if"
            said = Said(node.only_if, node.rule.only_if, place.at("only_if"), about)
            applies = self.world.stated(said)
        return self._first(
            applies, self._outcomes(node, node.rule.outcomes, place.at("outcomes"), title)
        )

    def _outcomes(
        self,
        node: DecisionNode | DerivedNode,
        rules: Iterable[Outcome | RowOutcome],
        place: Place,
        title: str,
        row: Row | None = None,
    ) -> Iterator[tuple[str, Pair]]:
        """When each outcome holds, in order; one without a condition always does."""
        for n, ((code, when), rule) in enumerate(zip(node.outcomes, rules, strict=True)):
            pair: Pair = TRUE, TRUE
            if rule.when is not None:
                about = f"“{title}” is “{rule.label}” if"
                said = Said(when, rule.when, place.at(n, "when"), about)
                pair = self.world.stated(said, row)
            yield code, pair

    def _first(self, applies: Pair, outcomes: Iterable[tuple[str, Pair]]) -> Fact:
        formula = self.formula
        waits = [formula.every([applies[1], -applies[0]])]
        left = applies[0]  # nothing before holds
        codes = {}
        for code, (surely, possibly) in outcomes:
            codes[code] = formula.every([left, surely])
            waits.append(formula.every([left, possibly, -surely]))
            left = formula.every([left, -possibly])
        return Fact(there=formula.some(codes.values()), waits=formula.some(waits), codes=codes)

    # Derived columns

    def column(self, node: DerivedNode, n: int) -> Fact:
        """A column that is worked out, in one row."""
        column = node.column
        if column.decide is not None:
            place = self.world.where.column(node.rows, column.id).at("decide")
            outcomes = self._outcomes(node, column.decide, place, column.called, (node.rows, n))
            return self._first((TRUE, TRUE), outcomes)
        return self._looked_up(node, n) if column.look_up else self._rated(node, n)

    def _looked_up(self, node: DerivedNode, n: int) -> Fact:
        """What stands elsewhere: one answer for all rows, or a column of other rows."""
        use = node.column.look_up
        if use is None:
            raise KeyError(node.id)
        if use.question:
            fact = self.world.fact(use.question)
            codes = {code: self.is_code(use.question, code) for code in fact.codes}
            return Fact(there=fact.there, waits=fact.waits, codes=codes)
        return self._in_other_rows(node, use, self.world.column(node.rows, n, use.row or ""))

    def _in_other_rows(self, node: DerivedNode, use: LookUp, reference: Fact) -> Fact:
        world, formula, rows = self.world, self.formula, node.target or ""
        target = world.fact(rows)
        there: list[int] = []
        waits = [reference.waits]
        held: dict[Any, list[int]] = {}
        left = reference.there  # none of the rows before is the one
        for k, row in enumerate(target.rows):
            is_row = formula.every([left, target.there, row])
            waiting, same = self._matched(rows, k, use, reference)
            waits.append(formula.every([is_row, waiting]))
            found = formula.every([is_row, -waiting, same])
            left = formula.every([left, -waits[-1], -found])
            other = world.column(rows, k, use.column or "")
            waits.append(formula.every([found, other.waits]))
            there.append(formula.every([found, other.there]))
            for value, literal in (*other.codes.items(), *other.points.items()):
                held.setdefault(value, []).append(formula.every([there[-1], literal]))
        waits.append(formula.every([left, target.waits]))
        values = {value: formula.some(each) for value, each in held.items()}
        return Fact(
            there=formula.some(there),
            waits=formula.some(waits),
            codes={value: each for value, each in values.items() if isinstance(value, str)},
            points={value: each for value, each in values.items() if not isinstance(value, str)},
        )

    def _matched(self, rows: str, k: int, use: LookUp, reference: Fact) -> tuple[int, int]:
        """Whether it is open which row this one is about, and whether it is the one meant."""
        if not use.by:
            return FALSE, reference.codes[str(k + 1)]
        by = self.world.column(rows, k, use.by)
        every, some = self.formula.every, self.formula.some
        same = some(every([each, by.codes[n]]) for n, each in reference.codes.items())
        return by.waits, every([by.there, same])

    def _rated(self, node: DerivedNode, n: int) -> Fact:
        use, matrix, formula = node.column.matrix, node.matrix, self.formula
        if use is None or matrix is None:
            return Fact(there=FALSE)
        severity = self.world.column(node.rows, n, use.severity)
        likelihood = self.world.column(node.rows, n, use.likelihood)
        both = formula.every([severity.there, likelihood.there])
        one_waits = formula.some([severity.waits, likelihood.waits])
        unsure = [each.codes.get(UNSURE, FALSE) for each in (severity, likelihood)]
        waits = [formula.every([-both, one_waits]), formula.every([both, formula.some(unsure)])]
        ratings: dict[str, list[int]] = {rating: [] for rating in matrix.ratings}
        for s, row in matrix.cells.items():
            for likely, rating in row.items():
                cell = (severity.codes.get(s, FALSE), likelihood.codes.get(likely, FALSE))
                left = formula.every([both, *cell])
                for k, floor in enumerate(matrix.floor):
                    if (floor.severity, floor.likelihood) == (s, likely):
                        surely, possibly = self._floor(matrix.id, k, floor, node.floor[k])
                        ratings[floor.rating].append(formula.every([left, surely]))
                        waits.append(formula.every([left, possibly, -surely]))
                        left = formula.every([left, -possibly])
                ratings[rating].append(left)
        codes = {rating: formula.some(each) for rating, each in ratings.items()}
        return Fact(formula.some(codes.values()), formula.some(waits), codes)

    def _floor(self, matrix: str, k: int, floor: Floor, when: Expression) -> Pair:
        place = self.world.where.rule("matrices", matrix).at("floor", k, "when")
        about = f"“{floor.label}” counts as more if"
        return self.world.stated(Said(when, floor.when, place, about))

    # Scores

    def score(self, node: ScoreNode) -> dict[str, Fact]:
        """A score, and its band under its own id; what it may come to is worked out if asked for."""
        formula = self.formula
        place = self.world.where.rule("scores", node.id)
        line = formula.named(place.at("value"), lambda: f"how “{node.rule.title}” is worked out")
        settled, nothing = self._settled(node), formula.new()
        sums = Sums(self, node.rule.points)
        values = Later(lambda: self._values(node, sums, line, nothing))
        try:
            formula.same(nothing, sums.nothing(node.rule.value), line)
        except NumberError:
            values.make()
        if not self.world.patient:
            values.make()
        there = formula.every([settled, -nothing])
        score = Fact(there, -settled, values=values, nothing=nothing, stated=line)
        found = {node.id: score}
        if node.rule.band:
            found[node.rule.band.id] = self._band(node, score)
        return found

    def _values(self, node: ScoreNode, sums: Sums, line: int, nothing: int) -> Values:
        try:
            values = sums.of(node.rule.value)
        except TooManyError:
            self.world.loose[node.id] = "it may take more values than are followed one by one"
            return {}
        except NumberError as error:
            self.world.loose[node.id] = str(error)
            return {}
        for value, literal in values.items():
            self.formula.add(-line, -literal, nothing if value is None else -nothing)
        return values

    def _settled(self, node: ScoreNode) -> int:
        """Whether all that it reads is answered or not asked."""
        open_ = []
        for name in sorted(node.compiled.reads):
            fact = self.world.fact(name)
            open_.append(fact.waits)
            if name not in node.compiled.settles_unsure and UNSURE in fact.codes:
                open_.append(self.formula.every([fact.there, fact.codes[UNSURE]]))
        for when in node.compiled.conditions:
            surely, possibly = self.world.outcome(when)
            open_.append(self.formula.every([possibly, -surely]))
        return -self.formula.some(open_)

    def _band(self, node: ScoreNode, score: Fact) -> Fact:
        formula, use = self.formula, node.rule.band
        if use is None:
            raise KeyError(node.id)
        held = formula.some(self.world.fact(name).waits for name in node.rule.with_)
        return Fact(
            there=formula.every([score.there, -held]),
            waits=formula.some([score.waits, formula.every([score.there, held])]),
            codes=self._levels(node, use, score),
        )

    def _levels(self, node: ScoreNode, use: BandUse, score: Fact) -> dict[str, int]:
        """A literal for each level."""
        formula = self.formula
        levels = {level.code: formula.new() for level in node.levels}
        formula.exactly_one(list(levels.values()))
        place = self.world.where.rule("bands", use.from_).at("levels")
        line = formula.named(
            place, lambda: f"from where to where each level of “{node.rule.title}” goes"
        )
        self.world.later(use.id, lambda: self._reached(node, score, levels, line))
        return levels

    def _reached(self, node: ScoreNode, score: Fact, levels: Mapping[str, int], line: int) -> None:
        """Which level each value reaches."""
        formula = self.formula
        starts = [float(level.from_ or 0) for level in node.levels]
        reached: dict[str, list[int]] = {code: [] for code in levels}
        for value, literal in (score.values or {}).items():
            if value is not None:
                code = node.levels[max(0, bisect_right(starts, float(value)) - 1)].code
                reached[code].append(literal)
                formula.add(-line, -score.stated, -literal, levels[code])
        if score.values:  # a level without values is ruled out at once
            for code, literals in reached.items():
                formula.add(-line, -score.stated, -score.there, -levels[code], *literals)

    # What a score reads (see sums.Leaves)

    def is_code(self, id_: str, code: str) -> int:
        """Whether a choice has this answer."""
        fact = self.world.fact(id_)
        return self.formula.every([fact.there, fact.codes.get(code, FALSE)])

    def number(self, id_: str) -> Values:
        """The values of a number or score. Raises NumberError."""
        fact = self.world.fact(id_)
        formula = self.formula
        if fact.values is None:
            whole = self.world.whole(id_)
            if whole is None:
                raise NumberError(f"it counts the number “{id_}”, which may be anything")
            found: Values = {
                exact(point): formula.every([fact.there, fact.points[point]]) for point in whole
            }
            return {**found, None: -fact.there}
        values = dict(fact.values)
        if id_ in self.world.loose:
            raise NumberError(self.world.loose[id_])
        found = {}
        for value, literal in values.items():
            found[value] = formula.new()
            formula.add(-fact.stated, -literal, found[value])
        return found

    def absent(self, id_: str) -> int:
        """Whether a number, a date or a score has no value."""
        if id_ == TODAY:
            return FALSE
        fact = self.world.fact(id_)
        return -fact.there if fact.values is None else fact.nothing

    def days(self, id_: str) -> Values:
        """A date as the number of its day; `today` is the day of the assessment."""
        if id_ == TODAY:
            return {self.world.on.toordinal(): TRUE}
        fact = self.world.fact(id_)
        found: Values = {
            day_of(day).toordinal(): self.formula.every([fact.there, literal])
            for day, literal in fact.points.items()
        }
        return {**found, None: -fact.there}

    def surely(self, raw: Any) -> int:
        """Whether a condition surely holds."""
        return self.world.outcome(self.world.where.read(raw))[0]

    def counted_rows(self, rows: str, raw: Any) -> tuple[int, list[int]]:
        """Whether the rows are there, and for each whether it is there and surely holds."""
        fact = self.world.fact(rows)
        body = self.world.where.read(raw, rows)
        holding = [
            self.formula.every([there, self.world.outcome(body, (rows, n))[0]])
            for n, there in enumerate(fact.rows)
        ]
        return fact.there, holding
