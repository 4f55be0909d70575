"""Texts of definitions as runs: a Markdown subset, with answers put in the places named in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from markdown_it import MarkdownIt

from app.core.blocks import Run, Runs, Tone

PLACE = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
_MARKDOWN = MarkdownIt("zero").enable(["emphasis", "link", "escape"])
_TONES = {"strong_open": Tone.STRONG, "em_open": Tone.EMPHASIS}
SAFE = ("https:", "http:", "mailto:", "/", "#")

Fill = Callable[[str], Run | None]


@lru_cache(maxsize=4096)
def _parsed(text: str) -> tuple[Run, ...]:
    runs: list[Run] = []
    tones = [Tone.PLAIN]
    to: str | None = None
    for token in _MARKDOWN.parseInline(text)[0].children or ():
        if token.type in _TONES:
            tones.append(_TONES[token.type])
        elif token.type in ("strong_close", "em_close"):
            tones.pop()
        elif token.type == "link_open":
            address = str(token.attrGet("href") or "")
            to = address if address.startswith(SAFE) else None
        elif token.type == "link_close":
            to = None
        elif token.content or token.type in ("softbreak", "hardbreak"):
            runs.append(Run(token.content or " ", tones[-1], to))
    return tuple(runs)


def places(text: str) -> tuple[str, ...]:
    """The names in {braces} of a text."""
    return tuple(PLACE.findall(text))


def runs(text: str, fill: Fill | None = None) -> Runs:
    """One paragraph as runs. `fill` says what stands at a place; answers are never read as markup."""
    found: list[Run] = []
    for run in _parsed(" ".join(text.split("\n"))):
        if fill is None:
            found.append(run)
            continue
        for n, piece in enumerate(PLACE.split(run.text)):
            filled = fill(piece) if n % 2 else None
            if filled is not None:
                tone = run.tone if filled.tone is Tone.PLAIN else filled.tone
                found.append(Run(filled.text, tone, run.to))
            elif piece:
                found.append(Run(f"{{{piece}}}" if n % 2 else piece, run.tone, run.to))
    return tuple(found)


def paragraphs(text: str) -> list[str]:
    """A text split at its empty lines."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def shorten(text: str, most: int) -> str:
    """A text of at most so many letters: cut after a sentence, or after a word of a long one."""
    if len(text) <= most:
        return text
    kept = text[: most - 2]
    ends = max(kept.rfind(". "), kept.rfind(".\n"))
    if ends >= most // 2:
        return f"{kept[: ends + 1]} …"
    return f"{(kept.rsplit(maxsplit=1) or [''])[0].rstrip('.,;: ')} …"


def plain(text: str) -> Runs:
    """A text as one plain run: nothing in it is read as markup."""
    return (Run(text),)
