import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from app.settings import content_root

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds what a wheel built from this repository would install."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


@pytest.mark.parametrize("name", ["questionnaires", "rules", "outputs"])
def test_the_definitions_travel_in_the_wheel(unpacked: Path, name: str) -> None:
    there = {path.name for path in (ROOT / name).iterdir() if path.is_file()}
    assert there
    assert {path.name for path in (unpacked / "app" / "_content" / name).iterdir()} >= there


def test_the_front_end_travels_in_the_wheel(unpacked: Path) -> None:
    built = {path.name for path in (ROOT / "app" / "web" / "static" / "build").iterdir()}
    carried = {path.name for path in (unpacked / "app" / "web" / "static" / "build").iterdir()}
    assert "manifest.json" in built
    assert carried == built


def test_the_program_works_from_any_folder(unpacked: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    asked = "import app.settings; print(app.settings.content_root())"
    run = [sys.executable, "-c", asked]
    found = subprocess.run(run, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert Path(found.stdout.decode().strip()) == unpacked / "app" / "_content"
    assert content_root() == ROOT
    command = "from app.cli import main; main(['check'])"
    check = [sys.executable, "-c", command]
    said = subprocess.run(check, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert said.stdout.decode().startswith("No faults")
