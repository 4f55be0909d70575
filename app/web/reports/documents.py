"""Documents as they would be written now: a preview, and the Word file."""

from __future__ import annotations

from flask import Response, abort, render_template, request, url_for

from app.actions.assessments import document as composed
from app.actions.reports import Report, open_report
from app.actions.signatures import as_signed
from app.core.outputs import Outline
from app.documents.html import to_html
from app.documents.word import CannotWriteError, to_word
from app.web.reports.blueprint import back_to_project, caption, report_url, reports
from app.web.site import Context, reading, site, today

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@reports.get("/projects/<reference>/documents/<output>")
def document(reference: str, output: str) -> str:
    """A document as it would be written now."""
    report = _opened(reference, output)
    outline = outline_of(report, output)
    made = composed(report.looked.released.catalogue, report.record, output)
    control = made.control
    return render_template(
        "document.html",
        title=outline.title,
        caption=caption(report),
        back=back_to_project(report),
        state=_state(report, control.status),
        stamp=f"Release {control.release}. Content {control.content_hash}",
        word_url=url_for(
            "reports.word", reference=reference, output=output, stage=request.args.get("stage")
        ),
        file_name=file_name(report, outline),
        size="",
        document_html=to_html(made, ident=output),
        also=_also(report, output),
    )


@reports.get("/projects/<reference>/documents/<output>.docx")
def word(reference: str, output: str) -> Response:
    """The Word file."""
    report = _opened(reference, output)
    outline = outline_of(report, output)
    return send_word(written(report, output), file_name(report, outline))


def _opened(reference: str, output: str) -> Report:
    """The project; as it is judged at ?stage=, where that is about to be signed."""
    stage = request.args.get("stage")
    with reading() as (conn, actor):
        report = open_report(conn, actor, site().catalogues, reference, today(), stage)
        return as_signed(conn, report, output)


def written(report: Report, output: str) -> bytes:
    """The Word file of an output, or a page saying which text no document can carry."""
    try:
        catalogue = report.looked.released.catalogue
        return to_word(composed(catalogue, report.record, output), catalogue.house_style)
    except CannotWriteError as error:
        abort(400, f"The document could not be written. {error}")


def send_word(content: bytes, name: str) -> Response:
    """A Word file to be saved under a name."""
    return Response(
        content, mimetype=WORD, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def outline_of(report: Report, output: str) -> Outline:
    """The outline of an output, or a page saying that there is none."""
    outline = report.looked.released.catalogue.outlines.get(output)
    if outline is None:
        abort(404)
    return outline


def file_name(report: Report, outline: Outline) -> str:
    """The name of the file: FP-0001_risk_report.docx."""
    return f"{report.reference}_{outline.file}.docx"


def _state(report: Report, status: str) -> str:
    left = sum(
        len(each) for step in report.looked.journey.steps for each in step.unfinished.values()
    )
    if not left:
        return f"{status}. Every question that has to be answered is answered."
    return f"{status}. {left} answer{'s' * (left != 1)} still to come, shown as “Not answered yet”."


def _also(report: Report, output: str) -> list[Context]:
    outlines = report.looked.released.catalogue.outlines
    others = [
        {
            "label": outlines[name].title,
            "url": url_for("reports.document", reference=report.reference, output=name),
        }
        for name in report.record.route.documents
        if name != output and name in outlines
    ]
    return [{"label": "Risk report on screen", "url": report_url(report)}, *others]
