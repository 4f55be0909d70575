import ast
from dataclasses import fields
from pathlib import Path

import pytest

from app.settings import BadSettings, Settings, content_root, read_settings, table
from app.store import database

ROOT = Path(__file__).parent.parent
SECRET = "0123456789abcdef" * 2


def test_nothing_but_a_secret_is_needed() -> None:
    settings = read_settings({"SECRET_KEY": SECRET})
    assert settings.secret_key == SECRET
    assert settings.database_url == "sqlite:///instance/fingerpost.sqlite3"
    assert settings.trusted_hosts == ("127.0.0.1", "localhost")
    assert settings.fingerpost_content == content_root()


def test_a_database_is_opened_by_itself_as_the_settings_would_open_it() -> None:
    settings = read_settings({"SECRET_KEY": SECRET})
    usual = database.POOL_SIZE, database.BUSY_TIMEOUT_MS
    assert usual == (settings.pool_size, settings.busy_timeout_ms)


def test_a_demonstration_makes_a_new_secret_each_time() -> None:
    first, second = read_settings({}, demo=True), read_settings({}, demo=True)
    assert first.secret_key != second.secret_key
    assert read_settings({"SECRET_KEY": SECRET}, demo=True).secret_key == SECRET


def test_the_secret_is_not_printed() -> None:
    assert SECRET not in repr(read_settings({"SECRET_KEY": SECRET}))


@pytest.mark.parametrize(
    ("variable", "text", "fault"),
    [
        ("SECRET_KEY", "", "SECRET_KEY is not set"),
        ("SECRET_KEY", "   ", "SECRET_KEY is not set"),
        ("SECRET_KEY", SECRET[:31], "SECRET_KEY is too easy to guess"),
        ("SECRET_KEY", "ab" * 32, "SECRET_KEY is too easy to guess"),
        ("MAX_BODY", "9999", "MAX_BODY is '9999', which is not a whole number of 10000 or more"),
        ("MAX_FIELDS", "many", "MAX_FIELDS is 'many'"),
        ("THREADS", "0", "THREADS is '0'"),
        ("POOL_SIZE", "-1", "POOL_SIZE is '-1'"),
        ("BUSY_TIMEOUT_MS", "1.5", "BUSY_TIMEOUT_MS is '1.5'"),
        ("FINGERPOST_CONTENT", "/nowhere", "has no folder questionnaires/"),
        ("DATABASE_URL", "mysql://somebody@host/name", "DATABASE_URL is not an address such as"),
        ("DATABASE_URL", "/srv/fingerpost.sqlite3", "DATABASE_URL is not an address such as"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_by_name(
    variable: str, text: str, fault: str
) -> None:
    with pytest.raises(BadSettings, match=fault):
        read_settings({"SECRET_KEY": SECRET, variable: text})


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(BadSettings) as raised:
        read_settings({"MAX_BODY": "x", "THREADS": "x"})
    assert [fault.split()[0] for fault in raised.value.faults] == [
        "MAX_BODY",
        "THREADS",
        "SECRET_KEY",
    ]


def test_what_is_given_is_read(tmp_path: Path) -> None:
    (tmp_path / "questionnaires").mkdir()
    settings = read_settings(
        {
            "SECRET_KEY": SECRET,
            "FINGERPOST_CONTENT": str(tmp_path),
            "TRUSTED_HOSTS": "a.example, b.example,",
            "MAX_BODY": "10000",
        }
    )
    assert settings.fingerpost_content == tmp_path
    assert settings.trusted_hosts == ("a.example", "b.example")
    assert settings.max_body == 10_000


def test_every_setting_is_documented() -> None:
    assert [name for name, _, _ in table()] == [one.name.upper() for one in fields(Settings)]
    assert all(says.endswith(".") for _, _, says in table())


def test_every_setting_is_read_somewhere() -> None:
    read: set[str] = set()
    for path in (ROOT / "app").rglob("*.py"):
        if path.name != "settings.py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            read |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    unread = {one.name for one in fields(Settings)} - read
    assert not unread
