"""Plain data as strict YAML: texts in quotes exactly where they need them, the rest plain."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

WIDTH = 100
DEEP = 2  # columns by which what belongs to a key stands further in

_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff"
)
"""What YAML does not print; it is written as an escape."""
_BREAKS = re.compile("[\r\x85\u2028\u2029]")  # line breaks that a block would not keep as they are
_OTHER_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""What other readers of YAML take for no text."""
_NUMERIC = re.compile(r"[-+.0-9][-+.,0-9_:eExXoObBTZ/a-fA-F]*")
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`~=.<")
_FLOW = frozenset(",[]{}")


class CannotWrite(ValueError):
    """No definition file can say such a thing."""


def plain(text: str, *, flow: bool) -> bool:
    """Whether a text needs no quotes: it reads back as itself, here and in any other reader."""
    if not text or text != text.strip() or text[0] in _INDICATORS:
        return False
    if text.lower() in _OTHER_WORDS or _NUMERIC.fullmatch(text):
        return False
    if any(each in text for each in (": ", " #", "\t", "\n")) or text.endswith(":"):
        return False
    if _FORBIDDEN.search(text) or _BREAKS.search(text):
        return False
    return not (flow and (_FLOW & set(text) or ":" in text))


def quoted(text: str) -> str:
    """A text in quotes, on one line."""
    said = json.dumps(text, ensure_ascii=False)
    said = _BREAKS.sub(_escape, said)
    try:
        said.encode()
    except UnicodeEncodeError as fault:
        raise CannotWrite("half of a character cannot be written") from fault
    return _FORBIDDEN.sub(_escape, said)


def scalar(value: object, *, flow: bool = False) -> str:
    """A text, number, yes or no, or nothing, on one line."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return value if plain(value, flow=flow) else quoted(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    raise CannotWrite(f"{value!r} is no value of a definition")


def block(text: str, indent: int, *, folded: bool) -> str | None:
    """A text over several lines below its key; None where only quotes can hold it."""
    body = text.removesuffix("\n")
    if not body or body.endswith("\n") or _FORBIDDEN.search(text) or _BREAKS.search(text):
        return None
    lines = body.split("\n")
    if lines[0][:1] in ("", " ", "\t") or any(line != line.rstrip() for line in lines):
        return None
    folded = folded and not any(line[:1] in (" ", "\t") for line in lines)
    header = (">" if folded else "|") + ("" if text.endswith("\n") else "-")
    said = list(_folded(lines, WIDTH - indent)) if folded else lines
    return "\n".join([header, *(" " * indent + line if line else "" for line in said)])


def flow(value: object) -> str:
    """Any value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(k, flow=True)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value, flow=True)


def below(value: object, indent: int) -> str:
    """A value as it stands after its key: on the same line, or on lines of its own from `indent`.

    Begins with a space or a line break.
    """
    if isinstance(value, str):
        written = block(value, indent, folded=False) if "\n" in value else None
        return f" {written or scalar(value)}"
    if not isinstance(value, Mapping | list | tuple):
        return f" {scalar(value)}"
    line = flow(value)
    if not value or (len(line) + indent + DEEP <= WIDTH and not _holds_lines(value)):
        return f" {line}"
    return "\n" + "\n".join(_lines(value, indent))


def entry(value: object, indent: int) -> str:
    """A part of a list, its dash standing at `indent`; what has keys has a line for each."""
    if not isinstance(value, Mapping) or not value:
        return " " * indent + "-" + below(value, indent + DEEP)
    written = "\n".join(pairs(value, indent + DEEP))
    return " " * indent + "- " + written[indent + DEEP :]


def pairs(value: Mapping[Any, object], indent: int) -> Iterator[str]:
    """The keys of a mapping, a line or more for each."""
    for key, each in value.items():
        yield " " * indent + f"{scalar(key)}:" + below(each, indent + DEEP)


def _lines(
    value: Mapping[Any, object] | list[object] | tuple[object, ...], indent: int
) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from pairs(value, indent)
    else:
        for each in value:
            line = flow(each)
            long = len(line) + indent + DEEP > WIDTH or _holds_lines(each)
            yield entry(each, indent) if long else " " * indent + f"- {line}"


def _holds_lines(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(map(_holds_lines, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_holds_lines, value))
    return isinstance(value, str) and "\n" in value


def _folded(lines: list[str], width: int) -> Iterator[str]:
    """Lines that a reader joins again with spaces; each break of the text is one line more."""
    for n, line in enumerate(lines):
        if n and lines[n - 1]:
            yield ""
        yield from _wrapped(line, width)


def _wrapped(line: str, width: int) -> Iterator[str]:
    """A line broken at single spaces."""
    words = re.split(r"(?<=[^ \t]) (?=[^ \t])", line)
    current = words[0]
    for word in words[1:]:
        if len(current) + 1 + len(word) > width:
            yield current
            current = word
        else:
            current += f" {word}"
    yield current


def _escape(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    return f"\\u{code:04x}" if code > 0xFF else f"\\x{code:02x}"
