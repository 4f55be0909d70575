"""What a question, a column, a band table or a risk matrix must say to make sense by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.core.domains import UNSURE, UNSURE_IS, is_date
from app.core.faults import nearest
from app.core.questions import NAMED_CHECKS, QUESTION_TYPES, TYPED_KEYS, Asked, Column
from app.core.rules import Bands, Matrix

Amiss = tuple[tuple[str | int, ...], str]  # the key at fault ((): the whole), and what is wrong

CHOOSING = ("choice", "multi", "band")
LOOK_UPS = {
    frozenset(keys) for keys in (("row", "column"), ("row", "column", "rows", "by"), ("question",))
}


def asked_amiss(asked: Asked) -> Iterator[Amiss]:
    """What a question or column lacks, or says in vain."""
    if isinstance(asked, Column) and asked.derived:
        if sum(way is not None for way in (asked.look_up, asked.matrix, asked.decide)) != 1:
            yield (), "a column has a type, or one of look_up, matrix, decide"
        elif asked.look_up and frozenset(asked.look_up.model_fields_set) not in LOOK_UPS:
            yield ("look_up",), "look_up says row and column, row, column, rows and by, or question"
        return
    barred = ("rows", "justification", "file") if isinstance(asked, Column) else ("row_of",)
    kind = None if asked.type in barred else QUESTION_TYPES.get(asked.type)
    if kind is None:
        known = [name for name in QUESTION_TYPES if name not in barred]
        hint = nearest(asked.type, known) or f"; use one of {', '.join(known)}"
        yield ("type",), f"there is no type '{asked.type}' here{hint}"
        return
    for key in sorted(asked.model_fields_set & TYPED_KEYS - kind.keys):
        yield (key,), f"'{key}' means nothing for the type {asked.type}: remove it"
    yield from _missing(asked)
    yield from _bounds(asked)


def _missing(asked: Asked) -> Iterator[Amiss]:
    if not asked.ask:
        yield (), "says nothing under 'ask'"
    if asked.type in CHOOSING and not asked.options and not asked.options_from:
        yield (), "needs 'options' or 'options_from'"
    if asked.exclusive and asked.exclusive not in asked.labels and not asked.options_from:
        hint = nearest(asked.exclusive, asked.labels)
        yield ("exclusive",), f"'{asked.exclusive}' is none of the options{hint}"
    if asked.type == "rows" and asked.restricted:
        yield ("restricted",), "a list cannot be restricted: its rows are named in other places"
    needed = {"justification": "justifies", "rows": "columns", "row_of": "rows"}.get(asked.type)
    if needed and not getattr(asked, needed, None):
        yield (), f"the type {asked.type} needs '{needed}'"


def _bounds(asked: Asked) -> Iterator[Amiss]:
    if asked.check is not None and asked.check not in NAMED_CHECKS:
        hint = nearest(asked.check, NAMED_CHECKS) or f"; use one of {', '.join(NAMED_CHECKS)}"
        yield ("check",), f"there is no check '{asked.check}'{hint}"
    wrong = False
    for key, bound in (("min", asked.min), ("max", asked.max)):
        fits = is_date(str(bound)) if asked.type == "date" else not isinstance(bound, str)
        if bound is not None and not fits:
            wrong = True
            wanted = 'a date such as "2026-05-01"' if asked.type == "date" else "a number"
            yield (key,), f"'{key}' is {wanted}, not '{bound}'"
    if asked.min is not None and asked.max is not None and not wrong:
        same = isinstance(asked.min, str) == isinstance(asked.max, str)
        if same and asked.min > asked.max:  # type: ignore[operator]  # of one type
            yield ("min",), f"'min' ({asked.min}) is more than 'max' ({asked.max})"


def bands_amiss(bands: Bands) -> Iterator[Amiss]:
    """Levels that do not rise from one without a beginning."""
    starts = [level.from_ for level in bands.levels]
    for n, level in enumerate(bands.levels):
        if level.code == UNSURE:
            yield ("levels", n, "code"), f"{UNSURE_IS}: call this level otherwise"
    later = [start for start in starts[1:] if start is not None]
    if not starts:
        yield ("levels",), "a band table needs levels"
    elif starts[0] is not None or len(later) != len(starts) - 1:
        yield ("levels",), "the first level has no 'from', every other has one"
    elif later != sorted(set(later)):
        yield ("levels",), "each level begins above the one before: let 'from' rise"


def matrix_amiss(matrix: Matrix) -> Iterator[Amiss]:
    """Cells that are missing, and ratings or codes that there are not."""
    for severity in matrix.severity:
        if severity not in matrix.cells:
            yield ("cells",), f"there are no cells for '{severity}'"
    for severity, row in matrix.cells.items():
        if severity not in matrix.severity:
            yield (
                ("cells", severity),
                f"no severity is called '{severity}'{nearest(severity, matrix.severity)}",
            )
        yield from _row_amiss(matrix, severity, row)
    for n, floor in enumerate(matrix.floor):
        scales = {
            "severity": matrix.severity,
            "likelihood": matrix.likelihood,
            "rating": matrix.ratings,
        }
        for key, scale in scales.items():
            code = getattr(floor, key)
            if code not in scale:
                yield ("floor", n, key), f"no {key} is called '{code}'{nearest(code, scale)}"


def _row_amiss(matrix: Matrix, severity: str, row: Mapping[str, str]) -> Iterator[Amiss]:
    for likelihood in matrix.likelihood:
        if likelihood not in row:
            yield ("cells", severity), f"there is no rating for '{likelihood}'"
    for likelihood, rating in row.items():
        if likelihood not in matrix.likelihood:
            hint = nearest(likelihood, matrix.likelihood)
            yield ("cells", severity, likelihood), f"no likelihood is called '{likelihood}'{hint}"
        if rating not in matrix.ratings:
            yield (
                ("cells", severity, likelihood),
                f"'{rating}' is no rating{nearest(rating, matrix.ratings)}",
            )


def scale_amiss(name: str, codes: Mapping[str, str], scale: Mapping[str, str]) -> Iterator[Amiss]:
    """The options of a column that its matrix does not know."""
    for code in codes:
        if code not in scale and code != UNSURE:
            yield (), f"'{code}' of '{name}' is not in the matrix{nearest(code, scale)}"
