"""The statements that join tables or run on every request, built once."""

from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    String,
    Uuid,
    and_,
    bindparam,
    cast,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from app.store.definitions import release, release_mark
from app.store.joined import FIELD, joined
from app.store.lineage import RENEWED, lineage
from app.store.tables import (
    answer_event,
    membership,
    organisation,
    person,
    project,
    project_party,
    sheet,
)
from app.store.talk import comment
from app.store.team import assignment, team, visit

SUMMARY = (
    sheet.c.title,
    sheet.c.route,
    sheet.c.worst_flag,
    sheet.c.asked,
    sheet.c.answered,
    sheet.c.raised,
    sheet.c.stops,
    sheet.c.undetermined,
    sheet.c.tasks,
    sheet.c.next_review,
    sheet.c.asks,
    sheet.c.deciding,
)

# Everybody's places of work, in one statement; a person has at least one or may do nothing.
MEMBERSHIPS = (
    select(
        person.c.id,
        person.c.name,
        membership.c.role,
        organisation.c.id.label("organisation_id"),
        organisation.c.name.label("organisation_name"),
        organisation.c.notes_version,
    )
    .join(membership, membership.c.person_id == person.c.id)
    .join(organisation, organisation.c.id == membership.c.organisation_id)
    .where(person.c.active, membership.c.status == "active")
    .order_by(organisation.c.name, membership.c.role, person.c.name)
)
PERSON = MEMBERSHIPS.where(person.c.id == bindparam("person"))

# The newest release that this project must move to before it signs, and why (see tables.py).
_OWN, _NEWER = release.alias("own_release"), release.alias("newer_release")
_MARK, _LATER = release_mark.alias("mark"), release_mark.alias("later_mark")
_MARKED = (
    select(_NEWER.c.number)
    .join(_MARK, _MARK.c.release_id == _NEWER.c.id)
    .join(_OWN, _OWN.c.id == project.c.release_id)
    .where(
        _MARK.c.must_move,
        _NEWER.c.number > _OWN.c.number,
        ~exists().where(_LATER.c.release_id == _MARK.c.release_id, _LATER.c.seq > _MARK.c.seq),
    )
    .order_by(_NEWER.c.number.desc())
    # Written into the statement too.
    .limit(literal_column("1", Integer))
    .offset(literal_column("0", Integer))
    .correlate(project)
)
MUST_MOVE = (
    _MARKED.scalar_subquery().label("must_move_to"),
    _MARKED.with_only_columns(_MARK.c.reason).scalar_subquery().label("must_move_because"),
)


def seen(
    organisation_id: ColumnElement[UUID],
    person_id: ColumnElement[UUID],
    oversees: ColumnElement[bool],
) -> ColumnElement[bool]:
    """Of the projects in a statement, those that somebody sees who acts for an organisation.

    Whoever looks after information there sees what it takes part in, whoever is on the team;
    anybody else must be on the team.
    """
    takes_part = exists().where(
        project_party.c.project_id == project.c.id,
        project_party.c.organisation_id == organisation_id,
    )
    on_team = exists().where(
        team.c.project_id == project.c.id,
        team.c.person_id == person_id,
        team.c.organisation_id == organisation_id,
        team.c.left_at.is_(None),
    )
    return and_(takes_part.correlate(project), or_(oversees, on_team.correlate(project)))


_SEEN = seen(
    bindparam("organisation", type_=Uuid),
    bindparam("person", type_=Uuid),
    bindparam("oversees", type_=Boolean),
)
# What waits for somebody, all of it in one text, so that no page needs a statement of its own.
# Written into the statement: to bind each anew takes longer than to look up what waits.
_FIELD, _NONE = literal_column(f"'{FIELD}'", String), literal_column("''", String)
_PASSED = (
    select(
        joined(
            assignment.c.page
            + _FIELD
            + func.coalesce(assignment.c.question, _NONE)
            + _FIELD
            + assignment.c.to_whom
            + _FIELD
            + func.coalesce(cast(assignment.c.due_on, String), _NONE)
            + _FIELD
            + func.coalesce(cast(assignment.c.to_id, String), _NONE)
        )
    )
    .where(assignment.c.project_id == project.c.id, assignment.c.done_at.is_(None))
    .correlate(project)
    .scalar_subquery()
    .label("passed")
)

