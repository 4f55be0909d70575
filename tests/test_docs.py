import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from pydantic import BaseModel

from app import strict_yaml
from app.catalogue import load
from app.cli import main
from app.core import outputs, pipeline, questionnaire, questions, rules
from app.settings import table
from tests.definitions.mutation import exampled, survivors, wrong_examples

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_readme_lists_exactly_the_commands_there_are() -> None:
    listed = re.findall(r"^\| `fingerpost (\w+)` \|", README, flags=re.MULTILINE)
    assert sorted(listed) == sorted(main.commands)


def test_the_settings_are_documented_exactly() -> None:
    text = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    row = re.compile(r"^\| `([A-Z_]+)` \| `?(.*?)`? \| (.*) \|$", re.MULTILINE)
    listed = row.findall(text)
    assert listed == list(table())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = set(
        re.findall(r"^(\w+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_here_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_module_and_folder_of_the_program_that_is_named_exists(page: Path) -> None:
    named = re.findall(r"`((?:app|bench|tests|tools)/[\w./]+)`", page.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_decision_is_listed_once_under_its_number_and_its_title() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(
        r"^- \[(\d+)\]\((.+)\) (.+)$",
        (folder / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    titles = {
        each.name: each.read_text(encoding="utf-8").partition("\n")[0]
        for each in folder.glob("0*.md")
    }
    assert {name: f"# {number}. {title}" for number, name, title in listed} == titles
    assert sorted(int(number) for number, _, _ in listed) == list(range(1, len(titles) + 1))


def test_the_folders_in_the_readme_exist() -> None:
    table_of_folders = README.split("## Where things are")[1].split("##")[0]
    folders = re.findall(r"`([a-z/]+)/`", table_of_folders)
    assert folders
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []


def keys_of_definitions() -> Iterator[tuple[str, str]]:
    for module in (questionnaire, questions, rules, pipeline, outputs):
        for name, model in vars(module).items():
            if isinstance(model, type) and issubclass(model, BaseModel):
                for field, about in model.model_fields.items():
                    yield name, about.alias or field


# The reader's own: `define` is a question written in its place, `unsure_shows` is `unsure: show`.
NOT_WRITTEN = {"define", "unsure_shows"}


def test_every_key_of_a_definition_is_documented() -> None:
    text = (ROOT / "docs" / "definitions.md").read_text(encoding="utf-8")
    keys = {(name, key) for name, key in keys_of_definitions() if key not in NOT_WRITTEN}
    assert ("Question", "show_if") in keys
    assert {one for one in keys if not re.search(rf"\b{one[1]}(:|`)", text)} == set()


def test_every_key_in_the_table_of_questions_is_read() -> None:
    text = (ROOT / "docs" / "definitions.md").read_text(encoding="utf-8")
    table_of_keys = text.split("Keys of a question:")[1].split("Types:")[0]
    listed = re.findall(
        r"`([a-z_]+)`", " ".join(re.findall(r"^\| (.*?) \|", table_of_keys, re.MULTILINE))
    )
    known = {key for name, key in keys_of_definitions() if name == "Question"}
    assert set(listed) - known == set()
    assert known - set(listed) - NOT_WRITTEN == set()


def test_every_example_of_the_format_can_be_read() -> None:
    text = (ROOT / "docs" / "definitions.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    # Some are one file or list; in others each line is an example.
    parts = [
        part
        for whole in examples
        for part in ([whole] if not whole.startswith(("{", "4")) else whole.splitlines())
    ]
    assert len(parts) > 20
    assert [part for part in parts if strict_yaml.parse(part.encode()).faults] == []


# The walk-through of docs/first_definition.md, done as it says.


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the definitions in which everything that the walk-through says was done."""
    text = (ROOT / "docs" / "first_definition.md").read_text(encoding="utf-8")
    question, rule, paragraph, answers = re.findall(
        r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL
    )
    folder = tmp_path_factory.mktemp("walked")
    for name in ("questionnaires", "rules", "outputs"):
        shutil.copytree(ROOT / name, folder / name)
    asked = folder / "questionnaires" / "concept_review.yaml"
    before = "          - id: subjects.count_band\n"
    whole = asked.read_text(encoding="utf-8")
    assert whole.count(before) == 1
    asked.write_text(whole.replace(before, question + before), encoding="utf-8")
    (folder / "rules" / "reading.yaml").write_text(rule, encoding="utf-8")
    with (folder / "outputs" / "risk_report.yaml").open("a", encoding="utf-8") as outline:
        outline.write(paragraph)
    (folder / "answers.yaml").write_text(answers, encoding="utf-8")
    return folder


def test_the_question_of_the_walk_through_stands_on_its_page(walked: Path) -> None:
    place = load(walked).program.places["subjects.reading"][0]
    assert (place.questionnaire, place.page) == ("concept_review", "whose")


def test_the_examples_of_the_walk_through_come_out_and_notice_every_change(walked: Path) -> None:
    catalogue = load(walked)
    (flag,) = (each for each in exampled(catalogue) if each.id == "reading.told")
    assert wrong_examples(flag, catalogue) == []
    assert survivors(flag, catalogue)[1] == []
    fewer = replace(flag, rule=flag.rule.model_copy(update={"raised_by": flag.rule.raised_by[:1]}))
    assert survivors(fewer, catalogue)[1] != []


def test_the_commands_of_the_walk_through_say_and_write_it(
    walked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FINGERPOST_CONTENT", str(walked))
    monkeypatch.chdir(walked)
    assert CliRunner().invoke(main, ["check"]).exit_code == 0
    said = CliRunner().invoke(main, ["explain", "reading.told", "answers.yaml"]).output
    assert "“Reading English” is “Many”" in said
    written = CliRunner().invoke(main, ["assess", "answers.yaml", "--out", "documents/"])
    assert written.exit_code == 0
    report = docx.Document(str(walked / "documents" / "risk_report.docx"))
    paragraphs = [paragraph.text for paragraph in report.paragraphs]
    assert "People who would not understand a letter in English: Many." in paragraphs
