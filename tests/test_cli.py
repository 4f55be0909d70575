"""The command line: what it writes, what it refuses, and how it says so."""

import hashlib
import json
import re
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from tests.brought import pdf
from tests.tiny import flag, lines_of, sources

SAMPLES = Path(__file__).parent.parent / "questionnaires" / "samples"
NAMES = ("homelessness_data_linking", "low_risk_contract", "safeguarding_hub")
KEYS = {
    "release",
    "content_hash",
    "asked",
    "unanswered",
    "waiting",
    "ignored",
    "flags",
    "tasks",
    "scores",
    "decisions",
    "offers",
    "not_offered",
    "risks",
}
ON = ("--on", "2026-11-22")


def run(*arguments: str | Path, given: str | bytes | None = None) -> Result:
    """Run the command as a person would, without a traceback hidden in it."""
    done = CliRunner().invoke(main, [str(each) for each in arguments], input=given)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def written(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_assessed_the_same_twice_from_a_file_and_from_standard_input(
    tmp_path: Path, name: str
) -> None:
    sample = SAMPLES / f"{name}.yaml"
    assert run("assess", sample, "--out", tmp_path / "a", *ON).exit_code == 0
    told = run("assess", "-", "--out", tmp_path / "b", *ON, given=sample.read_bytes())
    assert told.exit_code == 0
    first = written(tmp_path / "a")
    assert first == written(tmp_path / "b")
    data = json.loads(first["assessment.json"])
    assert data.keys() >= KEYS
    assert len(first) > 2
    assert all(content[:2] == b"PK" for file, content in first.items() if file.endswith(".docx"))
    assert not [each for each in data["flags"] if each["outcome"] == "error"]


def test_an_empty_file_is_assessed_with_everything_unanswered(tmp_path: Path) -> None:
    done = run("assess", "-", "--out", tmp_path, given="")
    assert done.exit_code == 0
    data = json.loads((tmp_path / "assessment.json").read_text("utf-8"))
    assert data["unanswered"]
    assert not [each for each in data["flags"] if each["outcome"] == "raised"]


def test_a_path_beside_the_answers_answers_a_question_for_a_file(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "flows.pdf").write_bytes(pdf())
    answers = tmp_path / "answers.yaml"
    sample = (SAMPLES / "homelessness_data_linking.yaml").read_text("utf-8")
    answers.write_text(f"{sample}\nshare.flow_file: papers/flows.pdf\n", "utf-8")
    assert run("assess", answers, "--out", tmp_path / "out").exit_code == 0
    with zipfile.ZipFile(tmp_path / "out" / "dpia.docx") as made:
        said = made.read("word/document.xml").decode()
    assert "flows.pdf" in said
    assert hashlib.sha256(pdf()).hexdigest()[:8] in said


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("lost.pdf", "there is no file 'lost.pdf'"),
        ("../outside.pdf", "there is no file '../outside.pdf' below the folder"),
        ("bad.pdf", "does not begin like one"),
        ("{hash: x}", "write its path, from the folder of the answers file"),
    ],
)
def test_a_path_that_answers_nothing_is_a_fault_in_its_line(
    tmp_path: Path, path: str, says: str
) -> None:
    (tmp_path / "outside.pdf").write_bytes(pdf())
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "bad.pdf").write_bytes(b"MZ")
    answers = folder / "answers.yaml"
    answers.write_text(f"project.title: Warm homes\nshare.flow_file: {path}\n")
    done = run("assess", answers, "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert done.stderr.startswith("answers.yaml:2:")
    assert says in done.stderr


TEN = """\
project.tilte: Misspelt
data.special: [telepathy]
data.personal: maybe
project.start: 2026-02-30
subjects.count_band: 1e9
parties.list: everyone
risks.register: [{titel: A column that is none}]
dpia.screening: not_required
project.door: change
project.door: new
project.outcome: [a, list]
"""


def test_ten_faults_are_named_with_their_lines_and_nothing_is_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("assess", "-", "--out", out, given=TEN)
    assert done.exit_code == 1
    named = {line.split(":")[1] for line in done.stderr.splitlines() if line.startswith("-:")}
    assert named == {"1", "2", "3", "4", "5", "6", "7", "8", "10", "11"}
    assert "nothing was written" in done.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("[{id: 1, name: A}, {id: '2', name: B}]", None),
        ("[{name: A}, {name: B}]", None),
        ("[{id: 2, name: A}]", "1 fault; nothing was written"),
        ("[{id: x, name: A}]", "this is row 1: remove the id"),
    ],
)
def test_a_row_may_say_its_place_and_no_other_number(
    tmp_path: Path, rows: str, fault: str | None
) -> None:
    done = run("assess", "-", "--out", tmp_path / "out", given=f"parties.list: {rows}")
    assert done.exit_code == (1 if fault else 0)
    assert (fault or "") in done.stderr


