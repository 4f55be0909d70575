"""Nothing in the program runs what a definition says: no eval, no template and no pattern made of data."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

RUNS = {"eval", "exec", "compile", "__import__", "execfile"}
PATTERNS = {
    "compile",
    "match",
    "search",
    "fullmatch",
    "sub",
    "subn",
    "split",
    "findall",
    "finditer",
}
TEMPLATES = {"render_template_string", "from_string", "Template", "Environment"}
DRAWN = {"ask", "answer.words", "form.notes", "form.people", "form.reason"}  # by web/controls
NAMED = {
    "core/questions/texts.py",  # its patterns stand in its table of named checks
    "core/difference/fitting.py",  # looks for ids, each of them escaped
}
APP = Path(__file__).parent.parent / "app"
SOURCES = sorted(APP.rglob("*.py"))
PAGES = sorted((APP / "web" / "templates").glob("*.html"))


def calls(tree: ast.AST) -> Iterator[tuple[str, str, ast.Call]]:
    """Every call as (what it is called on, its name, the call)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute):
                yield ast.unparse(called.value), called.attr, node
            elif isinstance(called, ast.Name):
                yield "", called.id, node


def written_out(node: ast.expr, known: set[str]) -> bool:
    """Whether a pattern stands in the program: a text, or one made of texts that do."""
    match node:
        case ast.Constant(value):
            return isinstance(value, str | bytes)
        case ast.Name(name):
            return name in known
        case ast.JoinedStr(parts):
            return all(written_out(part, known) for part in parts)
        case ast.FormattedValue(value):
            return written_out(value, known)
        case ast.BinOp(left, _, right):
            return written_out(left, known) and written_out(right, known)
    return False


def constants(tree: ast.Module) -> set[str]:
    """The names that a module gives to texts."""
    known: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and written_out(node.value, known):
            known |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return known


def ran(tree: ast.Module) -> list[str]:
    """What could run what somebody wrote."""
    known = constants(tree)
    found = []
    for on, name, call in calls(tree):
        if (on == "" and name in RUNS) or name in TEMPLATES:
            found.append(f"line {call.lineno}: {name}")
        if on == "re" and name in PATTERNS and not written_out(call.args[0], known):
            found.append(f"line {call.lineno}: a pattern that is not written out")
    return found


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: str(source.relative_to(APP)))
def test_no_module_runs_what_somebody_wrote(source: Path) -> None:
    found = ran(ast.parse(source.read_text(encoding="utf-8")))
    assert len(found) == (str(source.relative_to(APP)) in NAMED), found


@pytest.mark.parametrize(
    "wrong",
    [
        "eval(text)",
        "exec(text)",
        "compile(text, '', 'exec')",
        "__import__(name)",
        "import re\nre.search(text, 'a')",
        "import re\nre.compile(f'a{text}')",
        "import re\nPATTERN = read()\nre.sub(PATTERN, '', text)",
        "render_template_string(text)",
        "jinja2.Template(text)",
        "app.jinja_env.from_string(text)",
    ],
)
def test_what_would_run_it_is_seen(wrong: str) -> None:
    assert len(ran(ast.parse(wrong))) == 1


def test_a_pattern_that_is_written_out_is_none_of_it() -> None:
    right = "import re\nA = r'a+'\nB = A + 'b'\nre.compile(rf'{B}c')\nmodel.compile(text)"
    assert ran(ast.parse(right)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_shows_unescaped_only_what_our_controls_have_drawn(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    shown = re.findall(r"\{\{-?\s*([\w.]+)[^{}]*\|\s*safe\b", text)
    assert set(shown) <= DRAWN
    assert text.count("|safe") + text.count("| safe") == len(shown)
    assert "autoescape" not in text
