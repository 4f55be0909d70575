"""Two texts side by side, with the words that went and those that came."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

ALIKE = 0.3  # below this the whole text is marked: scattered words in common say nothing
KEPT = 10  # words shown on each side of what changed
CUT = " … "
_WORDS = re.compile(r"\s+|[\w'’.-]+|[^\w\s]")
_NOTHING = 4  # words under which nothing is cut


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of words, and whether it is only on this side."""

    text: str
    changed: bool


Side = tuple[Stretch, ...]


def marked(before: str, after: str) -> tuple[Side, Side]:
    """Both texts in stretches; long stretches that are alike are cut short."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if not old or not new or matcher.ratio() < ALIKE:
        return _whole(before), _whole(after)
    left: list[Stretch] = []
    right: list[Stretch] = []
    opcodes = matcher.get_opcodes()
    for n, (tag, i, j, k, m) in enumerate(opcodes):
        between = 0 < n < len(opcodes) - 1 and not "".join(old[i:j]).strip()
        if tag == "equal" and not between:
            kept = Stretch(_cut(old[i:j], first=n == 0, last=n == len(opcodes) - 1), changed=False)
            left.append(kept)
            right.append(kept)
            continue
        _add(left, "".join(old[i:j]))
        _add(right, "".join(new[k:m]))
    return tuple(left), tuple(right)


def _add(side: list[Stretch], text: str) -> None:
    """Words that are only on this side, joined to those before them."""
    if text and side and side[-1].changed:
        text = side.pop().text + text
    side += _whole(text)


def _whole(text: str) -> Side:
    return (Stretch(text, changed=True),) if text else ()


def _cut(words: list[str], *, first: bool, last: bool) -> str:
    """A stretch that is alike on both sides, without the middle of a long one."""
    room = 2 * KEPT  # each word has a space beside it
    if len(words) <= 2 * room + _NOTHING:
        return "".join(words)
    start = "" if first else "".join(words[:room])
    end = "" if last else "".join(words[-room:])
    return f"{start.rstrip()}{CUT}{end.lstrip()}"
