"""One stage of one project, as one person sees it: what its pages share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import url_for

from app.actions import overview
from app.actions.errors import NotFound
from app.actions.overview import Overview
from app.actions.together.passing import Assignment
from app.core.assessment import Flag
from app.core.journey import Step
from app.core.questionnaire import Section
from app.core.record import Record
from app.core.standing import Standing, asked_at, settled_stages
from app.core.wording import lower
from app.web.site import Context, on_project, reading, site, today


@dataclass(frozen=True)
class Stage:
    """One stage of one project, as one person sees it."""

    view: Overview
    standing: Standing

    @property
    def record(self) -> Record:
        """The answers, judged."""
        return self.view.record

    @property
    def reference(self) -> str:
        """The project's reference."""
        return self.view.report.reference

    @property
    def id(self) -> str:
        """The stage's id."""
        return self.standing.stage.id

    @property
    def caption(self) -> str:
        """The project and the number of the stage."""
        title = self.view.report.looked.title
        if not self.view.likely.settled:
            return f"{title}. Stage {self.standing.number}"
        stages = [each for each in self.record.standings if each.stage.questionnaires]
        return f"{title}. Stage {self.standing.number} of {len(stages)}"

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Its pages, offered ones included, and what a signed document left of the stages before."""
        settled = settled_stages(self.record.acts)
        names = asked_at(self.record.pipeline, self.record.route, self.id, settled)
        return self.record.journey.of(names)

    @cached_property
    def owed(self) -> tuple[Step, ...]:
        """Its unfinished pages on which this person has something to do."""
        return self.view.owed_by(self.view.role, self.standing)

    @cached_property
    def flags(self) -> Mapping[str, tuple[Flag, ...]]:
        """The flags behind which each answer stands, by question, gravest first."""
        found: dict[str, tuple[Flag, ...]] = {}
        for flag in self.record.raised:
            if flag.id not in self.record.answered:
                for id_ in dict.fromkeys(a.split("/")[0] for a in flag.because.answers):
                    found[id_] = (*found.get(id_, ()), flag)
        return found

    @cached_property
    def left(self) -> dict[str, Assignment]:
        """The pages that wait for a colleague, by their address."""
        return {step.key: left for step, left in self.view.handovers}

    def url(self, endpoint: str) -> str:
        """An address of this stage."""
        return url_for(endpoint, reference=self.reference, stage=self.id)

    def offered(self, questionnaire: str) -> bool:
        """Whether a questionnaire is offered and nothing on it owed."""
        return questionnaire in self.record.route.optional

    def title_of(self, questionnaire: str, section: Section) -> str:
        """A section's title, with its questionnaire when that is not the stage's own."""
        offered = " (if you like)" if self.offered(questionnaire) else ""
        if questionnaire == self.id:
            return f"{section.title}{offered}"
        title = self.record.questionnaires[questionnaire].title
        return f"{title}: {lower(section.title)}{offered}"


def open_stage(reference: str, stage: str) -> Stage:
    """A stage of a project's route that asks something. Raises NotFound."""
    with reading() as (conn, actor):
        view = overview.follow_project(conn, actor, site().catalogues, reference, today())
    on_project(view.report.opened.project)
    standing = view.report.standing(stage)
    if not standing.stage.questionnaires:
        raise NotFound(stage)
    return Stage(view, standing)


def crumbs_of(stage: Stage) -> list[Context]:
    """The way back from a stage: the projects, and its own."""
    one = url_for("projects.one", reference=stage.reference)
    return [
        {"label": "Projects", "url": url_for("projects.list_all")},
        {"label": stage.view.report.looked.title, "url": one},
    ]