BOMBS = {
    "a tag that runs code": "project.title: !!python/object/apply:os.system ['true']",
    "an alias": "project.title: &a x\nproject.outcome: *a",
    "a billion laughs": "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]",
    "a merge key": "<<: {project.title: x}",
    "a key twice": "project.title: x\nproject.title: y",
    "depth 5,000": "project.title: " + "[" * 5000,
    "two documents": "project.title: x\n---\nproject.title: y",
    "no mapping": "[1, 2]",
    "a key that is no word": "? [a, b]\n: x",
    "not UTF-8": b"project.title: \xff\xfe",
    "NUL": b"project.title: a\x00b",
    "a number like no other": "subjects.count: 0x1F",
    "more rows than a list may hold": "parties.list: [" + "{name: x}," * 501 + "]",
    "an endless list": "proc.uses: [" + "x," * 20_000 + "]",
    "too big": b"project.title: " + b"x" * 1_100_000,
    "a row in a row": "parties.list: [{id: 1, name: {a: b}}]",
    "an unclosed quote": 'project.title: "x',
    "a very long number": "subjects.count: " + "9" * 5000,
    "an escape that cannot be printed": 'project.title: "a\\0b"',
    "half a pair": 'project.title: "\\ud800"',
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_no_file_of_answers_is_a_trap(tmp_path: Path, text: str | bytes) -> None:
    out = tmp_path / "out"
    done = run("assess", "-", "--out", out, given=text)
    assert done.exit_code == 1
    assert done.stderr.startswith("-:")
    assert not out.exists()


USAGE = {
    "no answers": ("assess",),
    "no folder": ("assess", "-"),
    "a file that is not there": ("assess", "/nowhere.yaml", "--out", "x"),
    "no day": ("assess", "-", "--out", "x", "--on", "2026-02-30"),
    "no stage": ("assess", "-", "--out", "x", "--stage", "zzz"),
    "no command": ("guess",),
    "no flag": ("explain", "R99999", "-"),
    "a demonstration for everybody": ("serve", "--demo", "--host", "0.0.0.0"),  # noqa: S104
    "a demonstration under a name": ("serve", "--demo", "--host", "example.org"),
    "a port that is none": ("serve", "--port", "http"),
}


@pytest.mark.parametrize("arguments", USAGE.values(), ids=USAGE)
def test_wrong_usage_exits_with_2_and_does_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*arguments, given="")
    assert done.exit_code == 2
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_command_begins_without_what_only_others_need() -> None:
    looked = "import sys, app.cli; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", looked], capture_output=True, text=True, check=True
    )
    loaded = done.stdout.split()
    assert "app.settings" in loaded
    assert not {"flask", "sqlalchemy", "pydantic", "yaml", "waitress"} & {*loaded}


def test_serving_without_a_secret_starts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for secret in ("", "short", "a" * 64):
        monkeypatch.setenv("SECRET_KEY", secret)
        done = run("serve")
        assert done.exit_code == 1
        assert "SECRET_KEY" in done.stderr
        assert secret not in done.stderr or len(secret) < 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "command",
    [("serve", "--demo"), ("work", "--once"), ("publish", "--notes", "n", "--author", "a")],
)
def test_a_database_that_cannot_be_used_is_told_and_nothing_is_started(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "0123456789abcdef" * 2)
    url = f"sqlite:///{tmp_path / 'later.sqlite3'}"
    with closing(sqlite3.connect(tmp_path / "later.sqlite3")) as later, later:
        later.execute("CREATE TABLE alembic_version (version_num TEXT)")
        later.execute("INSERT INTO alembic_version VALUES ('later')")
    nobodys_port = "postgresql://nobody@127.0.0.1:1/none"
    for address, said in ((url, "a later program made"), (nobodys_port, "refused")):
        monkeypatch.setenv("DATABASE_URL", address)
        done = run(*command)
        assert done.exit_code == 1
        assert "DATABASE_URL: " in done.output
        assert said in done.output
        assert "Nothing was " in done.output


