"""What a draft defines, as lists: one file, and a search by the words on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from flask import render_template, request, url_for

from app.actions.definitions.drafts import check_edits
from app.actions.errors import NotFound
from app.catalogue import things
from app.catalogue.things import Found, Thing, below, read_file
from app.core.difference.words import Words
from app.core.wording import count
from app.web.editor.desk import Desk, at_desk, crumbs, editor
from app.web.site import Context, reading, site

MOST_FOUND = 60
EXCERPT = 160

KINDS = {
    things.QUESTIONNAIRE: "Questionnaire",
    things.SECTION: "Section",
    things.PAGE: "Page",
    things.QUESTION: "Question",
    things.COLUMN: "Column",
    things.USE: "Question asked elsewhere too",
    things.FLAG: "Flag",
    things.CONDITION: "Named condition",
    things.SCORE: "Score",
    things.BANDS: "Table of bands",
    things.DECISION: "Decision",
    things.OUTCOME: "Outcome",
    things.OFFER: "List",
    things.ENTRY: "List entry",
    things.MATRIX: "Risk matrix",
    things.DOCUMENT: "Document",
    things.BLOCK: "Text",
}
BLOCKS = {
    "heading": "Heading",
    "clause": "Clause",
    "schedule": "Schedule",
    "answers": "Answers",
    "answers_of": "Answers",
    "table": "Table",
    "rows": "Table",
    "part": "Written by the program",
    "bullets": "List",
    "if": "What stands below it, only sometimes",
    "each": "What stands below it, repeated",
}
GROUPS = {
    things.FLAG: "Flags",
    things.CONDITION: "Named conditions",
    things.SCORE: "Scores",
    things.BANDS: "Bands",
    things.DECISION: "Decisions",
    things.OFFER: "Lists",
    things.MATRIX: "Risk matrices",
}

FOLDERS = {"questionnaires": "Questionnaire", "rules": "Rules", "outputs": "Document"}
"""What a file is, by its folder: that is known where it cannot be read."""


@editor.get("/drafts/<draft_id>/file/<path:path>")
def file(draft_id: str, path: str) -> str:
    """What one file defines, each with a link to its form."""
    with at_desk(draft_id) as (_, desk):
        if path not in desk.files:
            raise NotFound(path)
    found = below(desk.files, path)
    top = next((each for each in found if not each.path), None)
    return render_template(
        "draft_file.html",
        title=things.file_title(desk.files, path),
        caption=f"{FOLDERS[path.partition('/')[0]]}, {path}",
        crumbs=crumbs(desk),
        edit=desk.url("edit", kind=top.kind, id_=top.id) if top else None,
        text_url=desk.text_url(path),
        leave_out=desk.url("leave_out", path=path) if desk.may_edit else None,
        broken=read_file(desk.files[path]) is None,
        groups=list(_groups(desk, path, found)),
        findings=desk.findings(path),
        **desk.context(),
    )


def _groups(desk: Desk, path: str, found: tuple[Thing, ...]) -> Iterator[Context]:
    if path.startswith("questionnaires/"):
        yield from _pages(desk, found)
    elif path.startswith("rules/"):
        yield from _rules(desk, path, found)
    else:
        blocks = [each for each in found if each.kind == things.BLOCK]
        yield _group(desk, "What it says", blocks)


def _pages(desk: Desk, found: tuple[Thing, ...]) -> Iterator[Context]:
    for page in (each for each in found if each.kind == things.PAGE):
        group = on_page(desk, page, found)
        section = f"{page.id.rpartition('/')[0]}/{_section(found, page)}"
        group["above"] = page.around[-1]
        group["above_url"] = desk.url("edit", kind=things.SECTION, id_=section)
        group["edit"] = desk.url("edit", kind=page.kind, id_=page.id)
        yield group


def on_page(desk: Desk, page: Thing, found: tuple[Thing, ...]) -> Context:
    """The questions of a page among those of its file, and where another is added."""
    questions = (things.QUESTION, things.COLUMN, things.USE)
    within = (each for each in found if each.path[: len(page.path)] == page.path)
    group = _group(desk, page.title, [each for each in within if each.kind in questions])
    if desk.may_edit:
        url = desk.url("make", kind=things.QUESTION, within=page.id)
        group["add"] = {"label": "Add a question", "url": url}
    return group


def _section(found: tuple[Thing, ...], page: Thing) -> str:
    """The id of the section that a page is in."""
    near = (each for each in found if each.kind == things.SECTION and each.path == page.path[:2])
    return next(near).id.rpartition("/")[2]


def _rules(desk: Desk, path: str, found: tuple[Thing, ...]) -> Iterator[Context]:
    stem = path.removeprefix("rules/").removesuffix(".yaml")
    for kind, title in GROUPS.items():
        inner = {things.DECISION: things.OUTCOME, things.OFFER: things.ENTRY}.get(kind)
        group = _group(desk, title, [each for each in found if each.kind in (kind, inner)])
        if desk.may_edit and kind in (things.FLAG, things.CONDITION):
            url = desk.url("make", kind=kind, within=stem)
            group["add"] = {"label": f"Add a {KINDS[kind].lower()}", "url": url}
        if group["rows"] or group.get("add"):
            yield group


def _group(desk: Desk, title: str, found: list[Thing]) -> Context:
    return {"title": title, "rows": [row(desk, each) for each in found]}


def row(desk: Desk, thing: Thing) -> Context:
    """A thing as a line of a list."""
    depth = max(0, sum(part in ("blocks", "else", "columns") for part in thing.path) - 1)
    inner = thing.kind in (things.COLUMN, things.OUTCOME, things.ENTRY)
    return {
        "title": _title(desk, thing),
        "kind": _kind(thing),
        "code": thing.id if thing.kind in (things.QUESTION, *things.RULES) else "",
        "url": desk.form_url(thing),
        "inner": depth if thing.kind == things.BLOCK else int(inner),
    }


def _kind(thing: Thing) -> str:
    if thing.kind != things.BLOCK:
        return KINDS[thing.kind]
    return next((said for key, said in BLOCKS.items() if key in thing.value), KINDS[thing.kind])


def _title(desk: Desk, thing: Thing) -> str:
    if thing.kind == things.BLOCK:
        return _printed_if(desk, thing) or _answers(desk, thing) or thing.title
    if thing.kind != things.USE:
        return thing.title
    asked = desk.program(thing.file).questions.get(thing.title)
    return asked.ask if asked else thing.title


def _printed_if(desk: Desk, block: Thing) -> str:
    """When what stands below is printed: several such lines of one document say different things."""
    held = block.value.get("if")
    if not isinstance(held, dict) or desk.checked.catalogue is None:
        return ""
    said = f"Printed only if {Words(desk.program(block.file)).condition(held)}"
    return said if len(said) <= EXCERPT else f"{said[:EXCERPT].rsplit(maxsplit=1)[0]} …"


def _answers(desk: Desk, block: Thing) -> str:
    """What a table of answers is called, that has no words of its own: its first question."""
    asked = desk.part(block.file).questionnaires.get(str(block.value.get("answers_of")))
    if asked is not None:
        return f"All answers of {asked.title}"
    ids = block.value.get("answers")
    if not isinstance(ids, list) or not ids or block.title != things.ANSWERS:
        return ""
    first = desk.program(block.file).questions.get(str(ids[0]))
    more = f" and {count(len(ids) - 1, 'more answer')}" if len(ids) > 1 else ""
    return f"“{first.ask}”{more}" if first else ""


@editor.get("/drafts/<draft_id>/search")
def search(draft_id: str) -> str:
    """Find something by the words that are seen on a screen or in a document."""
    words = " ".join(request.args.get("q", "").split())[:200]
    with at_desk(draft_id) as (_, desk):
        found = list(islice(things.search(desk.files, words), MOST_FOUND + 1))
    return render_template(
        "draft_search.html",
        title="Search this draft",
        caption=desk.draft.name,
        crumbs=crumbs(desk),
        words=words,
        search_url=desk.url("search"),
        lead=_lead(words, len(found)),
        rows=[{**row(desk, each.thing), **_found(each, words)} for each in _ordered(found, words)],
        **desk.context(),
    )


@editor.get("/search")
def find() -> str:
    """Find something in the newest release by its words, to edit it in a draft."""
    words = " ".join(request.args.get("q", "").split())[:200]
    with reading() as (_, actor):
        check_edits(actor)
    files = site().catalogues.newest().catalogue.files
    found = list(islice(things.search(files, words), MOST_FOUND + 1))
    return render_template(
        "draft_search.html",
        title="Search the definitions",
        caption=site().catalogues.newest().name,
        crumbs=crumbs(),
        words=words,
        search_url=url_for("editor.find"),
        lead=_lead(words, len(found)),
        rows=[
            {
                "title": each.thing.title,
                "kind": KINDS[each.thing.kind],
                "url": url_for("editor.choose", kind=each.thing.kind, id_=each.thing.id),
                **_found(each, words),
            }
            for each in _ordered(found, words)
        ],
    )


def _ordered(found: list[Found], words: str) -> list[Found]:
    """What says just these words first."""
    said = words.casefold()
    return sorted(found, key=lambda each: said not in each.text.casefold())[:MOST_FOUND]


def _lead(words: str, found: int) -> str:
    if not words:
        return "Type words that you see on a page, in a flag or in a document."
    if not found:
        return f"Nothing says “{words}”. Try fewer words."
    if found > MOST_FOUND:
        return f"The first {MOST_FOUND} places. More words find fewer."
    return f"{count(found, 'place')}."


def _found(found: Found, words: str) -> Context:
    return {
        "part": found.part,
        "around": ", ".join(found.thing.around),
        "excerpt": _excerpt(found.text, words),
    }


def _excerpt(text: str, words: str) -> str:
    """The words with what stands around them."""
    line = " ".join(text.split())
    if len(line) <= EXCERPT:
        return line
    at = max(0, line.casefold().find(words.casefold().split()[0]) - EXCERPT // 3)
    cut = line[at : at + EXCERPT].strip()
    return f"{'… ' if at else ''}{cut}{' …' if at + EXCERPT < len(line) else ''}"
