"""The pages for editors are true: every example in them is loaded, judged, written and proven."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app import strict_yaml
from app.actions.assessments import document, told
from app.actions.assessments import evaluate as evaluated
from app.actions.definitions.bench import count_examples
from app.actions.definitions.publishing import AGREED
from app.catalogue import BadDefinitions, Catalogue, compile_catalogue
from app.cli import main
from app.core import logic
from app.core.blocks import Run
from app.core.difference import Effect
from app.core.proof import prove
from app.proving import definitions_of
from tests.tiny import ON, evaluate, judge, page, section, sources

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "editing"
PAGES = sorted(GUIDE.glob("*.md"))
DEFECTS = ROOT / "tests" / "features" / "defects"
# A block of text, what it is, and the quoted line that follows it.
BLOCK = re.compile(r"```(\w+)?(?: ([\w ]+))?\n(.*?)```\n(?:> ([^\n]*)\n)?", re.DOTALL)
FOUND = re.compile(r"<!-- found: (\w+) -->\n```\n(.*?)```", re.DOTALL)
KNOWN = {
    "question",
    "page",
    "condition",
    "rules",
    "output",
    "answers",
    "wrong rules",
    "wrong question",
}


def blocks(kind: str) -> Iterator[tuple[str, str]]:
    """The blocks of one kind, each with what is said of it."""
    for path in PAGES:
        for language, what, text, said in BLOCK.findall(path.read_text(encoding="utf-8")):
            if language == "yaml" and what == kind:
                yield text, said


def read(text: str) -> Any:
    parsed = strict_yaml.parse(text.encode())
    assert parsed.faults == []
    return parsed.value


def files(questions: Any = (), rules: Any = None) -> dict[str, bytes]:
    """The examples of all pages as one small catalogue, with something more in it."""
    asked = [each for text, _ in blocks("question") for each in read(text)]
    pages = [page([*asked, *questions]), *(read(text) for text, _ in blocks("page"))]
    whole: dict[str, list[Any]] = {}
    for each in (*(read(text) for text, _ in blocks("rules")), rules or {}):
        for kind, several in each.items():
            whole.setdefault(kind, []).extend(several)
    stages = [
        {
            "id": "s",
            "title": "Stage",
            "questionnaires": ["q"],
            "closed_by": "lead",
            "documents": ["d"],
        }
    ]
    made = sources(sections=[section(pages)], rules=whole, pipeline={"stages": stages})
    ((output, _),) = blocks("output")
    return made | {"outputs/d.yaml": output.encode()}


@cache
def catalogue() -> Catalogue:
    return compile_catalogue(files())


def test_every_block_is_of_a_kind_that_is_tried() -> None:
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        said = {what for language, what, _, _ in BLOCK.findall(text) if language == "yaml"}
        assert said <= KNOWN, path.name
        assert "```yaml\n" not in text, path.name


def test_the_examples_fit_together_and_every_example_of_their_rules_holds() -> None:
    count, wrong = count_examples(catalogue(), ON)
    assert list(wrong) == []
    assert count > 15


def test_everything_in_the_examples_can_happen() -> None:
    proof = prove(definitions_of(catalogue()), ON)
    assert [each.says for each in proof.findings] == []


CONDITIONS = list(blocks("condition"))


@pytest.mark.parametrize(("text", "said"), CONDITIONS, ids=[said for _, said in CONDITIONS])
def test_a_condition_reads_as_it_says(text: str, said: str) -> None:
    assert logic.english(definitions_of(catalogue()).where.read(read(text))) == said


WRONG = [(kind, *each) for kind in ("wrong rules", "wrong question") for each in blocks(kind)]


@pytest.mark.parametrize(("kind", "text", "said"), WRONG, ids=[said for *_, said in WRONG])
def test_a_fault_is_told_as_it_says(kind: str, text: str, said: str) -> None:
    more: Mapping[str, Any] = {"rules" if kind == "wrong rules" else "questions": read(text)}
    with pytest.raises(BadDefinitions) as bad:
        compile_catalogue(files(**more))
    assert [line.split(": ", 1)[1] for line in bad.value.lines] == [said]


FINDINGS = [each for path in PAGES for each in FOUND.findall(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("name", "text"), FINDINGS, ids=[name for name, _ in FINDINGS])
def test_a_finding_is_shown_as_it_is_printed(name: str, text: str) -> None:
    done = CliRunner().invoke(main, ["check", "--prove", str(DEFECTS / name)])
    assert done.stderr.splitlines()[:-1] == text.splitlines()


def test_the_page_on_findings_shows_most_seeded_defects_or_says_where_they_are() -> None:
    elsewhere = set(FOUND.findall((ROOT / "docs" / "proofs.md").read_text(encoding="utf-8")))
    shown = {name for name, _ in (*FINDINGS, *elsewhere)}
    assert len(shown) >= 15
    assert shown <= {path.name for path in DEFECTS.iterdir()}


ROWS = re.compile(r"^\| (`[a-z_.]+: .*?) \| (.*?) \| (.*?) \|$", re.MULTILINE)
SCORED = ROWS.findall((GUIDE / "scores.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("answers", "score", "level"), SCORED)
def test_a_score_is_as_its_table_says(answers: str, score: str, level: str) -> None:
    given = dict(each.split(": ") for each in re.findall(r"`(.*?)`", answers))
    scored = judge(catalogue(), given).scores["help.weight"]
    assert ("none yet" if scored.value is None else f"{scored.value:g}") == score
    assert getattr(scored.level, "label", "none yet") == level


def test_the_scores_have_a_table() -> None:
    assert len(SCORED) == 4


def test_a_document_says_what_its_page_shows_and_nothing_else_of_it() -> None:
    guide = (GUIDE / "documents.md").read_text(encoding="utf-8")
    (answers,) = (read(text) for text, _ in blocks("answers"))
    (shown,) = re.findall(r"```text\n(.*?)```", guide, re.DOTALL)
    written = list(lines(document(catalogue(), told(evaluated(catalogue(), answers, ON)), "d")))
    for line in shown.splitlines():
        assert line in written
    assert not {"No money is paid.", "Nobody is visited without notice."} & set(written)
    assert evaluate(catalogue(), answers).errors == {}


def lines(thing: Any) -> Iterator[str]:
    """Every line of a document: what is said in several runs is one."""
    if isinstance(thing, tuple) and thing and all(isinstance(each, Run) for each in thing):
        yield "".join(each.text for each in thing)
    elif isinstance(thing, tuple | list):
        for each in thing:
            yield from lines(each)
    elif is_dataclass(thing):
        for one in fields(thing):
            yield from lines(getattr(thing, one.name))


LABELS = re.compile(r"^\| ((?:\*\*.*?\*\*(?:, )?)+) \|", re.MULTILINE)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_the_labels_of_forms_are_those_that_the_forms_have(path: Path) -> None:
    forms = [
        *(ROOT / "app" / "web" / "editor").glob("*.py"),
        *(ROOT / "app" / "web" / "templates").glob("*.html"),
    ]
    text = "".join(form.read_text(encoding="utf-8") for form in forms)
    cells = LABELS.findall(path.read_text(encoding="utf-8"))
    labels = [each for cell in cells for each in re.findall(r"\*\*(.*?)\*\*", cell)]
    assert [each for each in labels if f'"{each}"' not in text] == []


def test_the_kinds_of_changes_are_those_there_are_and_need_the_yes_they_need() -> None:
    text = (GUIDE / "publishing.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| (\w+) \| .*? \| (.*?) \|$", text, re.MULTILINE)[1:]
    second = {Effect(kind) for kind, whose in listed if whose == "a second person's"}
    assert {kind for kind, _ in listed} == {effect.value for effect in Effect}
    assert second == set(AGREED)


NAMED = re.compile(r"(?<![*\w])\*([A-Z0-9][^*\n]+)\*(?!\*)")


def test_what_the_pages_say_stands_on_the_screen_does() -> None:
    screens = [*(ROOT / "app" / "web").rglob("*.py"), *(ROOT / "app" / "web").rglob("*.html")]
    text = "".join(screen.read_text(encoding="utf-8") for screen in screens)
    named = {each for path in PAGES for each in NAMED.findall(path.read_text(encoding="utf-8"))}
    assert {"Definitions", "Show as text", "Add an option"} <= named
    assert [each for each in sorted(named) if each not in text] == []
