"""Two editors at one form: what each of them changed, part by part, and what stands of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.catalogue.things import Thing
from app.core import building
from app.core.building import sums
from app.web.editor import builder, summing
from app.web.editor.builder import Shown
from app.web.editor.fields import BOXES, SELECT, TICK, Field
from app.web.editor.filling import SHOWN, Filled, Form, clean
from app.web.editor.summing import ShownSum

PICK = "pick-"
MINE, THEIRS = "mine", "theirs"
NOTHING = "Nothing"
AS_TEXT = "It was changed as text, and says more than a form can show."


@dataclass(frozen=True)
class Part:
    """One part of a form: what it is called, what it holds to be compared, and that in words."""

    name: str
    label: str
    holds: object
    words: str


@dataclass(frozen=True)
class Meet:
    """A part that both changed, and unlike."""

    name: str
    label: str
    mine: str
    theirs: str
    picked: str = ""


@dataclass(frozen=True)
class Met:
    """What became of a form whose definition another changed meanwhile.

    `homeless`: what I typed where nothing is any more. `form`: what is left to be written.
    `looked`: whether what it says now was shown beside what I typed before this was posted.
    """

    meets: tuple[Meet, ...]
    homeless: tuple[Part, ...]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    form: Form
    looked: bool

    @property
    def unsettled(self) -> bool:
        """Whether somebody has to look before anything is saved."""
        unseen = bool(self.homeless) and not self.looked
        return unseen or any(not each.picked for each in self.meets)


def meet(filled: Filled, now: Thing | None, form: Form, *, looked: bool = False) -> Met:
    """What I typed over a definition as I saw it, met with what it says now (None: it is gone)."""
    desk, shown = filled.desk, set(form.get(SHOWN, ()))
    seen = {each.name: each for each in _parts(Filled.of(desk, filled.thing))}
    there = {each.name: each for each in _parts(Filled.of(desk, now))} if now else {}
    there = _at_home(there, seen)
    posted = [each for each in _parts(filled) if _is_posted(each.name, shown, form)]
    mine = [each for each in posted if each.holds != seen[each.name].holds]
    homeless = [each for each in mine if each.name not in there]
    meets = [
        Meet(
            each.name,
            each.label,
            each.words,
            there[each.name].words,
            _picked(form, each.name) if looked else "",
        )
        for each in mine
        if each.name in there and there[each.name].holds not in (seen[each.name].holds, each.holds)
    ]
    met = {each.name for each in meets}
    ours = [each for each in mine if each.name in there and each.name not in met]
    left = {each.name for each in ours} | {each.name for each in meets if each.picked == MINE}
    return Met(
        tuple(meets),
        tuple(homeless),
        tuple(each.label for each in ours),
        tuple(
            each.label
            for name, each in there.items()
            if name not in met and name in seen and each.holds != seen[name].holds
        ),
        _only(form, left),
        looked,
    )


def hidden(form: Form, without: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What was posted, to be posted once more with the choices."""
    for name, values in form.items():
        if name not in without and not name.startswith(PICK):
            yield from ((name, value) for value in values)


def _picked(form: Form, name: str) -> str:
    picked = next(iter(form.get(f"{PICK}{name}", ())), "")
    return picked if picked in (MINE, THEIRS) else ""


def _is_posted(name: str, shown: set[str], form: Form) -> bool:
    return name in shown or f"{name}-builder" in form


def _only(form: Form, names: set[str]) -> Form:
    """The form with these parts alone: what the others hold stays as it is."""
    kept: dict[str, Sequence[str]] = {
        key: values
        for key, values in form.items()
        if not key.endswith("-builder") or key.removesuffix("-builder") in names
    }
    kept[SHOWN] = [name for name in form.get(SHOWN, ()) if name in names]
    return kept


def _at_home(there: Mapping[str, Part], seen: Mapping[str, Part]) -> dict[str, Part]:
    """What is there under the names of the page; a list with other parts has names of its own.

    The third line of a list of four is not the third of five, whatever both are called.
    """
    changed = {_list_of(name) for name in there.keys() ^ seen.keys()} - {""}
    return {name: each for name, each in there.items() if _list_of(name) not in changed}


def _list_of(name: str) -> str:
    """The list in which a part stands: "levels" of "levels-2-label"; nothing for any other part."""
    head, *rest = name.split("-")
    return head if any(each.isdecimal() for each in rest) else ""


# What a form holds, part by part


def _parts(filled: Filled) -> Iterator[Part]:
    for each in filled.asks:
        values = filled.values[each.name]
        yield Part(each.name, each.label, clean(each, values), _said(filled, each, values))
    for shown in filled.conditions:
        yield _condition(shown)
    if filled.score is not None:
        yield _score(filled.score)


def _said(filled: Filled, each: Field, values: tuple[str, ...]) -> str:
    """What a field holds, as people read it."""
    if each.control == TICK:
        return "Yes" if values else "No"
    if each.control in (SELECT, BOXES):
        options = each.options(filled.desk, filled.thing) if each.options else ()
        labels = {option.code: option.label for option in options}
        said = ", ".join(labels.get(code, code) for code in values if code)
    else:
        said = "\n".join(values)
    return said.strip() or NOTHING


def _condition(shown: Shown) -> Part:
    name, label = shown.field.key, shown.field.title
    if shown.built is None:
        return Part(name, label, None, AS_TEXT)
    runs = building.english(shown.built, shown.offers, shown.field.begins)
    words = "".join(run.text for run in runs)
    settled = builder.settle(shown)
    holds: Any = repr(shown.built)
    if not settled.faults:
        holds = json.dumps(building.expression_of(settled.built))
    settles = {"hide": " “I don't know” does not ask it.", "show": " “I don't know” counts."}
    return Part(name, label, (holds, shown.settles), words + settles.get(shown.settles, ""))


def _score(shown: ShownSum) -> Part:
    if shown.found is None:
        return Part(summing.KEY, "How it is worked out", None, AS_TEXT)
    found = shown.found
    lines = [summing.HOWS[found.how], *(_part_of_score(shown, each) for each in found.parts)]
    holds = (json.dumps(sums.value_of(found)), tuple(sorted(shown.typed.items())))
    return Part(summing.KEY, "How it is worked out", holds, "\n".join(lines))


def _part_of_score(shown: ShownSum, part: sums.Part) -> str:
    offered = shown.offers.get(part.about)
    name = offered.name if offered else part.about or "…"
    times = "" if part.weight == 1 else f", times {part.weight}"
    if part.kind == sums.HOLDS:
        times = f", adds {part.weight}"
    answers = offered.answers if offered else {}
    points = ", ".join(f"{answers.get(c, c)} {p}" for c, p in (part.table or {}).items())
    return f"{name}{times}{f' ({points})' if points else ''}"
