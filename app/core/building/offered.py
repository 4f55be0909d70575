"""What the builder offers at one place: the questions that may be read there, tests and answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.core.building import lines
from app.core.domains import DATE_VERBS, VERBS, Domain, Kind
from app.core.program import Place, Program, base_of, bases, node_reads
from app.core.questions import Question

_ORDERING = ((lines.LESS, "<"), (lines.AT_MOST, "<="), (lines.MORE, ">"), (lines.LEAST, ">="))
_CHOICE = {lines.IS: VERBS["==="], lines.IS_NOT: VERBS["!=="]}
_ORDERED = {test: VERBS[sign] for test, sign in _ORDERING}
_TESTS: Mapping[Kind, Mapping[str, str]] = {
    Kind.CODE: _CHOICE,
    Kind.CODES: {lines.INCLUDES: "includes", lines.INCLUDES_NOT: "does not include"},
    Kind.NUMBER: _CHOICE | _ORDERED,
    Kind.DATE: _CHOICE | {test: DATE_VERBS[sign] for test, sign in _ORDERING},
    Kind.TRUTH: {lines.HOLDS: "is so", lines.HOLDS_NOT: "is not so"},
    Kind.ROWS: {
        lines.SOME: "has at least one where",
        lines.NONE: "has none where",
        lines.ALL: "has only ones where",
        lines.NOT_ALL: "has not only ones where",
    },
}


@dataclass(frozen=True, slots=True)
class Offered:
    """A question, derived fact or column that a line may be about.

    `tests`: by their codes, as people read them. `answers`: the options by their codes; empty for a
    number (`unit`), a date or a named condition. `columns`: of rows. `place`: where it is first asked.
    """

    id: str
    name: str
    kind: Kind
    tests: Mapping[str, str]
    answers: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    unsure: bool = False
    row_name: str = "row"
    columns: Mapping[str, Offered] = field(default_factory=dict)
    place: Place | None = None

    def several(self, test: str) -> bool:
        """Whether a line with this test may name more than one answer."""
        several = (lines.IS, lines.IS_NOT, lines.INCLUDES, lines.INCLUDES_NOT)
        return test in several and self.kind in (Kind.CODE, Kind.CODES)


@dataclass(frozen=True, slots=True)
class Offers:
    """All that is offered at one place, in the order in which it is asked.

    `barred`: what there is but not for this place, each with the reason. `gate`: whether the condition
    says when something is asked, so that "I don't know" must be settled.
    """

    these: Mapping[str, Offered]
    barred: Mapping[str, str] = field(default_factory=dict)
    gate: bool = False


def for_question(program: Program, id_: str) -> Offers:
    """What the `show_if` of a question may read: what is asked before the question first is."""
    places = program.places.get(id_)
    return before(program, places[0].rank) if places else before(program, None)


def for_page(program: Program, questionnaire: str, page: str) -> Offers:
    """What the `show_if` of a page may read: what is asked before its first question."""
    ranks = [
        place.rank
        for places in program.places.values()
        for place in places
        if (place.questionnaire, place.page) == (questionnaire, page)
    ]
    return before(program, min(ranks, default=None))


def for_section(program: Program, questionnaire: str, section: str) -> Offers:
    """What the `show_if` of a section may read: what is asked before its first question."""
    ranks = [
        place.rank
        for places in program.places.values()
        for place in places
        if (place.questionnaire, place.section) == (questionnaire, section)
    ]
    return before(program, min(ranks, default=None))


def for_new_question(program: Program, questionnaire: str, pages: Sequence[str]) -> Offers:
    """What the `show_if` of a question may read that is to stand last on the last of these pages.

    `pages`: from the first of the questionnaire on, for a new page asks nothing yet.
    """
    ranks = {
        place.rank: place.page
        for places in program.places.values()
        for place in places
        if place.questionnaire == questionnaire
    }
    asked = [rank for rank, page in ranks.items() if page in pages]
    return before(program, max(asked) + 1 if asked else min(ranks, default=None))


def before(program: Program, rank: int | None) -> Offers:
    """What is asked before a rank in the whole pipeline (None: all that there is), for a gate."""
    late = {
        id_: "is asked later than this: choose an earlier question, or move one of them"
        for id_ in program.scope
        if rank is not None and _late(program, id_, rank)
    }
    return _offers(program, late, gate=True)


def for_rule(program: Program, id_: str | None = None) -> Offers:
    """What a rule, decision or block may read: everything but itself and what rests on it."""
    barred: dict[str, str] = {}
    if id_ is not None and id_ in program.scope:
        resting = "rests on this one, and would wait for itself: choose another"
        barred = dict.fromkeys(_resting_on(program, id_), resting)
        barred[id_] = "is what this condition defines: choose another"
    return _offers(program, barred)


def for_column(program: Program, rows: str, column: str) -> Offers:
    """What the `show_if` of a column may read: the columns before it in its row."""
    question = program.questions[rows]
    names = [each.id for each in question.columns]
    at = names.index(column) if column in names else len(names)
    known = _columns(question, program.scope[rows])
    later = "comes later in the row: choose an earlier column, or move one of them"
    these = {name: each for name, each in known.items() if name in names[:at]}
    return Offers(these, dict.fromkeys(names[at:], later), gate=True)


def for_row(program: Program, rows: str) -> Offers:
    """What a condition over one row may read: all its columns."""
    return Offers(_columns(program.questions[rows], program.scope[rows]))


def _late(program: Program, id_: str, rank: int) -> bool:
    """Whether something that a fact rests on is first asked at this rank or after it."""
    for root in program.roots.get(id_, frozenset({id_})):
        places = program.places.get(root)
        if not places or places[0].rank >= rank:
            return True
    return False


def _resting_on(program: Program, id_: str) -> Iterator[str]:
    """The derived facts that read this one, themselves or through others."""
    found = {id_}
    for node in (node for level in program.levels for node in level):
        base = base_of(node.id)
        if base not in found and bases(node_reads(node)) & found:
            found.add(base)
            yield base


def _offers(program: Program, barred: Mapping[str, str], *, gate: bool = False) -> Offers:
    asked = sorted(program.places, key=lambda id_: program.places[id_][0].rank)
    derived = [id_ for id_ in program.scope if id_ not in program.places]
    these = {
        id_: found
        for id_ in (*asked, *derived)
        if id_ not in barred and (found := _offered(program, id_)) is not None
    }
    return Offers(these, barred, gate)


def _offered(program: Program, id_: str) -> Offered | None:
    domain = program.scope.get(id_)
    if domain is None:
        return None
    question, places = program.questions.get(id_), program.places.get(id_)
    columns = _columns(question, domain) if question and domain.kind is Kind.ROWS else {}
    name = question.ask if question else domain.name
    return _of(id_, name, domain, columns, places[0] if places else None)


def _columns(question: Question, domain: Domain) -> dict[str, Offered]:
    known = {column.id: column for column in question.columns}
    found = {
        name: _of(name, known[name].ask or known[name].called, each)
        for name, each in domain.columns.items()
        if name in known
    }
    in_order = (found[column.id] for column in question.columns if found.get(column.id))
    return {each.id: each for each in in_order if each is not None}


def _of(
    id_: str,
    name: str,
    domain: Domain,
    columns: Mapping[str, Offered] | None = None,
    place: Place | None = None,
) -> Offered | None:
    """One offer; None for what no condition can read (wording)."""
    tests = _TESTS.get(domain.kind)
    if tests is None or (domain.kind is Kind.ROWS and not columns):
        return None
    return Offered(
        id_,
        name,
        domain.kind,
        {**tests, **_ORDERED} if domain.ordered else tests,
        domain.codes if domain.kind in (Kind.CODE, Kind.CODES) else {},
        domain.unit,
        domain.unsure,
        domain.row_name,
        columns or {},
        place,
    )
