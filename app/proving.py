"""Proofs at a terminal: what `fingerpost check --prove` runs and prints."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine

from app import strict_yaml
from app.actions.answers_file import BadAnswers, read_answers
from app.actions.catalogues import Catalogues
from app.actions.definitions import drafts
from app.actions.definitions.bench import count_examples
from app.actions.definitions.draft_proofs import PROVE, files_to_prove, keep_proof
from app.actions.jobs import Job, Work
from app.catalogue import ORGANISATIONS, Catalogue
from app.core.days import day_of
from app.core.facts import facts
from app.core.proof import NOTHING, Definitions, Known, Place, Proof, as_data, summary, told
from app.core.proof import prove as proven
from app.core.proof.examples import coverage, examples
from app.core.proof.pairs import pairwise
from app.proofs_kept import keep, recall
from app.store.database import read, write


def prove_all(catalogue: Catalogue, root: Path, changed: Collection[str]) -> None:
    """Prove a catalogue, tell what was found, and leave with 1 where something was."""
    on = day_of(datetime.now(UTC))
    _known_to_be_asked(catalogue, changed)
    located = lines_of(catalogue)
    wrong = 0
    known = {}
    for name, part, definitions in parts_of(catalogue):
        start = time.perf_counter()
        proof, known[name] = _proven(name, definitions, on, changed)
        took = time.perf_counter() - start
        for finding in proof.findings:
            for line in told(finding, located):
                click.echo(line, err=True)
        wrong += len(proof.findings)
        total = sum(proof.proven.values())
        before = f" ({proof.before:,} of them as proven before)" if proof.before else ""
        click.echo(
            f"Proved {name} in {took:.1f} s: {total:,} claims{before},"
            f" {_several(len(proof.findings))}."
        )
        for line in (*summary(proof), *_made_from(part, root, definitions, proof, on)):
            click.echo(line)
    keep(known)
    if wrong:
        click.echo(f"{_several(wrong)}: nothing should be published like this.", err=True)
        sys.exit(1)


def _several(number: int) -> str:
    return "1 finding" if number == 1 else f"{number} findings"


def prove_only(catalogue: Catalogue, changed: Collection[str], pairs: str | None) -> None:
    """Print a proof, or test cases for a questionnaire, as JSON."""
    on = day_of(datetime.now(UTC))
    _known_to_be_asked(catalogue, changed)
    _, part, definitions = next(parts_of(catalogue))
    if pairs:
        if pairs not in part.questionnaires:
            names = ", ".join(part.questionnaires)
            raise click.BadParameter(f"{pairs} is none of {names}", param_hint="--pairs")
        cases = pairwise(definitions, pairs, on)
        click.echo(f"{len(cases.answers)} cases for {cases.covered:,} pairs", err=True)
        _print(list(cases.answers))
        return
    located = lines_of(catalogue)
    proofs: dict[str, Any] = {}
    known: dict[str, Known] = {}
    for name, _, each in parts_of(catalogue):
        proof, known[name] = _proven(name, each, on, changed)
        proofs[name] = as_data(proof, located)
    keep(known)
    _print(proofs)
    if any(proof["findings"] for proof in proofs.values()):
        sys.exit(1)


def _known_to_be_asked(catalogue: Catalogue, changed: Collection[str]) -> None:
    """Refuse names of questionnaires that there are not: nothing would be proven of them."""
    names = [name for _, part, _ in parts_of(catalogue) for name in part.questionnaires]
    for name in changed:
        if name not in names:
            said = f"{name} is none of {', '.join(names)}"
            raise click.BadParameter(said, param_hint="--changed")


def _proven(
    name: str, definitions: Definitions, on: date, changed: Collection[str]
) -> tuple[Proof, Known]:
    """A proof, and what is known after it.

    Of what changed only that is shown which was not shown before; a whole proof shows everything.
    """
    before = recall(name)
    about = defined_by(definitions, changed)
    proof = proven(definitions, on, about=about, known=before if changed else NOTHING)
    return proof, proof.known.after(before)


def _print(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=1))


def parts_of(catalogue: Catalogue) -> Iterator[tuple[str, Catalogue, Definitions]]:
    """What projects are asked, and what organisations are asked about themselves."""
    yield "projects", catalogue, definitions_of(catalogue)
    theirs = catalogue.organisations
    if theirs is not None:
        yield "organisations", theirs, definitions_of(theirs, ORGANISATIONS)


def definitions_of(catalogue: Catalogue, below: str = "") -> Definitions:
    """What proofs read of a catalogue."""
    return Definitions(
        catalogue.pipeline,
        catalogue.questionnaires,
        catalogue.rules,
        catalogue.outlines,
        catalogue.program,
        below,
    )


def prove_draft(engine: Engine, _catalogues: Catalogues, job: Job, now: datetime) -> None:
    """Prove the definitions of a draft and run every example, as a job asks; keep what came of it."""
    with read(engine) as conn:
        files = files_to_prove(conn, job)
    checked = drafts.checked(files) if files is not None else None
    if checked is None or checked.catalogue is None:
        return
    catalogue, on = checked.catalogue, day_of(now)
    located = lines_of(catalogue)
    proofs, known = [], {}
    for name, _, definitions in parts_of(catalogue):
        # What this machine has shown of earlier drafts holds wherever nothing behind it changed.
        before = recall(name)
        proof = proven(definitions, on, known=before)
        known[name] = proof.known.after(before)
        proofs.append(as_data(proof, located))
    keep(known)
    examples_, wrong = count_examples(catalogue, on)
    result = {
        "findings": [finding for each in proofs for finding in each["findings"]],
        "claims": sum(sum(each["proven"].values()) for each in proofs),
        "not_analysed": [left for each in proofs for left in each["not_analysed"]],
        "examples": examples_,
        "wrong": [list(each) for each in wrong],
    }
    with write(engine) as conn:
        keep_proof(conn, checked.hash, result, now)


WORK: Mapping[str, Work] = {PROVE: prove_draft}
"""Kinds of work for a process that knows the solver."""


def lines_of(catalogue: Catalogue) -> Callable[[Place], str]:
    """How to say where something stands; a file is read again only if something is found in it."""

    @cache
    def marks(file: str) -> dict[strict_yaml.At, strict_yaml.Mark]:
        return strict_yaml.places(catalogue.files[file])

    def located(place: Place) -> str:
        line, column = strict_yaml.place(marks(place.file), place.path)
        return f"{place.file}:{line}:{column}"

    return located


def defined_by(definitions: Definitions, changed: Collection[str]) -> set[str] | None:
    """The ids of the questions that the changed questionnaires define."""
    if not changed:
        return None
    return {
        placement.id
        for name in changed
        if name in definitions.questionnaires
        for _, page in definitions.questionnaires[name].pages()
        for placement in page.questions
        if placement.define is not None
    }


def _made_from(
    part: Catalogue, root: Path, definitions: Definitions, proof: Proof, on: date
) -> Iterator[str]:
    """What the witnesses are good for besides: examples, and what the samples never raise."""
    made = examples(definitions, proof, on)
    if made:
        largest = max(map(len, made.values()))
        yield f"Examples: one for each of {len(made)} flags, {largest} answers at most."
    samples = [facts(part.program, each, on) for each in _samples(part, root, definitions.below)]
    if samples:
        counts = coverage(definitions, samples)
        never = [id_ for id_, number in counts.items() if not number]
        yield f"Samples: {len(samples)} raise {len(counts) - len(never)} of {len(counts)} flags."
        yield f"  never raised by a sample: {', '.join(never) or 'none'}"


def _samples(part: Catalogue, root: Path, below: str) -> Iterator[dict[str, Any]]:
    """The answers files beside the questionnaires."""
    for path in sorted((root / "questionnaires" / "samples" / below.strip("/")).glob("*.yaml")):
        try:
            yield read_answers(path.name, path.read_bytes(), part.program)
        except BadAnswers:
            continue  # a story of the demonstration, or about something else
