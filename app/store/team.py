"""The tables of working together: who is on a team, what is whose to do, what people saw and where they are."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text, Uuid

from app.store.columns import Moment
from app.store.tables import metadata

# Who works on a project, for which organisation. Nobody is removed: whoever was taken off stays
# with the day on which that was done, so that the rows are the history of the team as well.
team = Table(
    "team",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("project_id", Uuid, ForeignKey("project.id"), nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("left_at", Moment),
    Column("left_by", Text),
    Index("ix_team_project_id", "project_id", "person_id"),
    Index("ix_team_person_id", "person_id"),
)

# When somebody last said that they had seen where a project stands, and at which version of its
# answers: what changed since is told from there.
visit = Table(
    "visit",
    metadata,
    Column("project_id", Uuid, ForeignKey("project.id"), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("version", Integer, nullable=False),
)

# Who has which page of a project open. Nothing rests on it, and old rows are removed.
presence = Table(
    "presence",
    metadata,
    Column("project_id", Uuid, ForeignKey("project.id"), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("page", String(200), nullable=False),
    Column("at", Moment, nullable=False),
)

assignment = Table(
    "assignment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("project_id", Uuid, ForeignKey("project.id"), nullable=False, index=True),
    Column("page", String(200), nullable=False),
    Column("to_whom", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("done_at", Moment),
    # Who is asked, when they see the project; of one question on the page; until when.
    Column("to_id", Uuid, ForeignKey("person.id")),
    Column("question", String(200)),
    Column("due_on", Date),
    Index("ix_assignment_to_id", "to_id", "done_at"),
)

# Who has a piece of work of their organisation's queue: the last claim in a role counts.
claim = Table(
    "claim",
    metadata,
    Column("project_id", Uuid, ForeignKey("project.id"), primary_key=True),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), primary_key=True),
    Column("role", String(60), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

# Who does somebody's work in a role while they are away, the last day included.
cover = Table(
    "cover",
    metadata,
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), primary_key=True),
    Column("role", String(60), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("deputy_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("until", Date, nullable=False),
)
