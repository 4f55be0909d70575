"""Texts, from files or a release, to one immutable, compiled Catalogue; never opens the database."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from app.catalogue.reading import Reader, Shelf, file_of
from app.catalogue.routing import order
from app.core import compiling
from app.core.checking import Checker
from app.core.faults import Faults
from app.core.moving import check_converters
from app.core.outputs import Outline
from app.core.pipeline import Pipeline
from app.core.program import Program
from app.core.questionnaire import Questionnaire
from app.core.register import Register, check_gives, check_register
from app.core.rules import Rules

QUESTIONNAIRES, RULES, OUTPUTS = FOLDERS = ("questionnaires", "rules", "outputs")
PIPELINE = file_of(QUESTIONNAIRES, "pipeline")
HOUSE_STYLE = f"{OUTPUTS}/house_style.docx"
ORGANISATIONS = "/organisations"
"""The part of each folder that asks organisations about themselves."""

P = TypeVar("P", bound=Pipeline)


class BadDefinitions(Exception):
    """The definitions have faults; `lines` names each as file:line:column: message."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True)
class Catalogue:
    """All definitions of one release, compiled.

    `files`: path to text, exactly as published. `legislation`: where each law is found, by its names.
    """

    hash: str
    files: Mapping[str, bytes]
    pipeline: Pipeline
    questionnaires: Mapping[str, Questionnaire]
    rules: Mapping[str, Rules]
    outlines: Mapping[str, Outline]
    program: Program
    organisations: Organisations | None = None
    legislation: Mapping[str, str] = field(default_factory=dict)

    @property
    def house_style(self) -> bytes | None:
        """The Word file whose styles documents take; None: the built-in style."""
        return self.files.get(HOUSE_STYLE)


@dataclass(frozen=True)
class Organisations(Catalogue):
    """The part of a release that asks organisations about themselves."""

    pipeline: Register


def read_files(root: Path) -> dict[str, bytes]:
    """The definition files below `root`, by their path with forward slashes."""
    found: dict[str, bytes] = {}
    for folder in (*FOLDERS, *(folder + ORGANISATIONS for folder in FOLDERS)):
        found |= files_in(root, folder)
    house_style = root / HOUSE_STYLE
    return {**found, HOUSE_STYLE: house_style.read_bytes()} if house_style.exists() else found


def files_in(root: Path, folder: str) -> dict[str, bytes]:
    """The same of one folder."""
    paths = sorted((root / folder).glob("*.yaml"))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


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


def compile_catalogue(files: Mapping[str, bytes], shelf: Shelf | None = None) -> Catalogue:
    """Read, check and compile definition texts. Raises BadDefinitions with every fault of every file.

    `shelf`: where files that were read before are found again.
    """
    texts = {name: text for name, text in files.items() if name != HOUSE_STYLE}
    about = tuple(f"{folder}{ORGANISATIONS}/" for folder in FOLDERS)
    of_organisations = {name: text for name, text in texts.items() if name.startswith(about)}
    of_projects = {name: text for name, text in texts.items() if name not in of_organisations}
    project = _Part(of_projects, "", Pipeline, shelf)
    organisation = None
    if of_organisations:
        organisation = _Part(of_organisations, ORGANISATIONS, Register, shelf)
    if organisation is not None:
        _join(project, organisation)
    lines = [*project.lines(), *(organisation.lines() if organisation is not None else ())]
    if lines or project.made is None:
        raise BadDefinitions(lines)
    hashed, kept, laws = content_hash(files), dict(files), project.made.pipeline.legislation
    theirs = None
    if organisation is not None and organisation.made is not None:
        theirs = Organisations(hashed, kept, *organisation.made, legislation=laws)
    return Catalogue(hashed, kept, *project.made, theirs, laws)


class _Part(Generic[P]):
    """One part of the definitions while it is compiled: that of projects, or that of organisations."""

    def __init__(
        self, files: Mapping[str, bytes], below: str, model: type[P], shelf: Shelf | None
    ) -> None:
        self.questionnaires, self.rules, self.outputs = (folder + below for folder in FOLDERS)
        self.file = file_of(self.questionnaires, "pipeline")
        self.reader = Reader(files, shelf)
        pipeline = self.reader.read(self.file, model) if self.file in files else None
        read = (
            self.reader.folder(self.questionnaires, Questionnaire, but=self.file),
            self.reader.folder(self.rules, Rules),
            self.reader.folder(self.outputs, Outline),
        )
        self.made = self._compile(pipeline, *read) if pipeline is not None else None

    def lines(self) -> list[str]:
        """Every fault."""
        if self.file not in self.reader.files:
            missing = "this file is missing; it names the stages and routes"
            return [f"{self.file}:1:1: {missing}"]
        return self.reader.lines()

    def _compile(
        self,
        pipeline: P,
        questionnaires: Mapping[str, Questionnaire],
        rules: Mapping[str, Rules],
        outlines: Mapping[str, Outline],
    ) -> _Made[P]:
        reader = self.reader
        noted = self._noted(self.questionnaires)
        program = compiling.build(
            order(self.questionnaires, pipeline, questionnaires, noted),
            [(file_of(self.rules, name), each) for name, each in rules.items()],
            (self.file, pipeline.decision()),
            reader.faults,
        )
        names = reader.names(self.questionnaires, but=self.file), reader.names(self.outputs)
        checker = Checker(pipeline, program, *names)
        checker.pipeline_names(reader.faults[self.file])
        check_converters(pipeline.converters, program, reader.faults[self.file])
        for name, questionnaire in questionnaires.items():
            checker.questionnaire(questionnaire, noted[name])
        for name, each in rules.items():
            checker.rules(each, reader.faults[file_of(self.rules, name)])
        for name, outline in outlines.items():
            checker.outline(outline, reader.faults[file_of(self.outputs, name)])
        return _Made(pipeline, questionnaires, rules, outlines, program)

    def _noted(self, folder: str) -> dict[str, Faults]:
        reader = self.reader
        return {name: reader.faults[file_of(folder, name)] for name in reader.names(folder)}


class _Made(NamedTuple, Generic[P]):
    """What became of a part."""

    pipeline: P
    questionnaires: Mapping[str, Questionnaire]
    rules: Mapping[str, Rules]
    outlines: Mapping[str, Outline]
    program: Program


def _join(project: _Part[Pipeline], organisation: _Part[Register]) -> None:
    """Check what the register says of its own questions and of a project's parties."""
    mine, theirs = project.made, organisation.made
    if theirs is None:
        return
    faults = organisation.reader.faults[organisation.file]
    check_register(theirs.pipeline, theirs.program, faults)
    parties = mine.program.questions.get(mine.pipeline.names.parties) if mine else None
    if parties is not None:
        check_gives(theirs.pipeline, theirs.program, parties, faults)
