"""What is told at a terminal of definitions and of a file of answers."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import click

from app.actions.answers_file import BadAnswers, check_references, read_answers
from app.actions.assessments import About, documents, evaluate, ignored, told, written
from app.actions.counts import counts
from app.actions.files import beside
from app.catalogue import BadDefinitions, Catalogue, load
from app.core import logic
from app.core.assessment import Result
from app.core.record import Record
from app.core.telling import assessment_data
from app.core.wording import count
from app.terminal import fail


def catalogue_of(folder: Path) -> Catalogue:
    """The definitions of a folder; tells all their faults and leaves where there are any."""
    try:
        return load(folder)
    except BadDefinitions as bad:
        fail(bad.lines, f"{count(len(bad.lines), 'fault')} in the definitions.")


def tell_sound(catalogue: Catalogue, *, walk: bool) -> None:
    """Say that there are no faults, and how many questions each route asks of whom."""
    program = catalogue.program
    click.echo(
        f"No faults: {len(program.questions)} questions, {len(program.flags)} flags,"
        f" {len(program.levels)} levels of evaluation."
    )
    if not walk:
        return
    table, over = counts(catalogue)
    theirs = catalogue.organisations
    if theirs is not None:
        asked, flags = len(theirs.program.questions), len(theirs.program.flags)
        table.append(f"About organisations: {asked} questions, {flags} flags.")
        more, too_many = counts(theirs)
        table, over = [*table, *more], [*over, *too_many]
    for line in table:
        click.echo(line)
    if over:
        fail(over, "A route asks more than it may.")


def assess_file(folder: Path, answers: Path, out: Path, on: date, stage: str | None) -> None:
    """Assess a file of answers by the definitions of a folder, and write its documents."""
    catalogue = catalogue_of(folder)
    stages = [each.id for each in catalogue.pipeline.stages]
    if stage is not None and stage not in stages:
        raise click.BadParameter(f"{stage} is none of {', '.join(stages)}", param_hint="--stage")
    given, record = _told(catalogue, answers, on, stage)
    out.mkdir(parents=True, exist_ok=True)
    data = assessment_data(record, ignored(catalogue, given, record.facts))
    text = json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True)
    (out / "assessment.json").write_text(text + "\n", encoding="utf-8")
    outputs = documents(catalogue, record.facts, record.route)
    with click.progressbar(outputs, label="Documents", file=sys.stderr) as each:
        for name in each:
            file = catalogue.outlines[name].file_name
            (out / file).write_bytes(written(catalogue, record, name))
    raised = len(record.raised)
    click.echo(
        f"{raised} flags raised, {len(record.stops)} of them stops; {len(record.open)} checks open;"
        f" {len(data['unanswered'])} questions unanswered. Written to {out}"
    )


def _told(
    catalogue: Catalogue, answers: Path, on: date, stage: str | None = None
) -> tuple[dict[str, object], Record]:
    text = sys.stdin.buffer.read() if str(answers) == "-" else answers.read_bytes()
    try:
        piped = str(answers) == "-"
        files = beside(Path.cwd() if piped else answers.parent)
        given = read_answers("-" if piped else answers.name, text, catalogue.program, files)
    except BadAnswers as bad:
        fail(bad.lines, f"{count(len(bad.lines), 'fault')}; nothing was written.")
    amiss = check_references(given, catalogue.program)
    if amiss:
        fail(amiss, f"{count(len(amiss), 'fault')}; nothing was written.")
    return given, told(evaluate(catalogue, given, on), About(stage=stage))


def explain_flag(folder: Path, flag: str, answers: Path, on: date) -> None:
    """Say why a flag is raised, clear or undetermined by a file of answers."""
    catalogue = catalogue_of(folder)
    _, record = _told(catalogue, answers, on)
    every = {each.id: each for each in (*record.assessment.tasks, *record.assessment.flags)}
    if flag not in every:
        raise click.BadParameter(f"there is no flag {flag}", param_hint="FLAG")
    found = every[flag]
    when = next(each.when for each in catalogue.program.flags if each.rule.id == flag)
    click.echo(f"{found.id} {found.rule.title}: {found.result.value}")
    click.echo(f"It holds when {logic.english(when)}.")
    if found.raised:
        click.echo(f"Raised because {found.because.text()}.")
        for address in found.because.answers:
            click.echo(f"  {record.title(address)} {record.answer(address).text}")
    if found.result is Result.UNDETERMINED:
        click.echo("These answers would settle it:")
        for need in found.needs:
            click.echo(f"  {record.title(need)} ({record.answer(need).text})")
    click.echo(
        f"Source: {found.rule.source}. Confirmed: {found.rule.checked or 'not yet by a DPO'}."
    )
