"""Texts, from files or a release, to one immutable, compiled Catalogue; never opens the database."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.catalogue.reading import Reader, file_of
from app.catalogue.routing import order
from app.core import compiling
from app.core.checking import Checker
from app.core.outputs import Outline
from app.core.pipeline import Pipeline
from app.core.program import Program
from app.core.questionnaire import Questionnaire
from app.core.rules import Rules

QUESTIONNAIRES, RULES, OUTPUTS = FOLDERS = ("questionnaires", "rules", "outputs")
PIPELINE = file_of(QUESTIONNAIRES, "pipeline")
HOUSE_STYLE = f"{OUTPUTS}/house_style.docx"


class BadDefinitions(Exception):
    """The definitions have faults; `lines` names each as file:line:column: message."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True)
class Catalogue:
    """All definitions of one release, compiled. `files`: path to text, exactly as published."""

    hash: str
    files: Mapping[str, bytes]
    pipeline: Pipeline
    questionnaires: Mapping[str, Questionnaire]
    rules: Mapping[str, Rules]
    outlines: Mapping[str, Outline]
    program: Program

    @property
    def house_style(self) -> bytes | None:
        """The Word file whose styles documents take; None: the built-in style."""
        return self.files.get(HOUSE_STYLE)


def read_files(root: Path) -> dict[str, bytes]:
    """The definition files below `root`, by their path with forward slashes."""
    found = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in FOLDERS
        for path in sorted((root / folder).glob("*.yaml"))
    }
    house_style = root / HOUSE_STYLE
    return {**found, HOUSE_STYLE: house_style.read_bytes()} if house_style.exists() else found


def load(root: Path) -> Catalogue:
    """The catalogue of the three folders below `root`. Raises BadDefinitions with every fault."""
    return compile_catalogue(read_files(root))


def content_hash(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the names and bytes of the files, in order."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    return digest.hexdigest()


def compile_catalogue(files: Mapping[str, bytes]) -> Catalogue:
    """Read, check and compile definition texts. Raises BadDefinitions with every fault of every file."""
    if PIPELINE not in files:
        missing = "this file is missing; it names the stages and routes"
        raise BadDefinitions([f"{PIPELINE}:1:1: {missing}"])
    reader = Reader({name: text for name, text in files.items() if name != HOUSE_STYLE})
    pipeline = reader.read(PIPELINE, Pipeline)
    questionnaires = reader.folder(QUESTIONNAIRES, Questionnaire, but=PIPELINE)
    rules = reader.folder(RULES, Rules)
    outlines = reader.folder(OUTPUTS, Outline)
    if pipeline is None:
        raise BadDefinitions(reader.lines())
    program = compiling.build(
        order(pipeline, questionnaires, reader.faults),
        [(file_of(RULES, name), each) for name, each in rules.items()],
        (PIPELINE, pipeline.decision()),
        reader.faults,
    )
    names = reader.names(QUESTIONNAIRES, but=PIPELINE), reader.names(OUTPUTS)
    checker = Checker(pipeline, program, *names)
    checker.pipeline_names(reader.faults[PIPELINE])
    for name, questionnaire in questionnaires.items():
        checker.questionnaire(questionnaire, reader.faults[file_of(QUESTIONNAIRES, name)])
    for name, each in rules.items():
        checker.rules(each, reader.faults[file_of(RULES, name)])
    for name, outline in outlines.items():
        checker.outline(outline, reader.faults[file_of(OUTPUTS, name)])
    lines = reader.lines()
    if lines:
        raise BadDefinitions(lines)
    return Catalogue(
        content_hash(files), dict(files), pipeline, questionnaires, rules, outlines, program
    )
