"""Projects with every question answered, made up from the definitions themselves."""

from datetime import UTC, date, datetime, time
from random import Random

from app.core.domains import UNSURE, Domain, Kind
from app.core.facts import facts
from app.core.program import Program
from app.core.questions import Answer, Column, Question

ON = date(2026, 6, 1)
ANSWERS = 250
MOST_ROUNDS = 60
WORDS = "The housing team matches names with the register each month and keeps the result a year. "

Answers = dict[str, Answer]


def projects(program: Program, how_many: int) -> list[Answers]:
    """Different projects with about 250 answers each, on the longest routes, the same every run."""
    whole = [fill(program, Random(seed)) for seed in range(how_many * 4)]
    longest = sorted(whole, key=lambda one: counted(program, one), reverse=True)
    return [begun(program, one, ANSWERS) for one in longest[:how_many]]


def fill(program: Program, draw: Random) -> Answers:
    """Answer what is asked until nothing asked is blank."""
    answers: Answers = {}
    for _ in range(MOST_ROUNDS):
        known = facts(program, answers, ON)
        blank = sorted(known.shown - set(answers))
        if not blank:
            break
        for id_ in blank:
            answers[id_] = answer(program.questions[id_], program.scope.get(id_), draw)
    return answers


def begun(program: Program, answers: Answers, most: int) -> Answers:
    """Keep the first answers, in the order in which they are asked."""
    order = sorted(answers, key=lambda id_: program.places[id_][0].rank)
    kept: Answers = {}
    for id_ in order:
        kept[id_] = answers[id_]
        if counted(program, kept) >= most:
            break
    return kept


def counted(program: Program, answers: Answers) -> int:
    """How many single answers count: a row has one for each of its columns."""
    known = facts(program, answers, ON)
    values = [answers[id_] for id_ in known.shown if id_ in answers]
    return sum(
        sum(len(row) - 1 for row in value) if isinstance(value, list) and rowlike(value) else 1
        for value in values
    )


def rowlike(value: list[object]) -> bool:
    """Whether a list is of rows rather than of option codes."""
    return any(isinstance(one, dict) for one in value)


def answer(question: Question | Column, domain: Domain | None, draw: Random) -> Answer:
    """Return something a person might have answered."""
    kind = domain.kind if domain else Kind.TEXT
    if kind is Kind.ROWS and isinstance(question, Question):
        return [row(question, domain, draw)]
    if question.type == "file":
        at = datetime.combine(ON, time(9), UTC).isoformat()
        return {"hash": "0" * 64, "name": "Diagram.pdf", "kind": "pdf", "size": 48_200, "at": at}
    return single(question, kind, draw)


def single(asked: Question | Column, kind: Kind, draw: Random) -> Answer:
    """One value, not rows."""
    codes = [code for code in asked.labels if code not in (UNSURE, asked.exclusive)] or ["yes"]
    if kind is Kind.CODE:
        return draw.choice(codes)
    if kind is Kind.CODES:
        return draw.sample(codes, min(2, len(codes)))
    if kind is Kind.NUMBER:
        return draw.randint(int(float(asked.min or 0)), int(float(asked.max or 5000)))
    if kind is Kind.DATE:
        return date(2026, draw.randint(1, 12), draw.randint(1, 28)).isoformat()
    if kind is Kind.ROW:
        return 1
    return (WORDS * 2)[: min(draw.randint(40, 160), asked.max_length or 300)].strip()


def row(question: Question, domain: Domain | None, draw: Random) -> dict[str, object]:
    """The first row, with every column that is asked."""
    columns = domain.columns if domain else {}
    values: dict[str, object] = {"id": 1}
    for column in question.columns:
        if not column.derived:
            kind = columns[column.id].kind if column.id in columns else Kind.TEXT
            values[column.id] = single(column, kind, draw)
    return values
