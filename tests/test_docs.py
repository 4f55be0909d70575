import re
from pathlib import Path

import pytest

from app.cli import main
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
