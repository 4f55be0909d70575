"""Documents as they would be written now: a preview, and the file to save."""

from __future__ import annotations

from flask import Response, abort, render_template, request, url_for

from app.actions.assessments import document as composed
from app.actions.assessments import written as made_file
from app.actions.review.reports import Report, open_report
from app.actions.review.signatures import as_signed
from app.core.outputs import Outline
from app.core.papers import offered
from app.documents.csv_file import record_by_record
from app.documents.html import to_html
from app.documents.wordml import CannotWriteError
from app.web.drafts import draft_words
from app.web.edited import edit_links
from app.web.reports.blueprint import back_to_project, caption, report_url, reports
from app.web.site import Context, on_project, reading, site, today

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = {"word": WORD, "csv": "text/csv; charset=utf-8"}
PROGRAMS = {"word": "Word", "csv": "a spreadsheet"}


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
        state=f"{draft_words(report, output)}. What nobody has answered says “Not answered yet”.",
        # A document with a table of its control says it there.
        stamp=""
        if any(piece.part == "control" for piece in outline.blocks)
        else f"Release {control.release}. Content {control.content_hash}",
        word_url=file_url(reference, output, outline, request.args.get("stage") or None),
        program=PROGRAMS[outline.as_],
        file_name=file_name(report, outline),
        size="",
        document_html=to_html(
            record_by_record(made) if outline.as_ == "csv" else made, ident=output
        ),
        also=[*edit_links("document", output, "Edit this document"), *_also(report, output)],
    )


@reports.get("/projects/<reference>/documents/<output>.docx")
def word(reference: str, output: str) -> Response:
    """The Word file."""
    return _send(reference, output, "word")


@reports.get("/projects/<reference>/documents/<output>.csv")
def sheet(reference: str, output: str) -> Response:
    """The file of comma-separated values."""
    return _send(reference, output, "csv")


def _send(reference: str, output: str, kind: str) -> Response:
    report = _opened(reference, output)
    outline = outline_of(report, output)
    if outline.as_ != kind:
        abort(404)
    return send_file(written(report, output), file_name(report, outline), TYPES[kind])


def file_url(reference: str, output: str, outline: Outline, stage: str | None = None) -> str:
    """Where the file of an output is."""
    endpoint = "reports.sheet" if outline.as_ == "csv" else "reports.word"
    return url_for(endpoint, reference=reference, output=output, stage=stage)


def _opened(reference: str, output: str) -> Report:
    """The project; as it is judged at ?stage=, where that is about to be signed."""
    stage = request.args.get("stage") or None
    with reading() as (conn, actor):
        report = open_report(conn, actor, site().catalogues, reference, today(), stage)
        on_project(report.opened.project)
        if stage is not None:
            report.standing(stage)  # only one of this project's route
        return as_signed(conn, report, output)


def written(report: Report, output: str) -> bytes:
    """The file of an output, or a page saying which text no document can carry."""
    try:
        return made_file(report.looked.released.catalogue, report.record, output)
    except CannotWriteError as error:
        abort(400, f"The document could not be written. {error}")


def send_file(content: bytes, name: str, kind: str) -> Response:
    """A file to be saved under a name."""
    return Response(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def outline_of(report: Report, output: str) -> Outline:
    """The outline of an output that the answers call for, or a page saying that there is none."""
    outlines = report.looked.released.catalogue.outlines
    if not offered(outlines, [output], report.record.facts):
        abort(404)
    if outlines[output].restricted and not report.record.sees_restricted:
        abort(404)
    return outlines[output]


def file_name(report: Report, outline: Outline) -> str:
    """The name of the file: FP-0001_risk_report.docx."""
    return f"{report.reference}_{outline.file_name}"


def _also(report: Report, output: str) -> list[Context]:
    """The risk report, and the other documents for the same readers."""
    outlines = report.looked.released.catalogue.outlines
    others = [
        {
            "label": outlines[name].title,
            "url": url_for("reports.document", reference=report.reference, output=name),
        }
        for name in offered(outlines, report.record.route.documents, report.record.facts)
        if name != output
        and outlines[name].for_ == outlines[output].for_
        and (report.record.sees_restricted or not outlines[name].restricted)
    ]
    return [{"label": "Risk report on screen", "url": report_url(report)}, *others]
