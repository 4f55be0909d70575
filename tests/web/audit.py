"""A page as a person meets it, and what is wrong with it."""

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

ENDING = " – Fingerpost"
UNLABELLED = {"hidden", "submit", "button"}
VOID = {"meta", "link", "input", "img", "br", "hr", "area", "base", "col", "embed", "source"}
Attributes = dict[str, str]


@dataclass
class Link:
    """A link or button with its words."""

    words: str
    url: str


@dataclass
class Node:
    """An open element while the page is read."""

    tag: str
    attributes: Attributes
    text: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return " ".join("".join(self.text).split())


class Read(HTMLParser):
    """What a page holds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[Node] = []
        self.lang = ""
        self.title = ""
        self.headings: list[tuple[int, str]] = []
        self.links: list[Link] = []
        self.ids: list[str] = []
        self.inputs: list[Attributes] = []
        self.labelled: set[str] = set()
        self.forms: list[Attributes] = []
        self.tokens = 0
        self.hidden: dict[str, list[str]] = {}
        self.inline: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._note(tag, given)
        if tag in ("input", "select", "textarea"):
            self._input(tag, given)
        if tag not in VOID:
            self.open.append(Node(tag, given))

    def _note(self, tag: str, given: Attributes) -> None:
        self.inline += [
            f"{tag} {each}" for each in given if each == "style" or each.startswith("on")
        ]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        self.forms += [given] if tag == "form" else []
        self.lang = given.get("lang", "") if tag == "html" else self.lang
        if tag == "label":
            self.labelled.add(given.get("for", ""))
        for node in self.open if tag == "img" else ():
            node.text.append(given.get("alt", ""))

    def _input(self, tag: str, given: Attributes) -> None:
        self.inputs.append({"type": tag, **given})
        if given.get("name") == "csrf_token":
            self.tokens += 1
        if given.get("type") == "hidden":
            self.hidden.setdefault(given.get("name", ""), []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        for node in self.open:
            node.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            node = self.open.pop()
            self._ended(node)
            if node.tag == tag:
                return

    def _ended(self, node: Node) -> None:
        if node.tag == "title" and not self.title:
            self.title = node.words
        if len(node.tag) == 2 and node.tag[0] == "h" and node.tag[1].isdigit():
            self.headings.append((int(node.tag[1]), node.words))
        if node.tag == "a":
            words = node.words or node.attributes.get("aria-label", "")
            self.links.append(Link(words, node.attributes.get("href", "")))


@lru_cache(maxsize=16)
def read_page(html: str) -> Read:
    """A page that was opened: it is looked over, and then its links and forms are used."""
    return Read(html)


def faults(html: str) -> list[str]:
    """Everything that is wrong with a page for somebody who uses it."""
    page = read_page(html)
    found = [f"inline: {each}" for each in page.inline]
    if [level for level, _ in page.headings].count(1) != 1:
        found.append(f"not one h1: {page.headings}")
    if not page.title.endswith(ENDING) or page.title == ENDING.strip():
        found.append(f"title: {page.title!r}")
    if page.lang != "en-GB":
        found.append(f"lang: {page.lang!r}")
    found += [
        f"link without words or address: {link}"
        for link in page.links
        if not link.words or link.url in ("", "#")
    ]
    found += [f"heading without words: {heading}" for heading in page.headings if not heading[1]]
    found += [f"the id {id_} twice" for id_, times in Counter(page.ids).items() if times > 1]
    found += [
        f"no label: {each}"
        for each in page.inputs
        if _needs_label(each) and not _has_label(page, each)
    ]
    posting = sum(form.get("method", "").lower() == "post" for form in page.forms)
    if page.tokens < posting:
        found.append(f"{posting} forms post, {page.tokens} have a token")
    found += [
        f"not filled in: {mark}"
        for mark in ('"None"', "Undefined", "&lt;app.")
        if mark in _without_answers(html)
    ]
    return found


def _without_answers(html: str) -> str:
    """A page but for the answers it quotes and the document it shows: "None" may be an answer."""
    before, _, after = html.partition('<div class="fp-doc')
    return (before + after.partition("<footer")[2]).replace("<strong>None</strong>", "")


def _needs_label(each: Attributes) -> bool:
    return each["type"] not in UNLABELLED


def _has_label(page: Read, each: Attributes) -> bool:
    return each.get("id") in page.labelled or "aria-label" in each or "aria-labelledby" in each
