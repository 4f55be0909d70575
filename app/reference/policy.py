"""Who may do what, and under which line of the policy each address of the site falls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from app.actions.access.policy import (
    ANY,
    EVERYBODY,
    OVERSIGHT,
    POLICY,
    SEES,
    SEPARATE,
    TOLD,
    WRITTEN,
    Line,
    Relation,
    Thing,
)
from app.actions.access.roles import ROLES, called
from app.settings import Settings, content_root
from app.web.access import READS, SMALL, line_of
from app.web.limits import MOST_WITH_FILES
from app.wsgi import create_app

ELSE = {
    Thing.PUBLIC: "nobody is refused",
    Thing.SHARED: "refused, saying whose it is",
    Thing.HIDDEN: "not found",
    Thing.PROJECT: "not found; refused, saying whose it is, to who sees the project",
    Thing.RECORD: "refused, saying whose it is",
}


def policy_page(apps: Iterable[Flask]) -> Iterator[str]:
    """The page, line by line."""
    yield "# Who may do what"
    yield ""
    yield (
        "One table in the program decides (`app/actions/access/policy.py`). What it does not name is refused: "
        "an address that falls under no line is not answered. A person acts in one role, for one "
        "organisation in which that role is active. Of the projects that organisation takes part in they "
        "see those on whose team they are, and all of them in a role that looks after information "
        f"there ({', '.join(called(role) for role in ROLES if role in OVERSIGHT)}). To everybody else a "
        "project is not there: what belongs to others and what never was are answered alike. A form "
        "has at most as many bytes as the setting `MAX_BODY` says where "
        f"people write at length ({', '.join(f'`{line}`' for line in sorted(WRITTEN))}), "
        f"{MOST_WITH_FILES:,} where it brings files, and {SMALL:,} elsewhere."
    )
    yield ""
    yield "## The lines"
    yield ""
    yield "| Line | What it lets somebody do | Roles | Of | Otherwise | Besides |"
    yield "|---|---|---|---|---|---|"
    for line in POLICY.values():
        cells = (line.does, _roles(line), _relations(line), ELSE[line.thing], line.further or "–")
        yield f"| `{line.id}` | {' | '.join(cells)} |"
    yield ""
    yield "## Kept apart"
    yield ""
    yield "In one project, whatever roles a person holds:"
    yield ""
    for said in dict.fromkeys(TOLD[one] for apart in SEPARATE.values() for one in apart):
        yield f"- {said}"
    yield ""
    yield "## Every address"
    yield ""
    yield "| Address | Reading | Writing |"
    yield "|---|---|---|"
    yield from _addresses(apps)


def sites_in(folder: Path) -> tuple[Flask, Flask]:
    """The site with its demonstration and as it is served, over databases of their own in a folder."""
    given = Settings(
        secret_key="only-to-list-addresses-0123456789-abcdef",  # noqa: S106 - signs nothing
        fingerpost_content=content_root(),
        database_url=f"sqlite:///{folder / 'demonstration.sqlite3'}",
    )
    served = replace(given, database_url=f"sqlite:///{folder / 'served.sqlite3'}")
    return create_app(given, demonstration=True), create_app(served)


def _roles(line: Line) -> str:
    if line.thing is Thing.PUBLIC:
        return "everybody, signed in or not"
    if line.roles == EVERYBODY:
        return "every role"
    if line.roles == SEES:
        return f"every role but: {'; '.join(called(r) for r in ROLES if r not in SEES)}"
    return "; ".join(called(role) for role in ROLES if role in line.roles)


def _relations(line: Line) -> str:
    if line.relations == ANY:
        return "anything" if line.thing is Thing.PUBLIC else "its own or shared"
    return "; ".join(relation.value for relation in Relation if relation in line.relations)


def _addresses(apps: Iterable[Flask]) -> Iterator[str]:
    by_rule: dict[str, list[Rule]] = {}
    for rule in (rule for app in apps for rule in app.url_map.iter_rules()):
        by_rule.setdefault(rule.rule, []).append(rule)
    for address in sorted(by_rule):
        methods = {(r.endpoint, m) for r in by_rule[address] for m in r.methods or ()}
        reads = {_line(e, m) for e, m in methods if m == "GET"}
        writes = {_line(e, m) for e, m in methods if m not in READS}
        said = (", ".join(sorted(each)) or "–" for each in (reads, writes))
        yield f"| `{address}` | {' | '.join(said)} |"


def _line(endpoint: str, method: str) -> str:
    line = line_of(endpoint, method)
    return f"`{line.id}`" if line else "nobody"
