"""What the definition files define and where it stands in them, read from their text as it is."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.catalogue.editing import File
from app.catalogue.spans import CannotEdit, Path
from app.catalogue.spans import find as find_node
from app.core.wording import short

QUESTIONNAIRE, SECTION, PAGE, QUESTION, COLUMN, USE = (
    "questionnaire",
    "section",
    "page",
    "question",
    "column",
    "use",
)
FLAG, CONDITION, SCORE, BANDS, DECISION, OUTCOME, OFFER, ENTRY, MATRIX = (
    "flag",
    "condition",
    "score",
    "bands",
    "decision",
    "outcome",
    "offer",
    "entry",
    "matrix",
)
DOCUMENT, BLOCK = "document", "block"
ANSWERS = "A table of answers"  # what a block is called that has no words of its own
RULES = (FLAG, CONDITION, SCORE, BANDS, DECISION, OFFER, MATRIX)
REMEMBERED = 200  # files, as they were read last
MOST = 90  # letters of what a block is called
_NUMBERED = re.compile(r"([a-z])([0-9])")

_LISTS = {
    "flags": FLAG,
    "conditions": CONDITION,
    "scores": SCORE,
    "bands": BANDS,
    "decisions": DECISION,
    "offers": OFFER,
    "matrices": MATRIX,
}
_INNER = {DECISION: ("outcomes", OUTCOME), OFFER: ("entries", ENTRY)}
_WORDS = {
    "ask": "Question",
    "name": "Short name",
    "hint": "Hint",
    "guide": "Help beside the question",
    "why": "Why we ask",
    "source": "Source",
    "because": "Reason",
    "harm": "What could happen",
    "intro": "Introduction",
    "about": "About",
    "heading": "Heading",
    "clause": "Clause",
    "bullets": "List",
    "options": "Option",
    "none": "Label of “none”",
    "unless": "Reason not to offer it",
}
_NOT_WORDS = frozenset(
    [
        "id",
        "type",
        "use",
        "show_if",
        "when",
        "where",
        "if",
        "only_if",
        "raised_by",
        "not_by",
        "value",
        "points",
        "columns",
        "code",
        "answers",
        "rows",
        "of",
        "part",
        "checked",
        "kind",
        "outcomes",
        "entries",
        "sections",
        "pages",
        "questions",
        "blocks",
        "else",
        "levels",
    ]
)


@dataclass(frozen=True)
class Thing:
    """Something that is defined: what kind, under which id, and where it stands.

    `around`: the titles of what it stands in, outermost first. `value`: as the file says it.
    """

    kind: str
    id: str
    title: str
    file: str
    path: Path
    around: tuple[str, ...]
    value: Any


@dataclass(frozen=True)
class Found:
    """Words found in a thing: what they are part of, and the whole text."""

    thing: Thing
    part: str
    text: str


@lru_cache(maxsize=REMEMBERED)
def read_file(content: bytes) -> File | None:
    """A definition file; None when it has faults."""
    try:
        return File.of(content)
    except CannotEdit:
        return None


def things(files: Mapping[str, bytes]) -> Iterator[Thing]:
    """Everything that is defined, file by file, in the order in which it stands there."""
    for name, content in files.items():
        if name.endswith(".yaml"):
            yield from things_of(name, content)


@lru_cache(maxsize=REMEMBERED)
def things_of(name: str, content: bytes) -> tuple[Thing, ...]:
    """What one file defines; nothing while it has faults of form."""
    file = read_file(content)
    if file is None or not isinstance(file.value, dict):
        return ()
    folder, _, stem = name.removesuffix(".yaml").partition("/")
    try:
        return tuple(_READERS[folder](name, stem, file.value))
    except (KeyError, TypeError, AttributeError):
        return ()  # of another form than such a file has: its faults say so


def find(files: Mapping[str, bytes], kind: str, id_: str) -> Thing | None:
    """The thing of this kind and id."""
    return next((each for each in things(files) if (each.kind, each.id) == (kind, id_)), None)


def thing_at(files: Mapping[str, bytes], name: str, line: int) -> Thing | None:
    """The innermost thing that stands on a line of a file."""
    found = None
    for thing, first, last in _spans(name, files[name]) if name in files else ():
        if first <= line <= last:
            found = thing
    return found


@lru_cache(maxsize=REMEMBERED)
def _spans(name: str, content: bytes) -> tuple[tuple[Thing, int, int], ...]:
    """Everything that a file defines with its first and last line, what holds others before them."""
    found = things_of(name, content)
    if not found:
        return ()
    text = content.decode("utf-8")
    top = find_node(text, ())
    breaks = [n for n, letter in enumerate(text) if letter == "\n"]
    spans = []
    for thing in found:
        node = top
        for part in thing.path:
            node = node.values[part]
        first = bisect_left(breaks, node.start) + 1
        spans.append((thing, first, bisect_left(breaks, max(node.start, node.end - 1)) + 1))
    return tuple(spans)


def below(files: Mapping[str, bytes], name: str) -> tuple[Thing, ...]:
    """What one file defines."""
    return things_of(name, files[name]) if name in files else ()


def search(files: Mapping[str, bytes], words: str) -> Iterator[Found]:
    """The things in whose texts all of these words stand, as people see them."""
    wanted = words.casefold().split()
    if not wanted:
        return
    for thing in things(files):
        for part, text in texts_of(thing.value):
            said = text.casefold()
            if all(word in said for word in wanted):
                yield Found(thing, _part(thing, part), text)
                break


def texts_of(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a thing that somebody reads, with the key it stands under."""
    if isinstance(value, str):
        # A bare id names something and is read by nobody.
        if not _is_id(value):
            yield key, value
    elif isinstance(value, dict):
        for each, inner in value.items():
            if each not in _NOT_WORDS:
                yield from texts_of(inner, key if key == "options" else each)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner, key)


