"""A score on a page: what it is made of, with weights and points, and what was posted of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.catalogue import things
from app.catalogue.editing import File, same
from app.catalogue.things import Thing
from app.core import building
from app.core.building import Offered, sums
from app.core.building.sums import COUNT, HOLDS, NUMBER, POINTS, Number, Part, Sum
from app.core.domains import UNSURE, Kind
from app.web.editor.desk import Desk
from app.web.site import Context

KEY = "sum"
MOST = 60  # parts of one score
OMIT = "omit"
HOWS = {
    sums.SUM: "Added up",
    sums.MEAN: "The mean of those that count",
    sums.MIN: "The least of them",
    sums.MAX: "The most of them",
    COUNT: "How many of these conditions hold",
}
KINDS = {Kind.CODE: POINTS, Kind.NUMBER: NUMBER, Kind.TRUTH: HOLDS}
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")

Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class ShownSum:
    """A score as a form shows it. `found` None: only its text can show it; `typed`: what cannot be read."""

    offers: Mapping[str, Offered]
    found: Sum | None
    shared: Mapping[str, Any]
    errors: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)


def show(desk: Desk, thing: Thing) -> ShownSum | None:
    """A score as the draft has it; None for anything else."""
    if thing.kind != things.SCORE:
        return None
    offers = building.for_rule(desk.program(thing.file), thing.id).these
    of_score = {id_: one for id_, one in offers.items() if one.kind in KINDS}
    return ShownSum(
        of_score, sums.sum_of(thing.value.get("value")), thing.value.get("points") or {}
    )


def posted(shown: ShownSum, form: Form) -> ShownSum:
    """A score as a page posts it, after the button that was pressed has done its work."""
    if f"{KEY}-builder" not in form or shown.found is None:
        return shown
    how = _one(form, f"{KEY}-how")
    how = how if how in HOWS else shown.found.how
    errors: dict[str, str] = {}
    typed: dict[str, str] = {}
    parts = []
    for n in range(MOST):
        if f"{KEY}-{n}-about" not in form:
            break
        parts.append(_read(shown, form, n, how, errors, typed))
    act = _one(form, "do").split(":")
    if act[0] == KEY:
        parts, errors, typed = _done(parts, act[1:]), {}, {}
    elif not parts:
        errors[f"{KEY}-add"] = "Add a part: a score is made of something"
    return replace(shown, found=Sum(how, tuple(parts)), errors=errors, typed=typed)


def _done(parts: list[Part], act: list[str]) -> list[Part]:
    if act[:1] == ["add"] and len(parts) < MOST:
        return [*parts, Part(NUMBER, "")]
    if act[:1] == ["remove"] and len(act) == 2 and act[1].isdecimal() and len(act[1]) < 3:
        return [part for n, part in enumerate(parts) if n != int(act[1])]
    return parts


def _read(
    shown: ShownSum, form: Form, n: int, how: str, errors: dict[str, str], typed: dict[str, str]
) -> Part:
    """One part; what is amiss with it goes into `errors`, what cannot be read into `typed`."""
    about = _one(form, f"{KEY}-{n}-about")
    offered = shown.offers.get(about)
    if offered is None or (how == COUNT and offered.kind is not Kind.TRUTH):
        wanted = "a condition" if how == COUNT else "what it counts"
        errors[f"{KEY}-{n}-about"] = f"Choose {wanted} in part {n + 1}, or remove it"
        return Part(NUMBER, about if offered else "")
    weight = _weight(form, n, errors, typed) if how != COUNT else 1
    kind = KINDS[offered.kind]
    table = _table(shown, form, n, offered, errors, typed) if kind == POINTS else None
    return Part(kind, about, weight, table)


def _weight(form: Form, n: int, errors: dict[str, str], typed: dict[str, str]) -> Number:
    name = f"{KEY}-{n}-weight"
    text = _one(form, name).strip() or "1"
    number = _number(text)
    if number is None:
        errors[name] = f"The weight of part {n + 1} is a number, such as 2 or 0.5"
        typed[name] = text
    return 1 if number is None else number


def _table(
    shown: ShownSum,
    form: Form,
    n: int,
    offered: Offered,
    errors: dict[str, str],
    typed: dict[str, str],
) -> dict[str, Any] | None:
    """The points of a part; None where those that all parts share say enough."""
    codes = [code for code in offered.answers if code != UNSURE]
    given = {code: _one(form, f"{KEY}-{n}-code-{code}").strip() for code in offered.answers}
    if not any(given.values()):
        enough = all(code in shown.shared for code in codes)
        return None if enough else dict.fromkeys(codes, 0)
    table: dict[str, Any] = {}
    for code, text in given.items():
        name = f"{KEY}-{n}-code-{code}"
        number = OMIT if text == OMIT else _number(text)
        if number is not None:
            table[code] = number
        elif text or code != UNSURE:
            errors[name] = f"Points of “{offered.answers[code]}” are a number, or “omit”"
            typed[name] = text
    return table


def _number(text: str) -> Number | None:
    if not _NUMBER.fullmatch(text):
        return None
    return float(text) if "." in text else int(text)


def _one(form: Form, name: str) -> str:
    return (list(form.get(name, ())) or [""])[0]


def apply(shown: ShownSum | None, thing: Thing, file: File) -> File:
    """The file with the score as it was posted: only the parts that differ are written anew."""
    if shown is None or shown.found is None or shown.errors:
        return file
    value = sums.value_of(shown.found)
    before = thing.value.get("value")
    if same(value, before):
        return file
    path = (*thing.path, "value")
    if not isinstance(before, dict) or list(before) != list(value):
        return file.change(path, value)
    how = shown.found.how
    return _parts(file, (*path, how), before[how], value[how])


def _parts(file: File, path: tuple[str | int, ...], old: list[Any], new: list[Any]) -> File:
    first = 0
    while first < min(len(old), len(new)) and same(old[first], new[first]):
        first += 1
    last = 0
    most = min(len(old), len(new)) - first
    while last < most and same(old[-1 - last], new[-1 - last]):
        last += 1
    gone, came = old[first : len(old) - last], new[first : len(new) - last]
    for n in range(min(len(gone), len(came))):
        file = _nearest(file, (*path, first + n), gone[n], came[n])
    for n in range(len(came) - 1, len(gone) - 1, -1):
        file = file.insert(path, first + len(gone), came[n])
    for n in range(len(gone) - 1, len(came) - 1, -1):
        file = file.remove((*path, first + n))
    return file


def _nearest(file: File, path: tuple[str | int, ...], old: Any, new: Any) -> File:
    """The file with a value changed no further out than it has to be."""
    if isinstance(old, dict) and isinstance(new, dict) and list(old) == list(new):
        for key, each in new.items():
            file = _nearest(file, (*path, key), old[key], each)
        return file
    return file.change(path, new)


# For the template


def complaints(shown: ShownSum | None) -> Iterator[Context]:
    """What is amiss, for the summary at the top of the page."""
    for name, text in (shown.errors if shown else {}).items():
        yield {"anchor": name, "text": text}


def context(shown: ShownSum | None) -> Context | None:
    """Everything a page shows of a score; None where there is none."""
    if shown is None:
        return None
    found = shown.found
    if found is None:
        return {"built": False}
    return {
        "built": True,
        "how": [(code, label, code == found.how) for code, label in HOWS.items()],
        "counts": found.how == COUNT,
        "parts": [_part(shown, found, n, part) for n, part in enumerate(found.parts)],
        "error": shown.errors.get(f"{KEY}-add", ""),
    }


def _part(shown: ShownSum, found: Sum, n: int, part: Part) -> Context:
    offered = shown.offers.get(part.about)
    weight = f"{KEY}-{n}-weight"
    return {
        "n": n,
        "says": n + 1,
        "groups": _groups(shown, found.how, part.about),
        "error": shown.errors.get(f"{KEY}-{n}-about", ""),
        "weight": shown.typed.get(weight, str(part.weight)),
        "weight_error": shown.errors.get(weight, ""),
        "holds": part.kind == HOLDS,
        "points": list(_points(shown, n, part, offered)) if offered else [],
    }


def _groups(shown: ShownSum, how: str, chosen: str) -> list[Context]:
    groups: dict[str, list[tuple[str, str, bool]]] = {}
    titles = {
        Kind.CODE: "Answers that have points",
        Kind.NUMBER: "Numbers and other scores",
        Kind.TRUTH: "Named conditions",
    }
    for id_, one in shown.offers.items():
        if how != COUNT or one.kind is Kind.TRUTH:
            groups.setdefault(titles[one.kind], []).append((id_, one.name[:110], id_ == chosen))
    return [{"title": title, "options": options} for title, options in groups.items()]


def _points(shown: ShownSum, n: int, part: Part, offered: Offered) -> Iterator[Context]:
    if part.table is None:
        return
    for code, label in offered.answers.items():
        name = f"{KEY}-{n}-code-{code}"
        yield {
            "name": name,
            "label": label,
            "value": shown.typed.get(name, str(part.table.get(code, ""))),
            "error": shown.errors.get(name, ""),
        }
