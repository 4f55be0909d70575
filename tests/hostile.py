"""Texts that nobody means well with, through the check of the editor, each counted and measured.

python -m tests.hostile          all of them and 1,000 mutants of the shipped files, with times
python -m tests.hostile 100      so many mutants

It runs in a process of its own, so that a limit of memory or time ends it and nothing else.
"""

from __future__ import annotations

import random
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.actions.definitions.draft_checks import check_text
from app.catalogue import read_files
from app.settings import content_root

ON = date(2026, 11, 21)
AS_LONG = 15  # times what shipped files take on the same machine; telling of many faults takes 5
MORE_MEMORY = 100_000_000  # bytes above what the process has when the corpus begins
RULES, ASKED, PRINTED = "rules/legal.yaml", "questionnaires/idea.yaml", "outputs/dpia.yaml"

Files = Mapping[str, bytes]


def rule(when: str) -> str:
    """Return a rules file with one flag under this condition."""
    return f"flags:\n  - id: F1\n    title: T\n    because: B\n    when: {when}\n"


def nested(open_: str, close: str, depth: int, inner: str = "") -> str:
    """Return something in something in something."""
    return open_ * depth + inner + close * depth


YES = '{"===": [{var: data.personal}, "yes"]}'
BOMB = "\n".join(
    ["a: &a [x, x, x, x, x, x, x, x, x]"]
    + [
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ]
)
TEXTS: dict[str, bytes] = {
    "nothing": b"",
    "a tag that runs a program": b'flags: !!python/object/apply:os.system ["id"]',
    "a tag that makes an object": b"flags: !!python/object/new:subprocess.Popen [[id]]",
    "a tag of its own": b"!include /etc/passwd",
    "a tag given a name": b"%TAG ! tag:yaml.org,2002:python/\n---\nflags: !name:os.system",
    "another version of YAML": b"%YAML 9.9\n---\nflags: []",
    "billion laughs": BOMB.encode(),
    "a list of itself": b"flags: &a [*a]",
    "a merge bomb": (
        "a: &a {x: 1}\n" + "".join(f"k{n}: {{<<: *a}}\n" for n in range(1_000))
    ).encode(),
    "5,000 brackets": nested("[", "]", 5_000).encode(),
    "5,000 open brackets": b"[" * 5_000,
    "5,000 braces": nested("{a: ", "}", 5_000, "1").encode(),
    "5,000 dashes": b"- " * 5_000 + b"a",
    "5,000 steps to the right": "".join(f"{' ' * n}a:\n" for n in range(1_400)).encode(),
    "5,000 questions": b"? " * 5_000,
    "a megabyte of brackets": b"[" * 999_999,
    "ten megabytes": b"a: " + b"x" * 10_000_000,
    "a line of a megabyte": b"title: " + b"x" * 999_000,
    "a key of a megabyte": b"x" * 999_000 + b": 1",
    "a text of a megabyte in quotes": b'title: "' + b"\\u00e9" * 160_000 + b'"',
    "a comment of a megabyte": b"flags: []\n" + b"#" * 999_000,
    "a megabyte of line ends": b"flags: []\n" + b"\n" * 999_000,
    "a megabyte of tabs": b"flags:\n" + b"\t" * 999_000,
    "a megabyte of blanks": b"flags: [" + b" " * 999_000,
    "a megabyte of keys": "".join(f"key{n}: 1\n" for n in range(90_000)).encode(),
    "a megabyte of one key": b"flags: []\n" * 90_000,
    "a megabyte of empty lists": b"flags: [" + b"[]," * 300_000 + b"]",
    "a megabyte of commas": b"flags: [" + b"," * 900_000 + b"]",
    "a megabyte of documents": b"---\n" * 240_000,
    "a megabyte of quotes": b"flags: " + b"'" * 900_000,
    "NUL": b"flags: []\0",
    "NUL in a text": b'title: "a\\0b"',
    "control characters": bytes(range(1, 32)) + b": 1",
    "a byte order mark": b"\xef\xbb\xbfflags: []",
    "byte order marks": b"\xef\xbb\xbf" * 1_000 + b"flags: []",
    "UTF-16": "flags: []".encode("utf-16"),
    "UTF-16 without a mark": "flags: []".encode("utf-16-be"),
    "UTF-32": "flags: []".encode("utf-32"),
    "Latin-1": "title: Müller".encode("latin-1"),
    "half a character": "title: Müller".encode()[:8],
    "a lone surrogate": b"title: \xed\xa0\x80",
    "an escaped surrogate": b'title: "\\ud800"',
    "overlong bytes": b"title: \xc0\xaf",
    "a character beyond all": b'title: "\\U0011ffff"',
    "right to left": "flags: []\n# \u202e\u2066 ]} :galf".encode(),
    "line ends of others": "flags: []\r\u2028\u2029\x85title: a".encode(),
    "numbers without end": f"flags: [{'9' * 100_000}, -1e999999, .inf, .nan, 0x{'f' * 9_999}]".encode(),
    "dates that are none": b'flags: []\nchecked: "9999-99-99"',
    "5,000 ids": rule(f"{{or: [{', '.join(['{var: x.y}'] * 5_000)}]}}").encode(),
    "2,000 names that are not there": rule(
        f"{{or: [{', '.join(f'{{var: x.y{n}}}' for n in range(1_990))}]}}"
    ).encode(),
    "an id of 100,000 letters": rule(f"{{var: {'a' * 100_000}.b}}").encode(),
    "an id of 1,000 dots": rule(f"{{var: a{'.a' * 1_000}}}").encode(),
    "conditions as deep as they may be": rule(nested("{and: [", "]}", 17, YES)).encode(),
    "opposites as deep as they may be": rule(nested('{"!": ', "}", 34, YES)).encode(),
    "opposites of rows": rule(
        nested('{"!": {or: [', "]}}", 11, f"{{some: [{{var: parties.list}}, {YES}]}}")
    ).encode(),
    "counts as deep as they may be": rule(nested("{at_least: [1, [", "]]}", 11, YES)).encode(),
    "counts of 2,000": rule(f"{{at_least: [1, [{', '.join([YES] * 660)}]]}}").encode(),
    "opposites of counts": rule(
        nested('{"!": {at_least: [1, [', "]]}}", 8, f"{YES}, {YES}, {YES}")
    ).encode(),
    "examples as many as there may be": (
        rule(YES) + "    raised_by:\n" + '      - {data.personal: "yes"}\n' * 1_999
    ).encode(),
    "examples of many rows": (
        rule(YES) + f"    raised_by: [{{parties.list: [{', '.join(['{name: x}'] * 1_999)}]}}]\n"
    ).encode(),
    "examples that are none": (
        rule(YES)
        + "    raised_by: [{data.personal: [], parties.list: {a: b}, risks.register: [[]]}]"
    ).encode(),
    "a pattern that never ends": rule(
        f'{{in: ["{"(a+)+" * 200}$", {{var: data.special}}]}}'
    ).encode(),
    "Python": b"flags: __import__('os').system('id')\ntitle: '{{7*7}} {% for x in y %} ${x} %(x)s'",
}


