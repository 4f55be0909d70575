"""Questions with their answers as a page shows them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from flask import url_for

from app.actions.access.policy import sees_restricted
from app.actions.answers import Opened
from app.actions.pages import Subject
from app.actions.parties import RECORDS
from app.core.journey import owing
from app.core.questions import (
    Asked,
    Column,
    Question,
    describe_file,
    file_day,
    row_label,
    type_of,
)
from app.core.same import Same
from app.core.sheet import Conflict as Clashed
from app.core.sheet import Draft, Entry
from app.core.wording import lower
from app.web.citing import cited
from app.web.controls import (
    RESTRICTED,
    Conflict,
    Option,
    QuestionView,
    Row,
    Suggestion,
    locate_error,
)
from app.web.markdown import to_html
from app.web.offering import fitting, offer_beside
from app.web.site import Context, day_words

INPUT_TYPES = {"email": "email", "telephone": "tel", "web_address": "url"}
SHOWN_COLUMNS = 3
TWO_OUTCOMES = 2
LONG = 160
CHANGES = "Change it here and it changes everywhere."
TAKEN = "PDF, PNG, JPEG, Word (.docx) or Excel (.xlsx), 10 MB at most."
ANNEXED = (
    "Only those who look after information will see the answer. Of the documents, the restricted"
    " annex alone prints it."
)
OTHERS = "somebody else answered meanwhile"


@dataclass(frozen=True)
class Static:
    """What of a question never changes within a release."""

    guide_html: str
    why_html: str
    hint: str
    control: str
    input_type: str
    options: tuple[Option, ...]


@lru_cache(maxsize=4096)
def _static(held: Same[Asked]) -> Static:
    question = held.it
    return Static(
        str(to_html(question.guide)),
        str(to_html(question.why)),
        _hint(question),
        type_of(question).control,
        INPUT_TYPES.get(question.check or "", "text"),
        tuple(
            Option(code, label, question.option_hint(code) or _unsure_hint(code))
            for code, label in question.labels.items()
        ),
    )


def _hint(asked: Asked) -> str:
    """What helps to answer: as the definitions say, what files are taken, who will see it."""
    taken = TAKEN if asked.type == "file" else ""
    shown = ANNEXED if getattr(asked, "restricted", False) else ""
    return " ".join(part for part in (asked.hint, taken, shown) if part)


def _unsure_hint(code: str) -> str:
    return "We put it on the list to find out, and ask who could know." if code == "unsure" else ""


@dataclass(frozen=True)
class Asking:
    """The questions about one subject on one page, for one person."""

    looked: Subject
    where: str
    person: str
    conflicts: Mapping[str, Clashed]

    @classmethod
    def of(cls, looked: Subject, where: str, person: str, conflicts: Iterable[Clashed]) -> Asking:
        """The questions of a page, with what could not be written."""
        return cls(looked, where, person, {clash.address: clash for clash in conflicts})

    @cached_property
    def own(self) -> str:
        """The questionnaire of the page."""
        return self.where.partition("/")[0]

    def question(self, question: Question) -> QuestionView:
        """A question with its answer."""
        return self._view(question, question.id, question)

    def column(self, question: Question, column: Column, row: int | str) -> QuestionView:
        """A column of one row."""
        return self._view(column, f"{question.id}/{row}/{column.id}", question)

    def _view(self, asked: Asked, address: str, question: Question) -> QuestionView:
        static = _static(Same(asked))
        if question.restricted and not sees_restricted(self.person):
            return self._restricted(question)
        sheet = self.looked.opened.sheet
        entry: Entry | None = sheet.entries.get(address)
        draft: Draft | None = sheet.drafts.get(address)
        value = entry.value if entry else None
        clash = self.conflicts.get(address)
        raw = (_value(draft.raw) or "") if draft else None
        if clash is not None:
            raw = _value(clash.mine) or ""
        rows = asked.type == "rows"
        options = self._rows_of(asked) if asked.type == "row_of" else static.options
        facts, laws = self.looked.facts, self.looked.released.catalogue.legislation
        return QuestionView(
            address=address,
            kind=static.control,
            ask=asked.ask or asked.called,
            name=asked.called,
            hint=static.hint,
            guide_html=static.guide_html,
            why_html=static.why_html,
            source=cited(asked.source or "", laws),
            for_whom=self._for_whom(question),
            optional=not asked.required,
            **fitting(asked, address, _codes(value), options, facts, laws),
            exclusive=asked.exclusive or "",
            unit=asked.unit or "",
            whole=asked.decimals == 0,
            max_length=asked.max_length or 0,
            input_type=static.input_type,
            value=None if rows else self._shown(asked, value),
            raw=None if rows else raw,
            error=draft.error if draft and not clash else "",
            prompt=self._prompt(question) if asked is question else "",
            note_before=self._carried(address, entry)
            or self._before(asked, entry)
            or self._kept(address, entry),
            suggestion=self._suggestion(question) if value is None and asked is question else None,
            conflict=self._conflict(asked, clash),
            **offer_beside(asked, facts, laws),
            **(self._rows(question) if rows else {}),
            none=rows and value == [],
            version=clash.their_version
            if clash
            else sheet.version_of(address)
            if sheet.entries
            else 0,
        )

    def _shown(self, asked: Asked, value: Any) -> str | tuple[str, ...] | None:
        """An answer as its control takes it."""
        if asked.type == "file" and value is not None:
            return (value["name"], f"{describe_file(value)}, {file_day(value)}", self._at(value))
        return _value(value)

    def _at(self, value: Mapping[str, Any]) -> str:
        """Where a file is fetched."""
        opened = self.looked.opened
        reference = opened.project.reference if isinstance(opened, Opened) else ""
        return url_for("projects.file", reference=reference, hashed=value["hash"])

    def _restricted(self, question: Question) -> QuestionView:
        """What is told of a restricted question: that it is there, who answers, and whether they did."""
        people = self.looked.released.catalogue.pipeline.people
        whose = people[question.for_].title if question.for_ in people else question.for_
        state = "Not answered yet" if self.looked.facts.blank(question.id) else "Answered"
        return QuestionView(
            address=question.id,
            kind=RESTRICTED,
            ask=question.ask,
            name=question.called,
            hint=f"{state}. The {lower(whose)} answers this. The answer is restricted: only those who look"
            " after information see it.",
        )

    def _for_whom(self, question: Question) -> str:
        if question.for_ == self.person:
            return ""
        person = self.looked.released.catalogue.pipeline.people.get(question.for_)
        return f"the {lower(person.title)}" if person else ""

    def _rows_of(self, asked: Asked) -> tuple[Option, ...]:
        id_ = getattr(asked, "rows", None) or ""
        target = self.looked.facts.program.questions[id_]
        rows = self.looked.facts.values.get(id_, ())
        return tuple(Option(str(row["id"]), row_label(target, row)) for row in rows)

    def _prompt(self, question: Question) -> str:
        if not question.justifies:
            return ""
        choice = self.looked.facts.values.get(question.justifies)
        return question.prompts.get(str(choice), "") if choice is not None else ""

    def _before(self, asked: Asked, entry: Entry | None) -> str:
        """Said of an answer given on another page: by whom, where and when."""
        if (
            entry is None
            or entry.value is None
            or entry.where.partition("/")[0] == self.own
            or asked.type == "rows"
        ):
            return ""
        if entry.where.startswith(RECORDS):
            return (
                f"From {entry.by}, {day_words(entry.at)}. Keep it, or change it for this project."
            )
        said = _words(asked, entry.value)
        return f"{entry.by} said “{said}” on {day_words(entry.at)}. {CHANGES}"

    def _carried(self, address: str, entry: Entry | None) -> str:
        """Said of an answer that came from another project and is still to be confirmed."""
        sheet = self.looked.opened.sheet
        if not sheet.again:
            return ""
        if entry is not None and address in sheet.again:
            return f"{entry.by} answered this on {day_words(entry.at)}. Is it still true?"
        return "Some of this is not confirmed yet." if sheet.unconfirmed(address) else ""

    def _kept(self, address: str, entry: Entry | None) -> str:
        """Said of a blank that a move or a renewal left: what was answered, and to what."""
        if not self.looked.opened.sheet.kept:
            return ""
        found = (k for k in reversed(self.looked.opened.sheet.kept) if k.into == address)
        kept = next(found, None)
        hidden = kept is not None and kept.restricted and not sees_restricted(self.person)
        if (
            kept is None
            or hidden
            or kept.made is not None
            or (entry is not None and entry.value is not None)
            or self.looked.opened.sheet.rows(address)
        ):
            return ""
        if kept.afresh:
            return (
                f"Last time {kept.by} chose “{kept.said}”, on {day_words(kept.at)}. It is not carried over:"
                " choose again, by the law as it is now."
            )
        return (
            f"{kept.by} answered “{kept.said}” on {day_words(kept.at)}, when it read “{kept.asked}”. "
            "That answer does not fit this question as it is now, so it is asked again."
        )

    def _suggestion(self, question: Question) -> Suggestion | None:
        suggestion = self.looked.suggestion(question)
        if suggestion is None:
            return None
        answer = type_of(question).from_file(question, suggestion.answer).value
        return Suggestion(type_of(question).show(question, answer), suggestion.because)

    def _conflict(self, asked: Asked, clash: Clashed | None) -> Conflict | None:
        if clash is None:
            return None
        theirs = "no answer" if clash.theirs is None else _words(asked, clash.theirs)
        when = day_words(clash.their_at) if clash.their_at else ""
        return Conflict(theirs, clash.their_by or "", when)

    def _rows(self, question: Question) -> dict[str, Any]:
        sheet, facts = self.looked.opened.sheet, self.looked.facts
        values = {row["id"]: row for row in facts.values.get(question.id, ())}
        shown = _shown(question, values.values())
        rows = []
        owed = [address for address, _ in owing(facts, question)]
        for number in sheet.rows(question.id):
            row = values.get(number, {"id": number})
            cells = tuple(self.cell(question, column, row) for column in shown)
            left = sum(address.startswith(f"{question.id}/{number}/") for address in owed)
            note = f"{left} to answer" if left else ""
            rows.append(Row(f"{question.id}/{number}", row_label(question, row), cells, note))
        return {
            "columns": tuple(column.called for column in shown),
            "rows": tuple(rows),
            "row_name": question.row_name,
            "none_label": question.none or "",
        }

    def cell(self, question: Question, column: Column, row: Mapping[str, Any]) -> str:
        """A cell of a rows table in words."""
        value = row.get(column.id)
        if value is None:
            return "–"
        if column.derived:
            return self.looked.facts.program.scope[question.id].columns[column.id].label(value)
        if column.type == "row_of":
            return next((o.label for o in self._rows_of(column) if o.code == str(value)), "–")
        return _words(column, value)


def _shown(question: Question, rows: Collection[Mapping[str, Any]]) -> list[Column]:
    """The columns a list of rows shows: the first that anybody filled in, and what follows from them.

    What follows is a decision of more than two outcomes: a rating, or the basis of a legal route.
    """
    first = next((c.id for c in question.columns if c.type == "text"), None)
    said = [
        column
        for column in question.columns
        if not (column.derived or column.type == "long_text" or column.id == first)
        and (not rows or any(row.get(column.id) is not None for row in rows))
    ]
    follows = [c for c in question.columns if c.decide and len(c.decide) > TWO_OUTCOMES]
    return [*said[: SHOWN_COLUMNS - bool(follows)], *follows[-2:]]


def _words(asked: Asked, value: Any) -> str:
    try:
        words = type_of(asked).show(asked, value)
    except (KeyError, TypeError, ValueError):
        words = str(value)
    return words if len(words) <= LONG else words[: LONG - 1] + "…"


def _codes(value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(map(str, value))
    return (str(value),) if value else ()


def _value(value: Any) -> str | tuple[str, ...] | None:
    if value is None:
        return None
    if isinstance(value, list | tuple):
        return tuple(map(str, value))
    return str(value)


def complaints(views: Iterable[QuestionView]) -> list[Context]:
    """What an error summary says of the questions that need another look."""
    return [
        {"anchor": locate_error(view), "text": view.error or f"{view.name}: {OTHERS}"}
        for view in views
        if view.error or view.conflict
    ]
