"""A definition as text: saved, checked as somebody types, and completed; a plain box without a script."""

from __future__ import annotations

import difflib
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from flask import g, make_response, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.actions.definitions import drafts as acts
from app.actions.definitions.draft_checks import FAULT, FINDING, Check, Told, check_text
from app.actions.definitions.draft_words import words_of
from app.actions.errors import NotFound
from app.catalogue import content_hash
from app.core.wording import count
from app.store.drafts import Draft
from app.web.editor.desk import Desk, at_desk, crumbs, desk_of, editor
from app.web.editor.saving import prove
from app.web.site import Context, clock_time, now, today, writing

MOST_TOLD = 60  # lines of the list below the box; the rest is counted
AROUND = 2  # lines shown before and after one that is at fault
MOST_DIFFERENT = 400  # lines of a comparison
PRIVATE_FOR_EVER = "private, max-age=31536000, immutable"


@editor.get("/drafts/<draft_id>/text/<path:path>")
def text(draft_id: str, path: str) -> str:
    """One file of a draft as text, with what is wrong in it."""
    with at_desk(draft_id) as (_, desk):
        content = _content(desk, path)
    return _page(desk, path, content, desk.draft.version)


@editor.post("/drafts/<draft_id>/text/<path:path>")
def save_text(draft_id: str, path: str) -> Response:
    """Keep a file as it was typed, with its faults: nothing is lost because something is wrong."""
    version = _version()
    with writing() as (conn, actor):
        before = _seen(conn, acts.open_draft(conn, actor, draft_id), path, version)
        typed = acts.Typed(path, typed_bytes(before), version, now())
        try:
            saved = acts.save_draft_file(conn, actor, draft_id, typed)
        except acts.Conflict as conflict:
            desk = desk_of(conn, actor, conflict.draft)
            return _clash(desk, conflict)
        desk = desk_of(conn, actor, saved.draft)
    if _wants_json():
        return _json(_saved(desk, saved))
    prove(draft_id)  # not while somebody types: each save would be another thing to prove
    return redirect(url_for("editor.text", draft_id=draft_id, path=path, _anchor="found"))


@editor.post("/drafts/<draft_id>/check/<path:path>")
def check_typed(draft_id: str, path: str) -> Response:
    """What is wrong with a file as it is typed; nothing is kept."""
    with at_desk(draft_id) as (_, desk):
        content = typed_bytes(_content(desk, path))
    check = check_text(desk.files, desk.base, path, content, today())
    return _json(
        {
            "told": [_told(each) for each in (*check.here, *_proofs(desk, path, content))],
            "proven": _proof_words(desk, path, content),
            "elsewhere": [
                {**_told(each), "place": desk.place(each.path, each.line)}
                for each in check.elsewhere
            ],
            "at": clock_time(now()),
        }
    )


@editor.get("/drafts/<draft_id>/words/<hashed>/<path:path>")
def words(draft_id: str, hashed: str, path: str) -> Response:
    """What may be written in a file. The address changes with the draft, so browsers may keep it."""
    with at_desk(draft_id) as (_, desk):
        _content(desk, path)
    answer = _json(words_of(desk.catalogue, path))
    if hashed == content_hash(desk.files):
        answer.headers["Cache-Control"] = PRIVATE_FOR_EVER
    return answer


def _seen(conn: Connection, draft: Draft, path: str, version: int) -> bytes:
    """The file as its editor saw it, nothing where somebody had left it out. Raises NotFound."""
    try:
        return acts.draft_file(conn, draft, path, version)
    except NotFound:
        if path in acts.base_files(conn, draft) or acts.draft_history(conn, draft, path):
            return b""
        raise


# What is posted


def typed_bytes(before: bytes) -> bytes:
    """The posted text. Forms send every line end as CR LF: they become those that the file has."""
    posted = request.form.get("text", "").replace("\r\n", "\n").replace("\r", "\n")
    ends = b"\r\n" if b"\r\n" in before else b"\n"
    return posted.encode("utf-8", "replace").replace(b"\n", ends)


def _version() -> int:
    posted = request.form.get("version", "")
    if not posted.isdecimal() or len(posted) > 9:
        raise NotFound("version")
    return int(posted)


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == (
        "application/json"
    )


def _content(desk: Desk, path: str) -> bytes:
    """A file of the draft. Raises NotFound."""
    if path not in desk.files or not path.endswith(".yaml"):
        raise NotFound(path)
    return desk.files[path]


# What is answered


def _json(value: object, status: int = 200) -> Response:
    # HTML signs are escaped too, should a browser ever take it for a page.
    said = json.dumps(value, ensure_ascii=False)
    for sign in "<>&":
        said = said.replace(sign, f"\\u{ord(sign):04x}")
    return Response(said, status, mimetype="application/json")


def _saved(desk: Desk, saved: acts.SavedFile) -> Context:
    answer: Context = {
        "saved_at": clock_time(saved.draft.changed_at),
        "version": saved.draft.version,
        "words": _words_url(desk),
    }
    if saved.merged:
        answer["text"] = _lines(saved.content)
    return answer


