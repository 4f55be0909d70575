"""A proof in words: each finding with its line, what makes it so, and the nearest mend."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.core.proof.findings import Finding
from app.core.proof.formula import Place
from app.core.proof.proved import Proof

Located = Callable[[Place], str]  # a place as file:line:column

KINDS: dict[str, str] = {
    "question": "questions can be asked",
    "option": "options can be chosen",
    "page": "pages with a condition can be shown",
    "section": "sections with a condition can be shown",
    "column": "columns with a condition can be asked",
    "column option": "options of columns can be chosen",
    "suggestion": "suggestions can be made",
    "raised": "flags can be raised",
    "clear": "flags can be clear",
    "condition": "named conditions can hold",
    "failing": "named conditions can fail",
    "outcome": "outcomes of decisions can come about",
    "score": "scores can have a value",
    "band": "levels of scores can be reached",
    "never": "levels said to be out of reach are",
    "offered": "entries can be offered",
    "withheld": "entries can be left out",
    "floor": "exceptions of a risk matrix can apply",
    "step up": "steps up of a risk matrix can apply",
    "block": "blocks of documents can be printed",
    "text": "texts of documents can be printed with all they name",
    "placeholder": "facts have a value wherever they are printed",
    "stage": "stages can be closed, counted for each route",
    "implied": "flags imply no other of their severity unsaid",
    "implies": "flags said to imply another do",
}


def summary(proof: Proof) -> Iterator[str]:
    """What was proven, in a few lines."""
    for kind, number in proof.proven.items():
        yield f"  {number:5,} {KINDS.get(kind, kind)}"
    for each in proof.ranges:
        yield f"  score “{each.title}”: from {each.low:g} to {each.high:g}"
    more = "".join(f", {id_} up to {number}" for id_, number in proof.more_rows.items())
    yield f"Rows were followed up to {proof.rows} of a kind{more}."
    yield f"Not analysed: {len(proof.not_analysed)}."
    for says, why in proof.not_analysed:
        yield f"  whether {says}: not known, because {why}"


def told(finding: Finding, located: Located) -> Iterator[str]:
    """One finding: the line, why, and what to do."""
    yield f"{located(finding.place)}: {finding.says}"
    if finding.lines:
        many = len(finding.lines) > 1
        yield "  because of these lines together:" if many else "  because of this line:"
        for at, says in in_order(finding, located):
            yield f"    {at}: {says}"
    if finding.witness is not None:
        yield f"  as these answers show: {answers_text(finding.witness)}"
    yield f"  Nearest mend: {finding.mend}."
    if finding.follows:
        yield "  It follows that:"
        yield from (f"    {each}" for each in finding.follows)


def in_order(finding: Finding, located: Located) -> list[tuple[str, str]]:
    """The lines behind a finding as they stand in the files."""
    placed = [(located(line.place), line.says) for line in finding.lines]

    def stands(each: tuple[str, str]) -> tuple[str, int, int]:
        file, line, column = each[0].rsplit(":", 2)
        return file, int(line), int(column)

    return sorted(placed, key=stands)


def answers_text(answers: Mapping[str, Any]) -> str:
    """Answers as a file for `fingerpost assess` may hold them, on one line."""
    return json.dumps(dict(answers), ensure_ascii=False)


def as_data(proof: Proof, located: Located) -> dict[str, Any]:
    """A proof as plain data, for whoever shows it elsewhere, such as the pages of the editor.

    Every text is a plain sentence without marks, to be escaped like any other: `says` may stand as
    a heading; `lines` are what together makes it so, in the order of the files, each after its
    place; `witness` are answers that show it; `mend` follows the words “Nearest mend:”; `follows`
    is what else cannot happen because of it, and needs no mending of its own; `edit` is the mend as
    one change of a file: the value that stands at a path from then on (null: nothing does).
    """
    return {
        "findings": [
            {
                "kind": each.kind,
                "name": each.name,
                "at": located(each.place),
                "says": _heading(each.says),
                "mend": each.mend,
                "lines": [{"at": at, "says": says} for at, says in in_order(each, located)],
                "witness": None if each.witness is None else dict(each.witness),
                "follows": [_heading(what) for what in each.follows],
                "edit": _edit(each),
            }
            for each in proof.findings
        ],
        "proven": dict(proof.proven),
        "not_analysed": [{"what": what, "why": why} for what, why in proof.not_analysed],
        "ranges": {each.id: [each.low, each.high] for each in proof.ranges},
        "rows": proof.rows,
        "before": proof.before,
    }


def _edit(finding: Finding) -> dict[str, Any] | None:
    edit = finding.edit
    if edit is None:
        return None
    return {"file": edit.place.file, "path": list(edit.place.path), "value": edit.value}


def _heading(says: str) -> str:
    return says[:1].upper() + says[1:]
