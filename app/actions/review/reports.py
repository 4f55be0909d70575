"""Opening a project's report: its answers judged once, with everything people did about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from app.actions.access.policy import sees_restricted
from app.actions.actor import Actor
from app.actions.answers import Opened, open_sheet
from app.actions.catalogues import Catalogues, Released
from app.actions.errors import NotFound
from app.actions.pages import Looked, look, record_of
from app.actions.review.acts import acts_of
from app.core.assessment import Flag
from app.core.record import Record
from app.core.standing import Act, Standing


@dataclass(frozen=True)
class Report:
    """One project, judged on one day."""

    looked: Looked
    record: Record

    @property
    def opened(self) -> Opened:
        """The project and its sheet."""
        return self.looked.opened

    @property
    def reference(self) -> str:
        """What the project is known by."""
        return self.looked.opened.project.reference

    @property
    def current(self) -> Standing | None:
        """The stage the project stands at; None when all are closed."""
        return next((each for each in self.record.standings if each.current), None)

    @property
    def stage(self) -> str:
        """The id of that stage, or of the last one."""
        current = self.current or self.record.standings[-1]
        return current.stage.id

    def flag(self, id_: str) -> Flag:
        """A raised flag, or one that could not be worked out. Raises NotFound."""
        found = next((flag for flag in self.record.raised if flag.id == id_), None)
        if found is None:
            raise NotFound(id_)
        return found

    def standing(self, stage: str) -> Standing:
        """Where a stage of the route stands. Raises NotFound."""
        found = next((each for each in self.record.standings if each.stage.id == stage), None)
        if found is None:
            raise NotFound(stage)
        return found


def open_report(
    conn: Connection,
    actor: Actor,
    catalogues: Catalogues,
    reference: str,
    on: date,
    stage: str | None = None,
) -> Report:
    """The report of a project this actor may see. Raises NotFound.

    `stage` is the stage about to be closed or signed: what is merely not done yet is a task before
    it and a flag at it.
    """
    opened = open_sheet(conn, actor, reference)
    # The whole acts, with the words people wrote; a project without any needs no statement.
    acts = acts_of(conn, actor, reference) if opened.project.acts else ()
    report = judge(opened, catalogues.of(conn, opened.project.release_id), on, stage, acts)
    seen = replace(report.record, sees_restricted=sees_restricted(actor.role))
    return replace(report, record=seen)


def judge(
    opened: Opened, released: Released, on: date, stage: str | None, acts: tuple[Act, ...]
) -> Report:
    """Evaluate a project's answers and judge every rule, once."""
    looked = look(opened, released, on)
    return Report(looked, record_of(looked, stage, acts))
