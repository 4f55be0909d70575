"""The settings of one running Fingerpost, read from the environment once."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SHORTEST_SECRET = 32
FEWEST_DIFFERENT_CHARACTERS = 10


class BadSettings(ValueError):
    """Settings that cannot be used, with every fault at once."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def content_root() -> Path:
    """Where the shipped definitions are: in an installed package, or beside the source."""
    packed = HERE / "_content"
    return packed if packed.is_dir() else HERE.parent


def _strong(text: str) -> str:
    if len(text) < SHORTEST_SECRET or len(set(text)) < FEWEST_DIFFERENT_CHARACTERS:
        raise ValueError("is too easy to guess: give it at least 32 random characters")
    return text


def _folder(text: str) -> Path:
    folder = Path(text).resolve()
    if not (folder / "questionnaires").is_dir():
        raise ValueError(f"is {text}, which has no folder questionnaires/")
    return folder


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _at_least(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise ValueError(f"is {text!r}, which is not a whole number of {least} or more")
        return int(text)

    return number


def _setting(default: str, says: str, read: Callable[[str], object] = str) -> Any:
    """One setting: its default as it would be written, what it means, and how it is read."""
    notes = {"default": default, "help": says, "read": read}
    return field(default_factory=lambda: read(default), metadata=notes)


@dataclass(frozen=True)
class Settings:
    """Every setting, named as its environment variable is, in small letters."""

    secret_key: str = field(
        repr=False,
        metadata={
            "default": "",
            "help": "Signs the session cookie. Required: at least 32 random characters, the same "
            "on every machine of one installation. `serve --demo` makes its own.",
            "read": _strong,
        },
    )
    fingerpost_content: Path = field(
        default_factory=content_root,
        metadata={
            "default": "",
            "help": "Folder that holds `questionnaires/`, `rules/` and `outputs/`. "
            "Unless set, the definitions that came with the program.",
            "read": _folder,
        },
    )
    database_url: str = _setting(
        "sqlite:///instance/fingerpost.sqlite3",
        "Where projects are kept: a SQLite file, or `postgresql+psycopg://user@host/name`.",
    )
    trusted_hosts: tuple[str, ...] = _setting(
        "127.0.0.1,localhost",
        "Names under which people reach the service, with commas between; others are refused.",
        _names,
    )
    max_body: int = _setting("2000000", "Largest form, in bytes.", _at_least(10_000))
    max_fields: int = _setting("2000", "Most fields in one form.", _at_least(100))
    threads: int = _setting("4", "Requests that one process answers at a time.", _at_least(1))
    pool_size: int = _setting("8", "Database connections that one process keeps.", _at_least(1))
    busy_timeout_ms: int = _setting(
        "5000",
        "Milliseconds to wait for a busy database before asking the person to try again.",
        _at_least(1),
    )


def variable(one: "Field[Any]") -> str:
    """Return the environment variable of a field of Settings."""
    return one.name.upper()


def table() -> tuple[tuple[str, str, str], ...]:
    """Each setting's environment variable, default and meaning, for the documentation."""
    return tuple(
        (variable(one), one.metadata["default"], one.metadata["help"]) for one in fields(Settings)
    )


def read_settings(environ: Mapping[str, str], *, demo: bool = False) -> Settings:
    """Read every setting that the environment gives; all faults are raised together."""
    values: dict[str, Any] = {"secret_key": secrets.token_hex(32)} if demo else {}
    faults: list[str] = []
    for one in fields(Settings):
        text = environ.get(variable(one), "").strip()
        if not text:
            continue
        try:
            values[one.name] = one.metadata["read"](text)
        except ValueError as fault:
            faults.append(f"{variable(one)} {fault}")
    if not demo and not environ.get("SECRET_KEY", "").strip():
        faults.append("SECRET_KEY is not set: give it at least 32 random characters")
    if faults:
        raise BadSettings(faults)
    return Settings(**values)