_PROJECT = (
    select(
        project.c.id,
        project.c.reference,
        project.c.organisation_id,
        project.c.release_id,
        project.c.lead_id,
        project.c.stage,
        project.c.door,
        project.c.version,
        project.c.acts,
        project.c.created_at,
        *SUMMARY,
        *MUST_MOVE,
        _PASSED,
        sheet.c.version.label("sheet_version"),
        sheet.c.document,
    )
    .join(sheet, sheet.c.subject_id == project.c.id)
    .where(project.c.reference == bindparam("reference"), _SEEN)
)
PROJECT = _PROJECT
_LAST_SAID = (
    select(func.max(comment.c.at))
    .where(
        comment.c.project_id == project.c.id,
        or_(comment.c.audience == "all", comment.c.organisation_id == bindparam("organisation")),
    )
    .correlate(project)
    .scalar_subquery()
)
_RENEWED = (
    exists().where(lineage.c.from_id == project.c.id, lineage.c.kind == RENEWED).correlate(project)
)
# With who leads it, when this person saw it last and when something was said, whether another one renews it, and a row for each page that still waits for a colleague.
PROJECT_FOLLOWED = (
    _PROJECT.add_columns(
        organisation.c.name.label("organisation_name"),
        person.c.name.label("lead_name"),
        assignment.c.id.label("assignment_id"),
        assignment.c.page,
        assignment.c.to_whom,
        assignment.c.note,
        assignment.c.who,
        assignment.c.at,
        assignment.c.done_at,
        assignment.c.to_id,
        assignment.c.question,
        assignment.c.due_on,
        visit.c.at.label("looked_at"),
        visit.c.version.label("looked_version"),
        _LAST_SAID.label("said_at"),
        _RENEWED.label("renewed"),
    )
    .join(organisation, organisation.c.id == project.c.organisation_id)
    .join(person, person.c.id == project.c.lead_id)
    .outerjoin(
        assignment, and_(assignment.c.project_id == project.c.id, assignment.c.done_at.is_(None))
    )
    .outerjoin(
        visit,
        and_(
            visit.c.project_id == project.c.id,
            visit.c.person_id == bindparam("person"),
            visit.c.organisation_id == bindparam("organisation"),
        ),
    )
    .order_by(assignment.c.at)
)
# Both rows, so that after waiting both are read anew as they now are.
PROJECT_TO_WRITE = _PROJECT.with_for_update(of=(project, sheet))

# An organisation is answered under the newest release: it is not a thing of one time, as a
# project is. Whoever has no people of their own is kept by whoever knows.
_NEWEST = select(release.c.id).order_by(release.c.number.desc()).limit(1).scalar_subquery()
_PEOPLE = (
    exists()
    .where(membership.c.organisation_id == organisation.c.id, membership.c.status == "active")
    .correlate(organisation)
)
_SPONSOR = organisation.alias("sponsor")
ORGANISATION = (
    select(
        organisation.c.id,
        organisation.c.name,
        organisation.c.sponsor_id,
        _SPONSOR.c.name.label("sponsor_name"),
        _PEOPLE.label("has_people"),
        _NEWEST.label("release_id"),
        sheet.c.document,
    )
    .join(sheet, sheet.c.subject_id == organisation.c.id)
    .outerjoin(_SPONSOR, _SPONSOR.c.id == organisation.c.sponsor_id)
    .where(organisation.c.id == bindparam("organisation"))
)
ORGANISATION_TO_WRITE = ORGANISATION.with_for_update(of=sheet)
# The map, and what a party may be taken from: no answer is read, no rule evaluated.
ORGANISATIONS = (
    select(
        organisation.c.id,
        organisation.c.name,
        organisation.c.kind,
        sheet.c.saved_at,
        sheet.c.brief,
        *SUMMARY,
    )
    .join(sheet, sheet.c.subject_id == organisation.c.id)
    .order_by(func.lower(organisation.c.name))
)

KEEP_SHEET = (
    update(sheet)
    .where(
        sheet.c.subject_id == bindparam("subject"),
        sheet.c.version == bindparam("version_before"),
    )
    .values(
        version=bindparam("version_now"),
        title=bindparam("title_now"),
        route=bindparam("route_now"),
        worst_flag=bindparam("worst_flag_now"),
        asked=bindparam("asked_now"),
        answered=bindparam("answered_now"),
        raised=bindparam("raised_now"),
        stops=bindparam("stops_now"),
        undetermined=bindparam("undetermined_now"),
        tasks=bindparam("tasks_now"),
        next_review=bindparam("next_review_now"),
        asks=bindparam("asks_now"),
        deciding=bindparam("deciding_now"),
        saved_at=bindparam("saved_at_now"),
        document=bindparam("document_now"),
        brief=bindparam("brief_now"),
    )
)
ADD_EVENTS = insert(answer_event)

# What the addresses of a page held before; asked only when somebody else has written there.
PAST = (
    select(answer_event.c.address, answer_event.c.version, answer_event.c.new)
    .where(
        answer_event.c.subject_id == bindparam("subject"),
        answer_event.c.address.in_(bindparam("addresses", expanding=True)),
    )
    .order_by(answer_event.c.seq)
)