def _is_id(text: str) -> bool:
    """Whether a text is one word of small letters with a full stop in it: "data.special"."""
    return "." in text[1:-1] and text.islower() and text.replace(".", "").replace("_", "").isalnum()


def _part(thing: Thing, key: str) -> str:
    if key == "title":
        return f"Title of the {thing.kind}"
    return _WORDS.get(key, "Text")


# One reader for each folder


def _questionnaires(file: str, stem: str, value: Any) -> Iterator[Thing]:
    if stem.rpartition("/")[2] == "pipeline":
        return
    title = str(value["title"])
    yield Thing(QUESTIONNAIRE, stem, title, file, (), (), value)
    for s, section in enumerate(value["sections"]):
        at: Path = ("sections", s)
        id_ = f"{stem}/{section['id']}"
        yield Thing(SECTION, id_, str(section["title"]), file, at, (title,), section)
        around = (title, str(section["title"]))
        for p, page in enumerate(section["pages"]):
            yield from _page(file, stem, (*at, "pages", p), around, page)


def _page(file: str, stem: str, at: Path, around: tuple[str, ...], page: Any) -> Iterator[Thing]:
    title = str(page["title"])
    yield Thing(PAGE, f"{stem}/{page['id']}", title, file, at, around, page)
    within = (*around, title)
    for q, question in enumerate(page["questions"]):
        here: Path = (*at, "questions", q)
        if set(question) == {"use"}:
            yield Thing(
                USE, f"{stem}/{page['id']}/{q}", question["use"], file, here, within, question
            )
            continue
        id_, asks = str(question["id"]), str(question.get("ask", question["id"]))
        yield Thing(QUESTION, id_, asks, file, here, within, question)
        for c, column in enumerate(question.get("columns", ())):
            called = column.get("ask") or column.get("title") or column["id"]
            place: Path = (*here, "columns", c)
            yield Thing(
                COLUMN, f"{id_}/{column['id']}", str(called), file, place, (*within, asks), column
            )


def words_of(stem: str) -> str:
    """The name of a file as words: "Legal gateways", "Schedule 1"."""
    folder, _, name = stem.rpartition("/")
    words = _NUMBERED.sub(r"\1 \2", name.replace("_", " "))
    if folder and folder != name:
        return f"{folder}: {words}".capitalize()
    return words[:1].upper() + words[1:]


def file_title(files: Mapping[str, bytes], name: str) -> str:
    """What people call a file: its title; rules have none, and are called as what they are about."""
    folder, _, stem = name.rpartition(".")[0].partition("/")
    about = f"questionnaires/{stem}.yaml"
    for each in (name, about) if folder == "rules" else (name,):
        top = next((one for one in below(files, each) if not one.path), None)
        if top is not None:
            return top.title
    return words_of(stem)


def file_called(files: Mapping[str, bytes], name: str) -> str:
    """A file in one line, with what kind it is of: "Rules: Legal"."""
    kind = {"rules": "Rules: ", "outputs": "Document: "}.get(name.partition("/")[0], "")
    return f"{kind}{file_title(files, name)}"


def _rules(file: str, stem: str, value: Any) -> Iterator[Thing]:
    called = words_of(stem)
    for key, kind in _LISTS.items():
        for n, each in enumerate(value.get(key, ())):
            title = str(each.get("title", each["id"]))
            yield Thing(kind, str(each["id"]), title, file, (key, n), (called,), each)
            if kind in _INNER:
                inner, of = _INNER[kind]
                for i, one in enumerate(each[inner]):
                    id_ = f"{each['id']}/{one['code']}"
                    said = str(one.get("label", one.get("title", one["code"])))
                    yield Thing(of, id_, said, file, (key, n, inner, i), (called, title), one)


def _outputs(file: str, stem: str, value: Any) -> Iterator[Thing]:
    title = str(value["title"])
    yield Thing(DOCUMENT, stem, title, file, (), (), value)
    yield from _blocks(file, stem, ("blocks",), (title,), value["blocks"])


def _blocks(
    file: str, stem: str, at: Path, around: tuple[str, ...], blocks: Any
) -> Iterator[Thing]:
    heading = around
    for n, block in enumerate(blocks):
        here: Path = (*at, n)
        if isinstance(block.get("heading"), str):
            heading = (*around, block["heading"])
        id_ = f"{stem}/{'.'.join(map(str, here))}"
        yield Thing(BLOCK, id_, block_title(block), file, here, heading, block)
        for key in ("blocks", "else"):
            if isinstance(block.get(key), list):
                yield from _blocks(file, stem, (*here, key), heading, block[key])


def block_title(block: Mapping[str, Any]) -> str:
    """What a block is called in a list: the beginning of what it says."""
    for key in ("heading", "clause", "schedule", "text", "title", "table", "facts", "form"):
        if isinstance(block.get(key), str) and block[key]:
            return short(block[key], MOST)
    if isinstance(block.get("bullets"), list) and block["bullets"]:
        return short(str(block["bullets"][0]), MOST)
    for key, said in _BLOCKS.items():
        if key in block:
            named = block[key] if isinstance(block[key], str) else ""
            return f"{said} {named}".strip()
    return "A block"


_BLOCKS = {
    "answers_of": "All answers of",
    "answers": ANSWERS,
    "rows": "A table of",
    "part": "Part:",
    "if": "Printed only under a condition",
    "each": "Once for each of",
}


_READERS = {"questionnaires": _questionnaires, "rules": _rules, "outputs": _outputs}
