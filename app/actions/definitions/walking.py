"""Walking through a draft as if it were live: where a walk starts from, and keeping it as an example."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from app.actions.access.policy import SEES
from app.actions.access.roles import ROLES
from app.actions.actor import Actor
from app.actions.answers import open_sheet
from app.actions.answers_file import BadAnswers, changes_of, read_answers
from app.actions.assessments import evaluate_sheet
from app.actions.definitions import drafts
from app.actions.errors import NotAllowed, NotFound
from app.catalogue import Catalogue
from app.catalogue.editing import File
from app.catalogue.things import FLAG, Thing, find
from app.core.assessment import Result, outcomes
from app.core.days import day_of
from app.core.difference.graph import Graph, read_by
from app.core.facts import Facts, facts_given
from app.core.program import Program, QuestionNode
from app.core.sheet import Sheet, Stamp, merge
from app.store.drafts import Draft
from app.store.sheets import write_sheet
from app.store.walks import Walk, drop_walks, find_walk, keep_walk, new_key, parted, walks_of

SAMPLES = Path("questionnaires") / "samples"
NOT_ANSWERS = frozenset({"demo"})
FAULTY = "The draft has faults: mend them first."
MOST = 8
"""How many walks of a draft a person has; the oldest give way."""

WALKED_AS = {role: title for role, title in ROLES.items() if role in SEES}
"""The roles in which a draft can be walked."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where a walk starts: its name, the answers it has already, and the stage it stands at."""

    title: str
    answers: Mapping[str, Any]
    stage: str
    at: datetime


def begin_walk(
    conn: Connection, actor: Actor, draft: Draft, catalogue: Catalogue, beginning: Beginning
) -> Walk:
    """Begin a walk through a draft. Raises NotAllowed when its answers do not fit the draft."""
    given = _fitting(beginning.answers, catalogue.program)
    stamp = Stamp(actor.name, beginning.at, "preview", str(draft.id))
    sheet = merge(Sheet(), changes_of(given), (), stamp).sheet
    walk = Walk(
        new_key(),
        draft.id,
        actor.person_id,
        beginning.title,
        beginning.stage,
        1,
        write_sheet(sheet),
        beginning.at,
        beginning.at,
    )
    drop_walks(conn, [each.key for each in walks_of(conn, draft.id, actor.person_id)[MOST - 1 :]])
    keep_walk(conn, walk)
    return walk


def _fitting(answers: Mapping[str, Any], program: Program) -> dict[str, Any]:
    """Answers as a file would give them; what is worked out is left out."""
    asked = {id_: value for id_, value in answers.items() if id_ in program.questions}
    for id_, value in asked.items():
        if program.questions[id_].type == "rows" and isinstance(value, list):
            derived = {each.id for each in program.questions[id_].columns if each.derived}
            hidden = {*derived, "id", "owner"}
            asked[id_] = [{k: v for k, v in row.items() if k not in hidden} for row in value]
    try:
        return read_answers("answers", json.dumps(asked, ensure_ascii=False).encode(), program)
    except BadAnswers as bad:
        raise NotAllowed(f"These answers do not fit the draft: {bad.lines[0]}") from bad


def open_walk(conn: Connection, actor: Actor, reference: str) -> tuple[Walk, Draft]:
    """A person's own walk, with its draft. Raises NotFound."""
    walk = find_walk(conn, parted(reference)[0])
    if walk is None or walk.person_id != actor.person_id:
        raise NotFound(reference)
    return walk, drafts.open_draft(conn, actor, walk.draft_id)


def samples(root: Path) -> tuple[str, ...]:
    """The names of the files of answers that come with the definitions."""
    found = sorted(path.stem for path in (root / SAMPLES).glob("*.yaml"))
    return tuple(name for name in found if name not in NOT_ANSWERS)


def sample_answers(root: Path, name: str, program: Program) -> dict[str, Any]:
    """The answers of a sample. Raises NotFound, and NotAllowed when they do not fit the draft."""
    if name not in samples(root):
        raise NotFound(name)
    try:
        return read_answers(name, (root / SAMPLES / f"{name}.yaml").read_bytes(), program)
    except BadAnswers as bad:
        raise NotAllowed(f"This sample does not fit the draft: {bad.lines[0]}") from bad


def examples_of(catalogue: Catalogue) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """For each flag with an example: its id, its title, and answers that raise it."""
    for rules in catalogue.rules.values():
        for flag in rules.flags:
            if flag.raised_by:
                yield flag.id, flag.title, flag.raised_by[0]


