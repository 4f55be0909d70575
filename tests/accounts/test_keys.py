"""Passwords and codes: what is accepted, what is kept, and that every path costs the same."""

from __future__ import annotations

import time

import pytest
from passlib.totp import TOTP

from app.web.accounts.keys import CLOCKS_DIFFER, LONGEST, Keys

GOOD = "seagull lantern oxide"


@pytest.fixture(scope="module")
def keys() -> Keys:
    return Keys("only-for-tests-0123456789-abcdefghijkl")


def test_a_password_is_kept_as_argon2id_with_19_mib(keys: Keys) -> None:
    kept = keys.hash(GOOD)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert kept != keys.hash(GOOD)
    assert keys.fits(GOOD, kept)
    assert not keys.fits(GOOD + " ", kept)
    assert not keys.fits(GOOD, None)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "seagull",
        "elevenchars",
        "password1234",
        "Passw0rd1234!",
        "qwertyuiop12",
        "aaaaaaaaaaaaaaa",
        "123456789012",
        "ann.alder@carnmere.example",
        "Ann Alder Ann Alder",
        "iloveyouiloveyou",
        "x" * (LONGEST + 1),
    ],
)
def test_a_password_that_is_short_common_or_ones_own_name_is_refused(
    keys: Keys, password: str
) -> None:
    assert keys.fault(password, "Ann Alder", "ann.alder@carnmere.example")


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "möwe laterne gefäß 9",
        "Ⅻ twelve ﬁne grapes",
        "seagull lantern oxide tunnel walnut " * 2 + "ferry copper meadow",
    ],
)
def test_any_signs_may_be_in_a_password_and_long_ones_are_whole(keys: Keys, password: str) -> None:
    assert keys.fault(password, "Ann Alder", "ann.alder@carnmere.example") == ""
    kept = keys.hash(password)
    assert keys.fits(password, kept)
    assert not keys.fits(password[:-1], kept)


# A code


def secret_of(keys: Keys, encrypted: str) -> TOTP:
    found: TOTP = keys._security.totp_factory._totp.from_source(encrypted)
    return found


def test_a_code_opens_once(keys: Keys) -> None:
    secret = keys.new_secret()
    code = secret_of(keys, secret).generate().token
    counter = keys.code_fits(code, secret, -1)
    assert counter is not None
    assert keys.code_fits(code, secret, counter) is None
    assert keys.code_fits(f" {code[:3]} {code[3:]} ", secret, -1) == counter


@pytest.mark.parametrize("code", ["", "1", "abcdef", "1234567", "٣٣٣٣٣٣", "000000\n", "-00001"])
def test_what_is_no_code_opens_nothing(keys: Keys, code: str) -> None:
    secret = secret_of(keys, keys.new_secret())
    assert keys.code_fits(code, secret.to_json(encrypt=True), -1) is None


def test_a_code_of_another_time_or_secret_opens_nothing(keys: Keys) -> None:
    secret = keys.new_secret()
    for away in (-CLOCKS_DIFFER * 3, CLOCKS_DIFFER * 3):
        code = secret_of(keys, secret).generate(time.time() + away).token
        assert keys.code_fits(code, secret, -1) is None
    code = secret_of(keys, keys.new_secret()).generate().token
    assert keys.code_fits(code, secret, -1) is None


def test_a_secret_is_kept_encrypted_and_needs_our_key(keys: Keys) -> None:
    secret = keys.new_secret()
    assert secret_of(keys, secret).base32_key not in secret
    code = secret_of(keys, secret).generate().token
    others = Keys("another-secret-0123456789-abcdefghijkl")
    assert others.code_fits(code, secret, -1) is None
    assert keys.code_fits(code, "not a secret", -1) is None


def test_recovery_codes_are_long_differ_and_only_their_hashes_are_kept(keys: Keys) -> None:
    codes = keys.new_recovery_codes()
    assert len(set(codes)) == 8
    assert all(len(code.replace("-", "")) == 12 for code in codes)
    assert keys.kept_of(codes[0]) == keys.kept_of(codes[0].upper().replace("-", " "))
    assert codes[0] not in keys.kept_of(codes[0])
