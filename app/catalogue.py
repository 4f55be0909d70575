"""Texts, from files or a release, to one immutable, compiled Catalogue; never opens the database."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from app import strict_yaml
from app.core import compiling, models, outputs, questionnaire, questions, rules
from app.core import pipeline as pipelines
from app.core.checking import Checker
from app.core.faults import Fault, Faults, nearest
from app.core.faults import Path as At
from app.core.outputs import Outline
from app.core.pipeline import Pipeline
from app.core.program import Program, Source
from app.core.questionnaire import Questionnaire
from app.core.rules import FlagRule, Rules

FOLDERS = ("questionnaires", "rules", "outputs")
PIPELINE = "questionnaires/pipeline.yaml"
HOUSE_STYLE = "outputs/house_style.docx"
_M = TypeVar("_M", bound=BaseModel)
_MISSING = re.compile(r"(?:nothing|there is no|there are no|no) [^']*'\{?([^'}]+)")


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

    @cached_property
    def rule_files(self) -> dict[str, str]:
        """The file that defines each rule, by id."""
        kinds = ("conditions", "scores", "decisions", "offers", "flags")
        return {
            rule.id: file
            for file, rules in self.rules.items()
            for kind in kinds
            for rule in getattr(rules, kind)
        }


def read_files(root: Path) -> dict[str, bytes]:
    """The definition files below `root`, by their path with forward slashes."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in FOLDERS
        for path in sorted((root / folder).iterdir())
        if path.suffix == ".yaml" or path.name == HOUSE_STYLE.rpartition("/")[2]
    }


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
    reader = _Reader({name: text for name, text in files.items() if name != HOUSE_STYLE})
    pipeline = reader.read(PIPELINE, Pipeline) if PIPELINE in files else None
    if pipeline is None:
        if PIPELINE not in files:
            raise BadDefinitions(
                [f"{PIPELINE}:1:1: this file is missing; it names the stages and routes"]
            )
        for name in files:
            reader.read(name, _model(name))
        raise BadDefinitions(reader.lines())
    questionnaires = reader.folder("questionnaires", Questionnaire)
    rules = reader.folder("rules", Rules)
    outlines = reader.folder("outputs", Outline)
    sources = reader.sources(pipeline, questionnaires)
    program = compiling.build(
        sources,
        [(f"rules/{name}.yaml", each) for name, each in rules.items()],
        (PIPELINE, pipeline.decision()),
        reader.faults,
    )
    reader.flags = [
        (f"rules/{name}.yaml", ("flags", n), rule)
        for name, each in rules.items()
        for n, rule in enumerate(each.flags)
    ]
    reader.check_names(pipeline, program, outlines)
    lines = reader.lines()
    if lines:
        raise BadDefinitions(lines)
    return Catalogue(
        content_hash(files), dict(files), pipeline, questionnaires, rules, outlines, program
    )


def _model(name: str) -> type[BaseModel]:
    if name == PIPELINE:
        return Pipeline
    return {"questionnaires": Questionnaire, "rules": Rules, "outputs": Outline}[name.split("/")[0]]