@dataclass
class Measured:
    """What came of the corpus."""

    loaded: int = 0
    refused: int = 0
    told: int = 0
    slowest: tuple[float, str] = (0.0, "")
    worst: list[tuple[float, str]] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)


def corpus(files: Files, mutants: int) -> Iterator[tuple[str, str, bytes]]:
    """Every hostile text, in a file of each kind, and mutants of the shipped files in turn."""
    for name, text in TEXTS.items():
        for path in (RULES, ASKED, PRINTED) if len(text) < 100_000 else (RULES,):
            yield f"{name} in {path}", path, text
    names = [name for name in files if name.endswith(".yaml")]
    chance = random.Random(20261122)  # noqa: S311 - the same mutants every time
    for n in range(mutants):
        path = names[n % len(names)]
        yield f"mutant {n} of {path}", path, mutant(files[path], chance)


def mutant(text: bytes, chance: random.Random) -> bytes:
    """Return a text with one to three slips, from a letter to a part of the file."""
    for _ in range(chance.randint(1, 3)):
        text = chance.choice(SLIPS)(text, chance)
    return text


def _line(text: bytes, chance: random.Random) -> tuple[list[bytes], int]:
    lines = text.split(b"\n")
    return lines, chance.randrange(len(lines))


def _drop(text: bytes, chance: random.Random) -> bytes:
    lines, at = _line(text, chance)
    return b"\n".join(lines[:at] + lines[at + 1 :])