def test_a_flag_is_explained_with_its_answers_and_source() -> None:
    done = run("explain", "R10", SAMPLES / "homelessness_data_linking.yaml", *ON)
    assert done.exit_code == 0
    for said in ("R10", "raised", "Raised because", "Source: "):
        assert said in done.stdout
    empty = run("explain", "R10", "-", given="")
    assert "These answers would settle it:" in empty.stdout or "clear" in empty.stdout


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_are_days(tmp_path: Path, day: str) -> None:
    done = run("assess", "-", "--out", tmp_path, "--on", day, given="project.title: A day")
    assert done.exit_code == 0


def _deep(levels: int) -> object:
    condition: object = {"==": [{"var": "q.a"}, "yes"]}
    for _ in range(levels):
        condition = {"!": condition}
    return condition


ASKED = [{"id": "q.a", "type": "yes_no", "ask": "Is it so?"}]
RULES = {
    "nested 60 deep": _deep(60),
    "an unknown operator": {"log": [{"var": "q.a"}]},
    "a doubling of texts": {
        "reduce": [[1] * 40, {"cat": [{"var": "accumulator"}, {"var": "accumulator"}]}, "x"]
    },
    "a way out of the data": {"==": [{"var": "__class__.__init__"}, "yes"]},
    "a variable that is worked out": {"==": [{"var": {"cat": ["q", ".a"]}}, "yes"]},
    "two operators": {"==": [{"var": "q.a"}, "yes"], "!": [True]},
    "no condition": "always",
    "two thousand parts": {"or": [{"==": [{"var": "q.a"}, "yes"]}] * 2_000},
}


@pytest.mark.parametrize("when", RULES.values(), ids=RULES)
def test_a_condition_that_is_a_trap_is_a_fault_with_its_place(when: object) -> None:
    lines = lines_of(sources(ASKED, {"flags": [flag(when)]}))
    assert lines
    assert all(line.startswith("rules/r.yaml") for line in lines)


# Releases


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of tiny definitions, beside a database of its own."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'kept' / 'fingerpost.sqlite3'}")
    return fill(tmp_path / "files", "One?")


def fill(folder: Path, ask: str) -> Path:
    for path, content in sources([{"id": "a.one", "type": "text", "ask": ask}]).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder


SAYING = ("--notes", "What changed.", "--author", "LOTI")


def test_publishing_says_the_number_and_the_same_files_are_the_same_release(instance: Path) -> None:
    first = run("publish", instance, *SAYING)
    again = run("publish", instance, *SAYING)
    second = run("publish", fill(instance, "Two?"), *SAYING)

    assert first.output.startswith("Release 1 published (")
    assert again.output.startswith("Release 1 has these very definitions already")
    assert second.output.startswith("Release 2 published (")


def test_what_is_exported_is_what_was_published_to_the_byte(instance: Path, tmp_path: Path) -> None:
    run("publish", instance, *SAYING)
    done = run("export", "1", tmp_path / "out")

    assert done.exit_code == 0
    assert tree(tmp_path / "out") == tree(instance)
    assert run("publish", tmp_path / "out", *SAYING).output.startswith("Release 1 has these very")


def tree(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def test_faults_are_told_together_and_nothing_is_published(instance: Path, tmp_path: Path) -> None:
    (instance / "rules" / "r.yaml").write_text("flags: [")
    (instance / "questionnaires" / "q.yaml").write_text("title: 1")
    refused = run("publish", instance, *SAYING)

    assert refused.exit_code == 1
    assert "rules/r.yaml:" in refused.output
    assert "questionnaires/q.yaml:1" in refused.output
    assert "nothing was published" in refused.output
    assert run("export", "1", tmp_path / "out").exit_code == 1


@pytest.mark.parametrize(
    ("number", "says"), [("7", "There is no release 7."), ("1", "is not empty")], ids=str
)
def test_nothing_is_exported_that_is_not_there_or_over_other_files(
    instance: Path, number: str, says: str
) -> None:
    run("publish", instance, *SAYING)
    refused = run("export", number, instance)

    assert (refused.exit_code, says in refused.output) == (1, True)


def test_the_page_on_releases_names_commands_and_options_that_there_are() -> None:
    page = (SAMPLES.parent.parent / "docs" / "releases.md").read_text(encoding="utf-8")
    named = {command: main.commands[command] for command in re.findall(r"fingerpost (\w+)", page)}
    options = {option for each in named.values() for p in each.params for option in p.opts}

    assert named.keys() == {"publish", "export"}
    assert set(re.findall(r"(--[a-z-]+)", page)) <= options
    assert {option for option in options if option.startswith("--")} <= set(
        re.findall(r"(--[a-z-]+)", page)
    )
