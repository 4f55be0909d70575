"""The preview of a change over 10,000 live projects, on every processor there is."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, select

from app import strict_yaml
from app.actions.actor import Actor
from app.actions.catalogues import Catalogues, Notes
from app.actions.definitions.previewing import run_preview
from app.actions.definitions.previews import Ask, begin_preview, preview_of
from app.actions.definitions.releases import publish_folder
from app.actions.jobs import PREVIEW, Job
from app.catalogue import Catalogue, load, read_files
from app.core.difference.graph import Graph
from app.core.program import ConditionNode
from app.settings import content_root
from app.store.database import open_database, read, write
from app.store.migrate import migrate
from app.store.tables import organisation, person
from bench.many import AT, beyond, fill, varied, walks
from bench.report import Figure

PROJECTS = 10_000
WALKS = 600
TARGET = 30.0

Files = dict[str, bytes]
Edit = Callable[[Files, Catalogue], Files]


def figures() -> list[Figure]:
    """Measure a change of wording, of options, and one that everything rests on."""
    catalogue = load(content_root())
    walked = walks(catalogue, WALKS)
    different = len({json.dumps(one, sort_keys=True) for one in walked})
    later = sum(beyond(catalogue, one, "concept_review") for one in walked)
    found = [
        Figure("different walks behind the projects of the preview", different, "walks"),
        Figure("of them beyond concept review", later / len(walked), "of all"),
    ]
    with TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/bench.db")
        migrate(engine)
        catalogues = Catalogues(engine)
        notes = Notes("Bench", "As shipped", AT)
        release = publish_folder(catalogues, content_root(), notes).released.release
        every = list(varied(walked, PROJECTS))
        fill(engine, catalogue, release.id, every)
        for name, edit in EDITS.items():
            files = edit(dict(read_files(content_root())), catalogue)
            seconds, touched = _previewed(
                engine, catalogues, Ask(files, release.id, datetime.now(UTC))
            )
            found.append(
                Figure(f"preview over {PROJECTS:,} projects: {name}", seconds, "s", TARGET)
            )
            found.append(Figure("projects it touches", touched, "projects"))
        engine.dispose()
    return found


def _previewed(engine: Engine, catalogues: Catalogues, ask: Ask) -> tuple[float, int]:
    """How long a preview takes from its beginning to its end, and how many projects it touches."""
    with write(engine) as conn:
        of = (
            conn.execute(select(person.c.id)).scalar_one(),
            conn.execute(select(organisation.c.id)).scalar_one(),
        )
        id_ = begin_preview(conn, Actor(of[0], "Editor", "editor", of[1], "Carnmere"), ask)
    begin = time.perf_counter()
    run_preview(
        engine, catalogues, Job(uuid4(), PREVIEW, {"preview": str(id_)}, 1), datetime.now(UTC)
    )
    seconds = time.perf_counter() - begin
    with read(engine) as conn:
        looked = preview_of(conn, id_).preview
    if looked.state != "done":
        raise RuntimeError(f"the preview is {looked.state}: {looked.error}")
    return seconds, looked.touched


# Changes of the shipped definitions


def reword(files: Files, _: Catalogue) -> Files:
    """The first question that is asked is asked in other words."""
    return _in_questions(files, lambda _: True, {"ask": "Asked in other words?"})


def add_option(files: Files, _: Catalogue) -> Files:
    """The first question with several choices has one more."""

    def wanted(question: dict[str, Any]) -> bool:
        return question.get("type") == "multi" and "options" in question

    return _in_questions(files, wanted, {"options": {"bench_only": "One more"}})


def turn_over(files: Files, catalogue: Catalogue) -> Files:
    """The condition on which most rests holds where it did not, and the other way round."""
    graph = Graph(catalogue.program)
    nodes = catalogue.program.nodes.values()
    names = [node.id for node in nodes if isinstance(node, ConditionNode)]
    most = max(names, key=lambda id_: len(graph.reached([id_])))
    for path, content in files.items():
        value = strict_yaml.parse(content).value if path.startswith("rules/") else None
        for condition in (value or {}).get("conditions", ()):
            if condition["id"] == most:
                condition["when"] = {"!": [condition["when"]]}
                return {**files, path: json.dumps(value).encode()}
    raise LookupError(most)


def _in_questions(
    files: Files, wanted: Callable[[dict[str, Any]], bool], keys: dict[str, Any]
) -> Files:
    for path, content in files.items():
        if not path.startswith("questionnaires/") or path.endswith("pipeline.yaml"):
            continue
        value = strict_yaml.parse(content).value
        for section in value["sections"]:
            for page in section["pages"]:
                for question in page["questions"]:
                    if "ask" in question and wanted(question):
                        question.update(
                            {
                                k: {**question[k], **v} if isinstance(v, dict) else v
                                for k, v in keys.items()
                            }
                        )
                        return {**files, path: json.dumps(value).encode()}
    raise LookupError("no such question")


EDITS: dict[str, Edit] = {
    "wording": reword,
    "an option": add_option,
    "a condition most rests on": turn_over,
}


if __name__ == "__main__":
    from bench.report import table

    print(table(figures()))