# A walk as an example


@dataclass(frozen=True, slots=True)
class Exemplary:
    """A flag as a walk finds it: `result` is what it comes to, `answers` what that rests on."""

    id: str
    title: str
    result: Result
    answers: Mapping[str, Any]

    @property
    def key(self) -> str | None:
        """Under which key of its rule the walk would stand; None while it settles nothing."""
        return {Result.RAISED: "raised_by", Result.CLEAR: "not_by"}.get(self.result)


def exemplary(conn: Connection, actor: Actor, reference: str, on: date) -> tuple[Exemplary, ...]:
    """Each flag of the draft as a walk finds it; those that are settled, raised ones first."""
    catalogue, found = _facts(conn, actor, reference, on)
    graph = Graph(catalogue.program)
    results = outcomes(found)
    told = [
        Exemplary(
            each.rule.id, each.rule.title, results[each.rule.id], _behind(graph, each.when, found)
        )
        for each in catalogue.program.flags
        if each.rule.id in results
    ]
    settled = [each for each in told if each.key is not None and each.answers]
    return tuple(sorted(settled, key=lambda each: each.result is not Result.RAISED))


def keep_example(
    conn: Connection, actor: Actor, reference: str, rule: str, at: datetime
) -> tuple[Draft, str]:
    """Write a walk into the draft as an example of a rule; the draft and the file it was written to.

    Raises NotFound, NotAllowed, Conflict.
    """
    _, draft = open_walk(conn, actor, reference)
    found = next((e for e in exemplary(conn, actor, reference, day_of(at)) if e.id == rule), None)
    if found is None or found.key is None:
        raise NotAllowed("This walk does not settle that rule: answer more of what it reads.")
    files = drafts.draft_files(conn, draft)
    thing = find(files, FLAG, rule)
    if thing is None:
        raise NotFound(rule)
    _check_example(files, found, day_of(at))
    content = _written(File.of(files[thing.file]), thing, found)
    typed = drafts.Typed(thing.file, content, draft.version, at)
    return drafts.save_draft_file(conn, actor, draft.id, typed).draft, thing.file


def _check_example(files: Mapping[str, bytes], found: Exemplary, on: date) -> None:
    """Refuse answers that do not come to the same when they are all that is known."""
    catalogue = drafts.checked(files).catalogue
    if catalogue is None:
        raise NotAllowed(FAULTY)
    when = next(each.when for each in catalogue.program.flags if each.rule.id == found.id)
    truth = facts_given(catalogue.program, found.answers, on).truth(when)
    if truth is not (found.result is Result.RAISED):
        raise NotAllowed("By these answers alone nobody can tell: answer more of what it reads.")


def _written(file: File, thing: Thing, found: Exemplary) -> bytes:
    key = str(found.key)
    there = file.at(thing.path)
    listed = there.get(key) or []
    if dict(found.answers) in listed:
        raise NotAllowed("The rule has this very example already.")
    to = (*thing.path, key)
    if listed:
        return file.insert(to, len(listed), dict(found.answers)).content
    return file.put(to, [dict(found.answers)], tuple(there)).content


def _facts(conn: Connection, actor: Actor, reference: str, on: date) -> tuple[Catalogue, Facts]:
    _, draft = open_walk(conn, actor, reference)
    catalogue = drafts.checked(drafts.draft_files(conn, draft)).catalogue
    if catalogue is None:
        raise NotAllowed(FAULTY)
    opened = open_sheet(conn, actor, reference)
    return catalogue, evaluate_sheet(catalogue, opened.sheet, on, opened.project.id).facts


def _behind(graph: Graph, when: Any, found: Facts) -> dict[str, Any]:
    """The answers that a condition rests on, as an example says them."""
    ids = graph.cone(read_by(when))
    kept: dict[str, Any] = {}
    for id_, node in graph.program.nodes.items():
        if isinstance(node, QuestionNode) and id_ in ids and found.values.get(id_) is not None:
            value = found.values[id_]
            kept[id_] = [_row(graph.program, id_, row) for row in value] if _rows(value) else value
    return kept


def _rows(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and isinstance(value[0], Mapping)


def _row(program: Program, id_: str, row: Mapping[str, Any]) -> dict[str, Any]:
    typed = {each.id for each in program.questions[id_].columns if not each.derived}
    return {name: value for name, value in row.items() if name in typed and value is not None}
