import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BUILT = ROOT / "app" / "web" / "static" / "build"
MOST_BYTES = {
    "fingerpost.css": 20_000,
    "fingerpost.js": 15_000,
    "editor.js": 170_000,  # only the page that edits a definition as text loads it
    "fingerpost.svg": 1_000,
}


def built(name: str) -> Path:
    names: dict[str, str] = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    return BUILT / names[name]


@pytest.mark.parametrize(("name", "most"), MOST_BYTES.items())
def test_each_asset_is_small_when_it_travels(name: str, most: int) -> None:
    travels = Path(f"{built(name)}.gz").read_bytes()
    assert gzip.decompress(travels) == built(name).read_bytes()
    assert 100 < len(travels) < most


@pytest.mark.parametrize("name", MOST_BYTES)
def test_the_name_of_an_asset_follows_from_its_content(name: str) -> None:
    digest = base64.b32encode(hashlib.sha256(built(name).read_bytes()).digest()).decode().lower()
    stem, suffix = name.split(".")
    assert built(name).name == f"{stem}.{digest[:16]}.{suffix}"


def test_nothing_stale_is_left_beside_the_assets() -> None:
    kept = {"manifest.json"} | {built(n).name + end for n in MOST_BYTES for end in ("", ".gz")}
    assert {path.name for path in BUILT.iterdir()} == kept


@pytest.mark.parametrize("name", ["fingerpost.css", "fingerpost.js"])
@pytest.mark.parametrize("mark", ["GDS Transport", "crest", "crown", "@font-face", "url("])
def test_the_marks_of_govuk_are_gone(name: str, mark: str) -> None:
    assert mark.lower() not in built(name).read_text(encoding="utf-8").lower()


def test_the_style_sheet_holds_both_parts() -> None:
    text = built("fingerpost.css").read_text(encoding="utf-8")
    assert ".govuk-error-summary" in text
    assert ".fp-" in text
    assert text.isascii()


def test_the_packages_are_pinned_by_integrity_and_name_no_host() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert "node_modules/govuk-frontend" in packages
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())
    assert not any("resolved" in one for one in packages.values())


def test_every_class_of_govuk_on_a_screen_has_its_style() -> None:
    styled = set(re.findall(r"\.(govuk-[\w-]+)", built("fingerpost.css").read_text()))
    used: set[str] = set()
    screens = ROOT / "app" / "web"
    for source in (*screens.rglob("*.html"), *screens.rglob("*.py")):
        for value in re.findall(r'class="([^"]*)"', source.read_text(encoding="utf-8")):
            plain = re.sub(r"\{[{%].*?[%}]\}", " ", value)
            used |= {name for name in plain.split() if re.fullmatch(r"govuk-[a-z][\w-]*", name)}
    assert used
    # These only group what is inside; the design system gives them no style either.
    unstyled = {"govuk-checkboxes", "govuk-radios"}
    assert used - styled - unstyled == set()
