"""The test bench: every example of the rules of a draft at once, each with its result and the reason."""

from __future__ import annotations

from flask import render_template, request

from app.actions.definitions.bench import Benched, Tried, rule_files, run_bench
from app.actions.errors import NotFound
from app.core.wording import count
from app.web.editor.desk import Desk, at_desk, crumbs, editor
from app.web.site import Context, today

RULE = "rule"


@editor.get("/drafts/<draft_id>/bench")
def bench(draft_id: str) -> str:
    """Every example of one file of rules; the first that changed, unless another is asked for."""
    with at_desk(draft_id) as (_, desk):
        pass
    files = [file for file, _, _ in rule_files(desk.catalogue)]
    changed = [file for file in files if file in desk.changed]
    file = request.args.get("file") or next(iter([*changed, *files]), "")
    if file not in files:
        raise NotFound(file)
    found = run_bench(desk.catalogue, file, today())
    asked = request.args.get(RULE, "")
    shown = [each for each in found if each.tried and asked in ("", each.id)]
    return render_template(
        "bench.html",
        title="Test bench",
        caption=desk.draft.name,
        crumbs=crumbs(desk),
        lead="Each rule says by which answers it is raised and by which it is not. All of them are "
        "run on the draft as it is now.",
        stale=bool(desk.checked.faults),
        files=[_file(desk, each, file) for each in files],
        tiles=_tiles(found),
        rules=[
            {**_rule(each, alone=bool(asked)), "walk": _walk(desk, each)}
            for each in sorted(shown, key=lambda each: -each.wrong)
        ],
        bare=[each.title for each in found if not each.tried and not asked],
        everything=desk.url("bench", file=file) if asked else "",
        **desk.context(),
    )


def _file(desk: Desk, file: str, current: str) -> Context:
    stem = file.removeprefix("rules/").removesuffix(".yaml")
    words = stem.replace("organisations/", "Organisations: ").replace("_", " ")
    return {
        "label": words[:1].upper() + words[1:] + (" (changed)" if file in desk.changed else ""),
        "url": desk.url("bench", file=file),
        "current": file == current,
    }


def _tiles(found: tuple[Benched, ...]) -> list[Context]:
    tried = sum(len(each.tried) for each in found)
    wrong = sum(each.wrong for each in found)
    return [
        {"count": tried, "mark": None, "text": "examples run"},
        {"count": wrong, "mark": "stop" if wrong else "ok", "text": "not as they say"},
        {"count": len(found), "mark": None, "text": "rules, conditions and entries"},
    ]


def _walk(desk: Desk, each: Benched) -> str:
    """Where answers that raise a flag are walked; empty for what is no flag, or has none."""
    flags = {rule.rule.id for rule in desk.catalogue.program.flags}
    raised = any(one.wanted for one in each.tried)
    return desk.url("preview", example=each.id) if each.id in flags and raised else ""


def _rule(each: Benched, *, alone: bool) -> Context:
    said = "as they say" if not each.wrong else f"{each.wrong} not as it says"
    return {
        "id": each.id,
        "title": each.title,
        "holds_when": each.holds_when,
        "mark": "stop" if each.wrong else "ok",
        "open": bool(each.wrong) or alone,
        "said": f"{count(len(each.tried), 'example')}, {said}",
        "rows": [_row(one) for one in each.tried],
    }


def _row(one: Tried) -> Context:
    return {
        "wanted": "Raised by" if one.wanted else "Not by",
        "answers": [_said(name, value) for name, value in one.answers] or ["No answers at all"],
        "mark": "ok" if one.right else "stop",
        "result": "As it says" if one.right else "Not as it says",
        "reason": one.reason,
    }


def _said(name: str, value: str) -> str:
    return f"{name}{'' if name.endswith('?') else ':'} {value}"
