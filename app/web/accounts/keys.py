"""How somebody proves who they are: passwords, codes from an app, codes for when that is lost.

Flask-Security does it, in an application of its own that serves nothing: so it looks nobody up
before each request, and nothing of it is loaded where nobody signs in.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

from flask import Flask
from flask_security import RoleMixin, Security, UserMixin
from flask_security.datastore import UserDatastore
from flask_security.totp import Totp
from flask_security.utils import hash_password, verify_password

SHORTEST, LONGEST = 12, 128
JUDGED = 72  # characters of a password that are looked at for how easy it is to guess
ISSUER = "Fingerpost"
AT_ONCE = 2  # each hash takes 19 MiB and a moment of one core
CLOCKS_DIFFER = 30  # seconds by which a telephone's clock may be wrong
RECOVERY_CODES = 8
ARGON2 = {
    "argon2__type": "ID",
    "argon2__memory_cost": 19 * 1024,
    "argon2__rounds": 2,
    "argon2__parallelism": 1,
}
WORDS = re.compile(r"\w{3,}")
NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$+uC0FsDPanFyViasf7kK9Q"
    "$dwdZ2cNlWDcoXmQa9jdDU0KVGXsrUakdBEGCDJPrPCI"
)
"""The hash of a password that was thrown away: compared where there is no account."""


class _User(UserMixin):
    """What Flask-Security asks of a person before it starts; people are kept in our own tables."""

    fs_uniquifier = ""
    mf_recovery_codes: list[str] | None = None


class _Holder(_User):
    """Whoever gives a code, for Flask-Security: the counter of their last one."""

    def __init__(self, counter: int) -> None:
        self.counter = counter


class _Codes(Totp):
    """Codes that open once."""

    def get_last_counter(self, user: Any) -> int | None:
        """The counter of the last code; None before the first."""
        return user.counter if user.counter >= 0 else None

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """The counter of this code."""
        user.counter = tmatch.counter


class _About:
    """What of a person must not be their password."""

    def __init__(self, name: str, email: str) -> None:
        self.name, self.email = name, email


class Keys:
    """Flask-Security, kept apart."""

    def __init__(self, secret_key: str) -> None:
        self._app = Flask(__name__)
        self._app.config.update(
            SECRET_KEY=secret_key,
            SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of an algorithm
            SECURITY_PASSWORD_SINGLE_HASH=True,
            SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=ARGON2,
            SECURITY_PASSWORD_LENGTH_MIN=SHORTEST,
            SECURITY_PASSWORD_COMPLEXITY_CHECKER="zxcvbn",  # noqa: S106 - the name of a library
            SECURITY_MULTI_FACTOR_RECOVERY_CODES=True,
            SECURITY_MULTI_FACTOR_RECOVERY_CODES_N=RECOVERY_CODES,
            SECURITY_TOTP_SECRETS={"1": _derived(secret_key, "codes")},
            SECURITY_TOTP_ISSUER=ISSUER,
        )
        store = UserDatastore(_User, RoleMixin)
        self._security = Security(self._app, store, register_blueprint=False, totp_cls=_Codes)
        self._recovery = _derived(secret_key, "recovery").encode()
        self._room = BoundedSemaphore(AT_ONCE)

    @contextmanager
    def _context(self) -> Iterator[None]:
        with self._app.app_context():
            yield

    # Passwords

    def hash(self, password: str) -> str:
        """What is kept of a password."""
        with self._room, self._context():
            return str(hash_password(self._normal(password)))

    def fits(self, password: str, kept: str | None) -> bool:
        """Whether this is the password; the same work whether or not there is one."""
        with self._room, self._context():
            # Nobody's password is this long; hashing it would cost more than any other.
            typed = self._normal(password)[: LONGEST + 1]
            right = verify_password(typed, kept or NOBODYS)
            return bool(right) and kept is not None and len(typed) <= LONGEST

    def fault(self, password: str, name: str, email: str) -> str:
        """What is wrong with a new password, or nothing."""
        if len(password) < SHORTEST:
            return f"Your password must have {SHORTEST} characters or more"
        if len(password) > LONGEST:
            return f"Your password must have {LONGEST} characters or fewer"
        with self._context():
            faults, _ = self._security.password_util.validate(
                password[:JUDGED], False, user=_About(name, email)
            )
        if faults or _says_little_more(password, name, email):
            return (
                "This is too easy to guess: many people use it, or it follows from your name. "
                "Three or four words that do not belong together are easy to keep in mind"
            )
        return ""

    def _normal(self, password: str) -> str:
        return str(self._security.password_util.normalize(password))

    # Codes from an app

    def new_secret(self) -> str:
        """A new secret for an app, encrypted."""
        return str(self._security.totp_factory.generate_totp_secret())

    def knows(self, secret: str) -> bool:
        """Whether this is a secret of ours."""
        try:
            self.spelt(secret)
        except (ValueError, TypeError):
            return False
        return True

    def address(self, secret: str, email: str) -> str:
        """What an app reads from the picture."""
        return str(self._security.totp_factory.get_totp_uri(email, secret))

    def spelt(self, secret: str) -> str:
        """The secret to type where no picture can be read."""
        return str(self._security.totp_factory.get_totp_pretty_key(secret))

    def code_fits(self, code: str, secret: str, counter: int) -> int | None:
        """The counter of a code that fits and is newer than `counter`; None when it does not."""
        if not self.knows(secret):
            return None
        holder = _Holder(counter)
        fits = self._security.totp_factory.verify_totp(
            "".join(code.split()), secret, holder, window=CLOCKS_DIFFER
        )
        return holder.counter if fits else None

    # Codes for when the app is lost

    def new_recovery_codes(self) -> list[str]:
        """Codes to print and keep, each good once."""
        return list(self._security.totp_factory.generate_recovery_codes(RECOVERY_CODES))

    def kept_of(self, code: str) -> str:
        """What is kept of a recovery code: a hash that needs our key; the codes are long and random."""
        plain = "".join(sign for sign in code.lower() if sign.isalnum())
        return hmac.new(self._recovery, plain.encode(), hashlib.sha256).hexdigest()


def _says_little_more(password: str, name: str, email: str) -> bool:
    """Whether hardly anything is left of a password without what everybody knows of its owner."""
    left = password.casefold()
    for word in WORDS.findall(f"{name} {email} {ISSUER}".casefold()):
        left = left.replace(word, "")
    return len(WORDS.findall(left)) < 2 and len("".join(WORDS.findall(left))) < SHORTEST // 2


def _derived(secret_key: str, use: str) -> str:
    """A key of its own for each use."""
    return hmac.new(secret_key.encode(), f"fingerpost:{use}".encode(), hashlib.sha256).hexdigest()
