"""Texts: cleaned, bounded, checked by a named check."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.core.questions.asked import BLANK, Answer, Asked, Reading, first_of

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BIDI_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Typed text in NFC with plain line ends; the direction overrides that can disguise text go."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _BIDI_OVERRIDES.sub("", unicodedata.normalize("NFC", text)).strip()


def _read_text(asked: Asked, raw: str) -> Reading:
    text = clean(raw)
    if not text:
        return BLANK
    found = _UNPRINTABLE.search(text)
    if found:
        return Reading(
            error=f"Remove the character that cannot be printed after “{text[: found.start()][-20:]}”"
        )
    limit = asked.max_length or _LIMITS[asked.type]
    if len(text) > limit:
        return Reading(error=f"Use {limit:,} characters or fewer; this has {len(text):,}")
    if asked.type == "text" and "\n" in text:
        return Reading(error="Write this on one line")
    if asked.check:
        wanted = NAMED_CHECKS[asked.check](text)
        if wanted:
            return Reading(error=wanted)
    return Reading(text)


_LIMITS = {"text": 300, "long_text": 20_000, "justification": 20_000}


def _matches(pattern: str, wanted: str) -> Callable[[str], str | None]:
    compiled = re.compile(pattern)
    return lambda text: None if compiled.fullmatch(text) else wanted


NAMED_CHECKS: dict[str, Callable[[str], str | None]] = {
    "email": _matches(
        r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+", "Enter an email address like name@example.org"
    ),
    "telephone": _matches(r"\+?[0-9 ()-]{7,20}", "Enter a telephone number like 020 7946 0000"),
    "ico_number": _matches(
        r"[A-Za-z]{1,2}[0-9]{5,7}|[0-9]{8}", "Enter a registration number like Z1234567"
    ),
    "postcode": _matches(
        r"[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}", "Enter a postcode like SE1 2AA"
    ),
    "web_address": _matches(
        r"https?://[^\s]+\.[^\s]+", "Enter a web address that starts with https://"
    ),
}


def text_form(asked: Asked, posted: Mapping[str, Sequence[str]]) -> Reading:
    """Read what a page posts."""
    return _read_text(asked, first_of(posted))


def text_file(asked: Asked, raw: Any) -> Reading:
    """Read what an answers file says."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return Reading(error="expected text")
    return _read_text(asked, str(raw))


def show_text(_asked: Asked, answer: Answer) -> str:
    """Put an answer into words."""
    return str(answer)
