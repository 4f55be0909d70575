"""Who may do what: each thing that can be asked for, by role and by how one stands to it. What is not here is refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from app.actions.access.roles import ADMINISTRATOR, EDITOR, MOVERS, ROLES, SYSTEM, called
from app.core.standing import ADVISE, CONTENT, IMPROVE, LIFT, MENDED, MUST_CORRECT, SIGN


class Relation(Enum):
    """How an organisation stands to what one of its people asks for."""

    OWN = "its own"
    PARTICIPATING = "of a project it takes part in"
    OFF_TEAM = "of a project it takes part in, by somebody who is not on its team"
    SPONSOR = "of an organisation that it sponsors"
    SPONSORED = "of its sponsor"
    OTHER = "of others"


class Thing(Enum):
    """What is asked for, and so what is answered to whoever may not know of it."""

    PUBLIC = "public"  # nobody needs to be signed in
    SHARED = "shared"  # alike for everybody whose role it is; others are told whose it is
    HIDDEN = "hidden"  # is not there for other roles
    PROJECT = "project"  # is not there for other roles nor for organisations that take no part
    RECORD = "record"  # an organisation's record: to read for all, to change for some


GOVERNANCE = frozenset({"ig_lead", "security", "dpo", "siro", "caldicott", "signatory"})
"""Roles that look after information for an organisation, whoever is on a project's team."""

TEAM = frozenset({"lead", "contributor", "party"})
SEES = TEAM | GOVERNANCE
"""Roles that see projects that their organisation takes part in. Those who run the service see none."""

OVERSIGHT = frozenset({"ig_lead", "dpo", "siro", "caldicott", "signatory"})
"""Roles that see them whoever is on the team; the others see those on whose team they are."""

