"""A definition checked as somebody types it: what is wrong, at its line, and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from app import strict_yaml
from app.actions.definitions.drafts import shelf
from app.catalogue import ORGANISATIONS, BadDefinitions, Catalogue, compile_catalogue
from app.core.examples import rules_with_examples, wrong_examples
from app.core.rules import Rules

FAULT, FINDING = "fault", "finding"
MOST = 200  # of what is told of one file at once
EXAMPLES = 40  # that are tried at each check, of the rules that were changed

_MEANT = re.compile(r"^(?P<said>.*); did you mean '(?P<put>[^']+)'\?$", re.DOTALL)
_MEND = re.compile(
    r"^(?P<said>.*?[^\s:])[:;] (?P<mend>(?:add|begin|change|choose|compare|give|its options are|it takes|"
    r"mend|move|name|place|remove|rename|save|split|use|write)\b.*)$",
    re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Told:
    """Something told of one line. A fault bars publishing; a finding is for an editor to judge.

    `put`: what might be meant, to be written instead of the name at this place.
    """

    path: str
    line: int
    column: int
    message: str
    mend: str = ""
    kind: str = FAULT
    put: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What is told of one file, and how many faults its text leaves or makes in others.

    `catalogue`: all definitions with this text, where they have no fault.
    """

    here: tuple[Told, ...]
    elsewhere: tuple[Told, ...]
    catalogue: Catalogue | None = None


def check_text(
    files: Mapping[str, bytes], base: Mapping[str, bytes], path: str, text: bytes, on: date
) -> Check:
    """Check a draft with one of its files as it is typed; `base`: the files of its release.

    Nothing is kept, and no text stops it: what cannot be read is told in its place.
    """
    try:
        catalogue = compile_catalogue({**files, path: text}, shelf)
    except BadDefinitions as bad:
        told = [_fault(line) for line in bad.lines]
        here = tuple(each for each in told if each.path == path)
        elsewhere = tuple(each for each in told if each.path != path)
        return Check(here[:MOST], elsewhere[:MOST])
    return Check(tuple(_findings(catalogue, base.get(path), path, text, on)), (), catalogue)


def _fault(line: str) -> Told:
    path, at, column, message = line.split(":", 3)
    said, mend, put = parted(message.strip())
    return Told(path, int(at), int(column), said, mend, put=put)


def parted(message: str) -> tuple[str, str, str]:
    """A message as what is wrong, how to mend it, and what may be meant; as far as it says so."""
    meant = _MEANT.match(message)
    if meant is not None:
        put = meant["put"]
        return _sentence(meant["said"]), f"Did you mean {put}?", put
    mend = _MEND.match(message)
    if mend is not None:
        return _sentence(mend["said"]), _sentence(mend["mend"]), ""
    return _sentence(message), "", ""


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _findings(
    catalogue: Catalogue, before: bytes | None, path: str, text: bytes, on: date
) -> Iterator[Told]:
    """The examples of the rules that were changed here and do not come out as they say."""
    folder, _, name = path.removesuffix(".yaml").rpartition("/")
    part = catalogue.organisations if folder.endswith(ORGANISATIONS) else catalogue
    rules = part.rules.get(name) if part and folder.startswith("rules") else None
    if part is None or rules is None:
        return
    known = shelf.read(before, Rules).made if before is not None else None
    old = {} if known is None else {_named(rule): rule for rule in _rules(known)}
    changed = (
        rule
        for rule in rules_with_examples(part.program, rules)
        if old.get(_named(rule[1])) != rule[1]
    )
    wrong = [*wrong_examples(part.program, changed, on, EXAMPLES)]
    marks = strict_yaml.places(text) if wrong else {}
    for at, said in wrong:
        line, column = strict_yaml.place(marks, at)
        message, mend, put = parted(said)
        yield Told(path, line, column, message, mend, FINDING, put)


def _rules(rules: Rules) -> Iterator[object]:
    yield from rules.flags
    yield from rules.conditions
    for offer in rules.offers:
        yield from offer.entries


def _named(rule: object) -> tuple[str, str]:
    return type(rule).__name__, str(getattr(rule, "id", "") or getattr(rule, "code", ""))
