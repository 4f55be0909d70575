"""What Fingerpost is, and its accessibility statement."""

from __future__ import annotations

from importlib.metadata import version

from flask import Blueprint, render_template

from app.actions.catalogues import Released
from app.web.site import Context, day_words, site

about = Blueprint("about", __name__)

CHECKED = "22 November 2026"


@about.get("/about", endpoint="about")
def about_fingerpost() -> str:
    """What it does, what it does not do, and which questions and rules this copy uses."""
    released = site().catalogues.newest()
    rules = [each.rule for each in released.catalogue.program.flags]
    return render_template(
        "about.html",
        facts=_facts(released),
        rules_unconfirmed=sum(not rule.checked for rule in rules),
    )


def _facts(released: Released) -> list[Context]:
    catalogue = released.catalogue
    facts = (
        ("Version", version("fingerpost")),
        ("Questions and rules", released.name),
        ("Published", day_words(released.release.at)),
        ("Content hash", catalogue.hash[:12]),
        ("Questions", str(len(catalogue.program.questions))),
        ("Rules", str(len(catalogue.program.flags))),
        ("Documents", str(len(catalogue.outlines))),
    )
    return [{"label": label, "text": text} for label, text in facts]


@about.get("/accessibility")
def accessibility() -> str:
    """The accessibility statement."""
    contact = (
        "Tell whoever gave you the address of this service, or the person who looks after it for "
        "your organisation. Say which page it was and what you were trying to do."
    )
    return render_template("accessibility.html", contact=contact, checked=CHECKED)