class _Reader:
    """Reads files into models, keeping where each value stands for the faults found later."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.faults = {name: Faults(name) for name in files}
        self.marks: dict[str, dict[At, strict_yaml.Mark]] = {}
        self.values: dict[str, object] = {}
        self.flags: list[tuple[str, At, FlagRule]] = []
        self.unread: list[str] = []  # files whose definitions are not known

    def read(self, name: str, model: type[_M]) -> _M | None:
        """One file as a model; None when it has faults, which are noted."""
        if name in self.marks:
            return None
        parsed = strict_yaml.parse(self.files[name])
        self.marks[name] = parsed.marks
        for path, message in parsed.faults:
            self.faults[name].add(path, message)
        if parsed.faults:
            self.unread.append(name)
            return None
        self.values[name] = parsed.value
        try:
            return model.model_validate(parsed.value)
        except ValidationError as errors:
            for path, message in _in_words(errors, parsed.marks):
                self.faults[name].add(path, message)
            self.unread.append(name)
            return None

    def folder(self, folder: str, model: type[_M]) -> dict[str, _M]:
        """Every file of a folder, by its name without ending."""
        found = {}
        for name in self.files:
            if name.startswith(f"{folder}/") and name != PIPELINE:
                value = self.read(name, model)
                if value is not None:
                    found[name.removeprefix(f"{folder}/").removesuffix(".yaml")] = value
        return found

    def sources(
        self, pipeline: Pipeline, questionnaires: Mapping[str, Questionnaire]
    ) -> list[Source]:
        """The questionnaires in the order of the pipeline, with the routes that ask them."""
        faults = self.faults[PIPELINE]
        ordered = []
        for s, stage in enumerate(pipeline.stages):
            for n, name in enumerate(stage.questionnaires):
                file = f"questionnaires/{name}.yaml"
                if file not in self.files:
                    hint = nearest(name, questionnaires)
                    faults.add(
                        ("stages", s, "questionnaires", n),
                        f"there is no questionnaire '{name}'{hint}",
                    )
                elif name in ordered:
                    faults.add(
                        ("stages", s, "questionnaires", n),
                        f"'{name}' belongs to an earlier stage already",
                    )
                else:
                    ordered.append(name)
        for name in questionnaires:
            if name not in ordered:
                self.faults[f"questionnaires/{name}.yaml"].add(
                    (), "no stage of the pipeline asks this questionnaire"
                )
        stages = {stage.id for stage in pipeline.stages}
        for r, route in enumerate(pipeline.route.outcomes):
            for n, id_ in enumerate(route.stages):
                if id_ not in stages:
                    faults.add(
                        ("route", "outcomes", r, "stages", n),
                        f"there is no stage '{id_}'{nearest(id_, stages)}",
                    )
        if any(fault.path[:1] == ("route",) for fault in faults.found):
            return []
        return [
            Source(
                name, f"questionnaires/{name}.yaml", questionnaires[name], pipeline.routes_of(name)
            )
            for name in ordered
            if name in questionnaires
        ]

    def check_names(
        self, pipeline: Pipeline, program: Program, outlines: Mapping[str, Outline]
    ) -> None:
        """The people, stages, questions and documents that are named exist."""
        questionnaires = self.names("questionnaires")
        checker = Checker(pipeline, program, questionnaires, self.names("outputs"))
        checker.pipeline_names(self.faults[PIPELINE])
        for name, outline in outlines.items():
            checker.outline(outline, self.faults[f"outputs/{name}.yaml"])
        for file, path, rule in self.flags:
            checker.flag_names(rule, path, self.faults[file])
        self.check_people(pipeline)

    def names(self, folder: str) -> list[str]:
        """The files of a folder without their endings, whether they could be read or not."""
        return [
            name.removeprefix(f"{folder}/").removesuffix(".yaml")
            for name in self.files
            if name.startswith(f"{folder}/") and name != PIPELINE
        ]

    def check_people(self, pipeline: Pipeline) -> None:
        for file, value in self.values.items():
            if not file.startswith("questionnaires/") or file == PIPELINE:
                continue
            for path, mapping in strict_yaml.mappings(value):
                person = mapping.get("for")
                named = (*path, "for") in self.marks[file] and "ask" in mapping
                if named and isinstance(person, str) and person not in pipeline.people:
                    hint = nearest(person, pipeline.people)
                    self.faults[file].add(
                        (*path, "for"), f"there is nobody '{person}' under people{hint}"
                    )

    def lines(self) -> list[str]:
        """Every fault as file:line:column: message, in the order of the files."""
        found = {fault for each in self.faults.values() for fault in each.found}
        faults = sorted((fault for fault in found if not self.follows(fault)), key=self.place)
        return [f"{f.file}:{self.place(f)[1]}:{self.place(f)[2]}: {f.message}" for f in faults]

    def follows(self, fault: Fault) -> bool:
        """Whether a name may be missing only because the file that defines it could not be read."""
        missing = _MISSING.match(fault.message)
        return missing is not None and any(
            missing.group(1).encode() in self.files[name] for name in self.unread
        )

    def place(self, fault: Fault) -> tuple[str, int, int, str]:
        mark = strict_yaml.place(self.marks.get(fault.file, {}), fault.path)
        return fault.file, *mark, fault.message


def _in_words(
    errors: ValidationError, marks: Mapping[At, strict_yaml.Mark]
) -> list[tuple[At, str]]:
    """Pydantic's errors as (path, message), in words that say how to mend."""
    found: dict[At, str] = {}
    for error in errors.errors(include_url=False)[: strict_yaml.MAX_FAULTS]:
        path: At = ()
        for part in error["loc"]:
            # Parts that name a branch of a union, or our own wrapping, stand in no file.
            if (*path, part) in marks:
                path = (*path, part)
        last = error["loc"][-1]
        message = _message(
            error["type"], str(last), error["msg"], error.get("input"), error.get("ctx", {})
        )
        found.setdefault(path, message)
        if error["type"] == "extra_forbidden":
            found[path] = message
    return list(found.items())


def _message(kind: str, last: str, text: str, given: object, context: Mapping[str, object]) -> str:
    if kind == "missing":
        return f"needs '{last}'"
    if kind == "extra_forbidden":
        return f"'{last}' is no key here{nearest(last, _all_keys())}"
    if kind == "string_type":
        return f"expected text, not {given!r}: write it in quotes"
    if kind == "bool_type":
        return f"expected true or false, not {given!r}"
    if kind == "string_pattern_mismatch":
        return f"'{given}' has not the form of an id (lower case, digits and _, with a dot for questions)"
    if kind == "value_error":
        return text.removeprefix("Value error, ")
    return text[0].lower() + text[1:]


@cache
def _all_keys() -> frozenset[str]:
    return frozenset(
        field.alias or name
        for module in (models, outputs, pipelines, questionnaire, questions, rules)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, BaseModel)
        for name, field in value.model_fields.items()
    )