def _twice(text: bytes, chance: random.Random) -> bytes:
    lines, at = _line(text, chance)
    return b"\n".join(lines[: at + 1] + lines[at:])


def _indent(text: bytes, chance: random.Random) -> bytes:
    lines, at = _line(text, chance)
    lines[at] = chance.choice([b"  " + lines[at], lines[at].removeprefix(b"  "), b"\t" + lines[at]])
    return b"\n".join(lines)


def _byte(text: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(text) + 1)
    return text[:at] + bytes([chance.randrange(256)]) + text[at + chance.randrange(2) :]


def _mark(text: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(text) + 1)
    marks = (b"{", b"}", b"[", b"]", b": ", b", ", b"'", b'"', b"*a", b"&a ", b"!x ", b"<<: ", b"|")
    return text[:at] + chance.choice(marks) + text[at:]


def _move(text: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(text) + 1)
    end = min(len(text), start + chance.randrange(400))
    left = text[:start] + text[end:]
    at = chance.randrange(len(left) + 1)
    return left[:at] + text[start:end] + left[at:]


def _word(text: bytes, chance: random.Random) -> bytes:
    lines, at = _line(text, chance)
    words = lines[at].split()
    if not words:
        return text
    new = (
        b"12",
        b"010",
        b"no",
        b"null",
        b"true",
        b"[]",
        b"{}",
        b"x.y",
        b"unsure",
        b"''",
        b"waiting",
    )
    lines[at] = lines[at].replace(chance.choice(words), chance.choice(new), 1)
    return b"\n".join(lines)


def _shorten(text: bytes, chance: random.Random) -> bytes:
    return text[: chance.randrange(len(text) + 1)]


SLIPS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(_drop, _twice, _indent, _byte, _mark, _mark, _move, _word, _word, _shorten),
)


def measure(mutants: int) -> Measured:
    """Check each text as the editor would; a crash ends all of it, as does a limit."""
    files = read_files(content_root())
    check_text(files, files, RULES, files[RULES] + b"\n", ON)  # what a worker has read before
    allowed = AS_LONG * max(_time_of(files, path) for path in (RULES, ASKED, PRINTED))
    found = Measured()
    limit_memory(MORE_MEMORY)
    for name, path, text in corpus(files, mutants):
        limit_time(allowed)
        before = time.process_time()
        check = check_text(files, files, path, text, ON)
        spent = time.process_time() - before
        limit_time(0)
        found.worst.append((spent, name))
        faults = [each for each in check.here if each.kind == "fault"]
        found.loaded += check.catalogue is not None
        found.refused += check.catalogue is None
        found.told += len(check.here)
        lines = text.count(b"\n") + text.count(b"\r") + 2 + 3 * text.count("\u2028".encode()) * 2
        if check.catalogue is None and not (faults or check.elsewhere):
            found.unplaced.append(f"{name}: refused without a word")
        found.unplaced += [
            f"{name}: line {each.line} of {lines}: {each.message}"
            for each in check.here
            if not (1 <= each.line <= lines and each.column >= 1 and each.message)
        ]
    found.worst.sort(reverse=True)
    return found


def _time_of(files: Files, path: str) -> float:
    """Seconds of a processor that a sound text takes."""
    before = time.process_time()
    check = check_text(files, files, path, files[path] + b"\n# sound\n", ON)
    assert check.catalogue is not None, path
    return time.process_time() - before


def limit_memory(more: int) -> None:
    """Let this process have so many bytes more than it has now."""
    with open("/proc/self/statm", encoding="ascii") as pages:  # noqa: PTH123 - no file of ours
        now = int(pages.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + more, now + more))


def limit_time(seconds: float) -> None:
    """End this process when it has used so many more seconds of a processor; 0: no limit."""
    signal.setitimer(signal.ITIMER_PROF, seconds)


def main(mutants: int) -> int:
    """Print what came of it."""
    found = measure(mutants)
    print(f"{len(found.worst)} texts: {found.loaded} loaded, {found.refused} refused")  # noqa: T201
    print(f"{found.told} things told, {len(found.unplaced)} without a place")  # noqa: T201
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak of the whole process {peak:.0f} MB")  # noqa: T201
    for spent, name in found.worst[:8]:
        print(f"{spent:.3f} s  {name}")  # noqa: T201
    for line in found.unplaced[:20]:
        print(line)  # noqa: T201
    return 1 if found.unplaced else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000))