EVERYBODY = frozenset(ROLES)
TAKES_PART = frozenset({Relation.OWN, Relation.PARTICIPATING})
ANY = frozenset(Relation)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the policy.

    `does` completes "The data protection officer ...". `further` says what is looked at besides.
    """

    id: str
    does: str
    thing: Thing
    roles: frozenset[str] = EVERYBODY
    relations: frozenset[Relation] = ANY
    further: str = ""

    def refuses(self, role: str) -> bool:
        """Whether this is not for somebody in this role."""
        return self.thing is not Thing.PUBLIC and role not in self.roles

    def whose(self) -> str:
        """Whose it is, in words."""
        return " or the ".join(called(role) for role in ROLES if role in self.roles)


def _project(id_: str, does: str, roles: Iterable[str] = SEES, further: str = "") -> Line:
    return Line(id_, does, Thing.PROJECT, frozenset(roles), TAKES_PART, further)


def _hidden(id_: str, does: str, *roles: str, further: str = "") -> Line:
    return Line(id_, does, Thing.HIDDEN, frozenset(roles), further=further)


POLICY = {
    line.id: line
    for line in (
        Line("public", "reads what is open to all", Thing.PUBLIC),
        Line("sign_in", "signs in, and is asked who they are", Thing.PUBLIC),
        Line("demonstration", "looks as another, in the demonstration only", Thing.PUBLIC),
        Line("account", "sees and ends their own sign-ins", Thing.SHARED, further="Only their own."),
        Line(
            "lists", "sees the lists of what is theirs", Thing.SHARED,
            further="A list holds what the other lines let them open, and nothing else.",
        ),
        Line("start", "sees how a project begins", Thing.SHARED),
        Line(
            "project.start", "begins a project", Thing.SHARED,
            frozenset({"lead", "contributor", "ig_lead"}),
        ),
        _project("project.read", "sees a project, its report, documents and history"),
        _project("project.answer", "answers questions of a project"),
        _project(
            "project.restricted", "sees answers that are restricted", GOVERNANCE,
            "For other roles the answer is left out of pages, reports, histories and documents.",
        ),
        _project(
            "project.comment", "comments on a project",
            further="Each comment says who reads it: one organisation, or all that take part. Only who "
            "reads it can be asked or mentioned.",
        ),
        _project(
            "project.contribute", "fills in what their organisation adds", TEAM | {"ig_lead"},
            "In its own rows and no others.",
        ),
        _project("project.take", "takes work from the queue, or gives it to a colleague"),
        Line("queue.cover", "lets a deputy cover their queue", Thing.SHARED, further="Only their own."),
        _project(
            "project.team", "says who works on a project", ("lead", "ig_lead"),
            "The project lead of the organisation that leads, for every organisation; an "
            "information governance lead, for their own. Whoever leads the project stays on it.",
        ),
        _project("project.hand_over", "passes a page or a question to somebody"),
        _project("flag.accept", "accepts a flag as a risk", SEES - {"signatory"}),
        _project(
            "flag.dismiss", "dismisses a flag", ("lead", "ig_lead"), "Never a stop.",
        ),
        _project(
            "flag.lift", "lifts a stop", ("dpo",),
            "Not who leads the project.",
        ),
        _project(
            "project.advise", "gives this advice", ("dpo",),
            "Not who leads the project, nor who signed anything of it. Until it is sent, only who "
            "writes it sees it.",
        ),
        _project(
            "project.mend", "says that what was sent back is done", SEES - {"dpo", "signatory"},
            "Not who sent it back.",
        ),
        _project(
            "project.decide", "does an act that the pipeline declares",
            further="Each act says whose it is, and who cannot do it as well. What is done once is "
            "done by the organisation that leads.",
        ),
        _project(
            "stage.close", "closes a stage",
            further="Each stage says which role closes it, in the organisation that leads.",
        ),
        _project(
            "stage.sign", "signs for an organisation", ("signatory",),
            "Not who advised on the project as data protection officer.",
        ),
        _project(
            "project.renew", "renews a project", ("lead", "contributor", "ig_lead"),
            "The new project is of their own organisation.",
        ),
        Line(
            "project.lend", "lends a project's wording to the library, or takes it out",
            Thing.PROJECT, frozenset({"lead", "ig_lead"}), frozenset({Relation.OWN}),
            "A lead asks; an information governance lead who did not ask says yes.",
        ),
        Line(
            "annual.read", "reads the annual report to senior management", Thing.SHARED,
            frozenset({"dpo", "siro"}), further="Of their own organisation only.",
        ),
        Line(
            "library.read", "reads what projects lend in the library", Thing.SHARED, SEES,
            further="Only what was published, and nothing else of the project.",
        ),
        Line(
            "project.move", "moves a project to another release", Thing.PROJECT,
            frozenset(MOVERS), frozenset({Relation.OWN}),
        ),
        _project("project.stay", "says why a project need not move", ("dpo",)),
        Line("record.read", "sees the records of organisations and who decides there", Thing.RECORD),
        Line(
            "record.answer", "keeps the record of an organisation", Thing.RECORD,
            frozenset({"lead", "ig_lead", "security", "dpo", "siro", "caldicott", ADMINISTRATOR}),
            frozenset({Relation.OWN, Relation.SPONSOR}),
            "While an organisation has no people here, anybody of these roles may keep its record.",
        ),
        Line(
            "record.add", "enters an organisation", Thing.SHARED,
            frozenset({"lead", "ig_lead", "dpo", ADMINISTRATOR, SYSTEM}),
        ),
        Line("definitions.read", "reads published definitions", Thing.SHARED),
        _hidden("definitions.draft", "reads drafts of definitions", EDITOR, "dpo"),
        _hidden(
            "definitions.edit", "changes and publishes definitions", EDITOR, "dpo",
            further="A LOTI editor changes drafts; a data protection officer confirms. Nobody "
            "confirms what they changed.",
        ),
        _hidden("guidance", "writes guidance of their own organisation", "ig_lead", "dpo", ADMINISTRATOR),
        _hidden(
            "people", "invites, suspends and gives roles", ADMINISTRATOR, SYSTEM,
            further="An administrator only in their own organisation and those it sponsors, and "
            "never to themselves.",
        ),
    )
}  # fmt: skip
"""Every line by its id. A route of the site falls under one line for reading and one for writing."""


LEADS = "leads"
SEPARATE = {
    # kind of act: what the same person must not be or have done in the same project
    ADVISE: (LEADS, SIGN),
    LIFT: (LEADS, SIGN),
    MUST_CORRECT: (LEADS, SIGN),
    IMPROVE: (LEADS, SIGN),
    CONTENT: (LEADS, SIGN, MENDED),
    MENDED: (MUST_CORRECT, IMPROVE, ADVISE),
    SIGN: (ADVISE, LIFT, MUST_CORRECT, IMPROVE),
}
"""Duties that one person may not join in one project, whatever roles they hold."""

_SENT = (
    "Whoever sent something of a project back cannot sign for an organisation there, nor say that "
    "it is mended."
)
TOLD = {
    LEADS: "Whoever leads a project cannot give its advice nor lift its stops.",
    SIGN: "Whoever signed for an organisation cannot advise on the project as well.",
    ADVISE: "Whoever advised on a project cannot sign for an organisation there, nor say that what "
    "was sent back is mended.",
    LIFT: "Whoever lifted a stop of a project cannot sign for an organisation as well.",
    MUST_CORRECT: _SENT,
    IMPROVE: _SENT,
    MENDED: "Whoever said that something is done cannot be the one who is content with it.",
}


def sees_restricted(role: str) -> bool:
    """Whether restricted answers are shown to somebody in this role."""
    return not POLICY["project.restricted"].refuses(role)


WRITTEN = frozenset(
    {
        "project.answer",
        "project.contribute",
        "project.advise",
        "record.answer",
        "definitions.edit",
        "guidance",
    }
)
"""Lines under which people write at length: the others take small forms alone."""
