import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from app.cli import main
from app.core import outputs, pipeline, questionnaire, questions, rules
from app.settings import table

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
