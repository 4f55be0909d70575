"""The data flows of a project as a picture, with the same facts as a table."""

from __future__ import annotations

from markupsafe import Markup

from app.actions.pages import Looked
from app.core.assessment import Assessment
from app.core.blocks import Control, Flow
from app.core.pictures import flow_picture
from app.core.record import Record
from app.documents.html_tables import flow_rows
from app.documents.svg import flow_svg
from app.web.site import Context

IDENT = "flow"
NUMBERS = "The numbers are those of the table below."
NOTHING_JUDGED = Assessment((), (), {}, {}, {})


def flow_context(looked: Looked) -> Context | None:
    """What a page of questions shows of the flows; nothing before one can be drawn."""
    flow = flow_picture(_answers_only(looked))
    return None if flow is None else draw_flow(flow)


def draw_flow(flow: Flow) -> Context:
    """The picture and its table."""
    number = len(flow.lines)
    return {
        "title": "Where the information goes",
        "html": flow_svg(flow, IDENT),
        "note": flow_note(flow),
        "table_title": f"The {number} flows as a table" if number > 1 else "The flow as a table",
        "table_html": Markup(flow_rows(flow, IDENT)),  # noqa: S704 - every text in it is escaped
    }


def flow_note(flow: Flow) -> str:
    """What the numbers are, and which flows are stopped."""
    stopped = ", ".join(str(line.number) for line in flow.lines if line.stopped)
    said = f" An eight-sided sign marks what is stopped: {stopped}." if stopped else ""
    return f"{NUMBERS}{said}"


def _answers_only(looked: Looked) -> Record:
    """A record of the answers alone: a page of questions judges no rule."""
    catalogue = looked.released.catalogue
    project = looked.opened.project
    on = looked.facts.on.isoformat()
    return Record(
        Control(looked.title, project.reference, "", looked.released.name, "", on),
        catalogue.pipeline,
        catalogue.questionnaires,
        looked.facts,
        NOTHING_JUDGED,
        looked.journey,
        looked.route,
    )