def _clash(desk: Desk, conflict: acts.Conflict) -> Response:
    """Both texts, to choose from; nothing was saved."""
    if _wants_json():
        said = "Not saved: somebody else changed the same lines. Press “Save” to see both."
        return _json({"conflict": said}, 409)
    page = _page(desk, conflict.path, conflict.mine, conflict.version, conflict)
    return make_response(page, 409)


def _told(each: Told) -> Context:
    return {
        "line": each.line,
        "column": each.column,
        "message": each.message,
        "mend": each.mend,
        "kind": each.kind,
        "put": each.put,
    }


def _proofs(desk: Desk, path: str, content: bytes) -> tuple[Told, ...]:
    """What the proof of these very bytes found in this file; of another text it says nothing."""
    if desk.proved is None or content != desk.files.get(path):
        return ()
    found = ((each, each.at.rsplit(":", 2)) for each in desk.proved.findings)
    return tuple(
        Told(file, int(line), int(column), each.says, f"Nearest mend: {each.mend}", FINDING)
        for each, (file, line, column) in found
        if file == path
    )


def _proof_words(desk: Desk, path: str, content: bytes) -> str:
    """Of when the findings of proofs are."""
    if content != desk.files.get(path):
        return "Proofs are of what is saved: this text is not proven yet."
    if desk.proved is None:
        return "Not proven yet as it is now."
    return f"Proven {clock_time(desk.proved.at)}."


def _words_url(desk: Desk) -> str:
    path = str((request.view_args or {})["path"])
    return desk.url("words", hashed=content_hash(desk.files), path=path)


def _lines(content: bytes) -> str:
    return content.decode("utf-8", "replace").replace("\r\n", "\n")


def _page(
    desk: Desk, path: str, content: bytes, version: int, conflict: acts.Conflict | None = None
) -> str:
    g.style_nonce = secrets.token_urlsafe(16)
    check = check_text(desk.files, desk.base, path, content, today())
    check = replace(check, here=(*check.here, *_proofs(desk, path, content)))
    lines = _lines(content)
    return render_template(
        "draft_text.html",
        title=desk.called(path),
        caption="As text",
        path=path,
        crumbs=crumbs(desk, (desk.called(path), desk.url("file", path=path))),
        file_url=desk.url("file", path=path),
        text=lines,
        version=version,
        may_edit=desk.may_edit,
        check_url=desk.url("check_typed", path=path),
        words_url=_words_url(desk),
        rows=min(30, max(10, lines.count("\n") + 3)),
        nonce=g.style_nonce,
        line=_asked_line(),
        count=f"{_counted(check)}. Checked {clock_time(now())}. {_proof_words(desk, path, content)}",
        told=[_told(each) for each in check.here[:MOST_TOLD]],
        more=max(0, len(check.here) - MOST_TOLD),
        elsewhere=[{**_told(each), "url": _url(desk, each)} for each in check.elsewhere],
        excerpts=list(_excerpts(lines, check.here[:MOST_TOLD])),
        conflict=_conflict(desk, path, conflict),
        **desk.context(),
    )


def _asked_line() -> str:
    line = request.args.get("line", "")
    return line if line.isdecimal() and len(line) < 7 else ""


def _counted(check: Check) -> str:
    faults = sum(each.kind == FAULT for each in check.here)
    parts = [count(faults, "fault")]
    if len(check.here) > faults:
        parts.append(count(len(check.here) - faults, "finding"))
    if check.elsewhere:
        parts.append(f"{len(check.elsewhere)} in other files")
    return ", ".join(parts)


def _url(desk: Desk, told: Told) -> Context:
    known = told.path in desk.files and told.path.endswith(".yaml")
    return {
        "label": desk.place(told.path, told.line),
        "url": desk.text_url(told.path, told.line) if known else "",
    }


def _excerpts(text: str, told: Iterable[Told]) -> Iterator[Context]:
    """The lines at fault with those around them, for who has no script to go to them."""
    lines = text.split("\n")
    wanted: set[int] = set()
    faulty = {each.line for each in told}
    asked = _asked_line()
    for line in (*faulty, *((int(asked),) if asked else ())):
        wanted |= set(range(line - AROUND, line + AROUND + 1))
    before = 0
    for number in sorted(wanted & set(range(1, len(lines) + 1))):
        yield {
            "number": number,
            "text": lines[number - 1][:400],
            "fault": number in faulty,
            "gap": number != before + 1,
        }
        before = number


def _conflict(desk: Desk, path: str, conflict: acts.Conflict | None) -> Context | None:
    """What differs between both texts."""
    if conflict is None:
        return None
    mine = _lines(conflict.mine).split("\n")
    theirs = _lines(conflict.theirs or b"").split("\n")
    compared = difflib.unified_diff(theirs, mine, lineterm="", n=1)
    shown = [
        {"kind": _DIFFERS[line[0]], "text": line[1:][:400]}
        for line in islice(compared, 2, MOST_DIFFERENT)
        if line[:1] in _DIFFERS
    ]
    return {
        "lines": shown,
        "removed": conflict.theirs is None,
        "theirs_url": desk.url("text", path=path),
    }


_DIFFERS = {"+": "mine", "-": "theirs", " ": "both", "@": "gap"}
