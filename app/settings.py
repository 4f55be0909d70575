"""The settings of one running Fingerpost, read from the environment once."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
SHORTEST_SECRET = 32
FEWEST_DIFFERENT_CHARACTERS = 10
LOOPBACK = ("127.0.0.1", "::1", "localhost")


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


def _address(text: str) -> str:
    """Where the service is reached. Without TLS only on this machine: a session could be read."""
    parts = urlsplit(text)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not (safe and parts.hostname) or parts.path.strip("/"):
        raise ValueError(f"is {text!r}, which is not an address such as https://sharing.example")
    return text.rstrip("/")


def _database(text: str) -> str:
    if urlsplit(text).scheme.partition("+")[0] not in ("sqlite", "postgresql"):
        # It may hold a password, so it is not repeated.
        raise ValueError(
            "is not an address such as sqlite:///file or postgresql+psycopg://host/name"
        )
    return text


def _mail_server(text: str) -> str:
    if text and (urlsplit(text).scheme not in ("smtp", "smtps") or not urlsplit(text).hostname):
        raise ValueError("is not an address such as smtps://user:password@mail.example:465")
    return text


def _setting(
    default: str, says: str, read: Callable[[str], object] = str, *, secret: bool = False
) -> Any:
    """One setting: its default as it would be written, what it means, and how it is read."""
    notes = {"default": default, "help": says, "read": read}
    return field(default_factory=lambda: read(default), metadata=notes, repr=not secret)


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
        _database,
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
    clearing_tries: int = _setting(
        "300",
        "Most sets of other answers that are tried when somebody asks what would clear a flag.",
        _at_least(0),
    )
    clearing_ms: int = _setting(
        "500", "Milliseconds of processor time after which no more of them are tried.", _at_least(0)
    )
    source_days: int = _setting(
        "365",
        "Days after which the digest says that a source of law is to be read again.",
        _at_least(1),
    )
    base_url: str = _setting(
        "https://localhost",
        "Address under which people reach the service, as links in emails begin; `https:`, or "
        "`http:` on this machine only.",
        _address,
    )
    proxies: int = _setting(
        "0",
        "How many proxies of ours stand before the service: the address of a person is read from "
        "what the outermost of them says.",
        _at_least(0),
    )
    idle_minutes: int = _setting(
        "30", "Minutes without a request after which a person must sign in again.", _at_least(5)
    )
    session_hours: int = _setting(
        "8", "Hours after which a person must sign in again whatever they do.", _at_least(1)
    )
    fresh_minutes: int = _setting(
        "5",
        "Minutes since the last proof of who somebody is within which they may sign, accept a risk "
        "or advise; after them they are asked again.",
        _at_least(1),
    )
    invitation_hours: int = _setting(
        "24", "Hours for which the link of an invitation opens.", _at_least(1)
    )
    guess_minutes: int = _setting(
        "15", "Minutes over which wrong passwords and codes are counted.", _at_least(1)
    )
    guesses_per_account: int = _setting(
        "10",
        "Wrong passwords or codes for one account in that time; more are not looked at.",
        _at_least(3),
    )
    guesses_per_address: int = _setting(
        "20",
        "Wrong passwords or codes from one address in that time; more are not looked at.",
        _at_least(3),
    )
    mail_from: str = _setting("Fingerpost <fingerpost@localhost>", "Whom emails come from.")
    mail_folder: str = _setting(
        "instance/mail",
        "Folder to which emails are written, one file each, unless a way to send them is set.",
    )
    smtp_url: str = _setting(
        "",
        "Mail server to send through: `smtps://user:password@host:465`, or `smtp:` which changes to "
        "TLS where it is offered.",
        _mail_server,
        secret=True,
    )
    notify_key: str = _setting("", "Key of GOV.UK Notify, to send through it instead.", secret=True)
    notify_template: str = _setting(
        "", "Template in GOV.UK Notify, with the fields `subject` and `body`."
    )
    sso_issuer: str = _setting(
        "",
        "Issuer of OpenID Connect with whom people may sign in as well, such as a tenant of Entra ID; "
        "needs the extra `sso`.",
    )
    sso_client_id: str = _setting("", "What the issuer calls this service.")
    sso_client_secret: str = _setting("", "The secret the issuer gave this service.", secret=True)


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
