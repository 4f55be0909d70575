"""Who is on the team of a project; whoever worked on one before is on its team."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ALL = "current_setting('fingerpost.sees', true) = 'all'"
OURS = "nullif(current_setting('fingerpost.organisation', true), '')::uuid"
# Not by way of the project, whose own policy may come to ask for the team.
PARTY = "SELECT 1 FROM project_party party WHERE party.project_id = team.project_id"
SEEN = f"{ALL} OR organisation_id = {OURS} OR EXISTS ({PARTY} AND party.organisation_id = {OURS})"
# Everybody who began, answered, acted or commented, for an organisation that takes part.
WORKED = """
    SELECT done.project_id, done.person_id, done.organisation_id, MIN(project.created_at) AS at
    FROM (
        SELECT id AS project_id, lead_id AS person_id, organisation_id FROM project
        UNION SELECT subject_id, person_id, organisation_id FROM answer_event
        UNION SELECT project_id, person_id, organisation_id FROM act
        UNION SELECT project_id, person_id, organisation_id FROM comment
    ) done
    JOIN project ON project.id = done.project_id
    JOIN project_party party ON party.project_id = done.project_id
        AND party.organisation_id = done.organisation_id
    GROUP BY done.project_id, done.person_id, done.organisation_id
"""


def upgrade() -> None:
    op.add_column("project_party", sa.Column("added_by", sa.Text(), nullable=True))
    op.create_table(
        "team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("left_at", MOMENT, nullable=True),
        sa.Column("left_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_team_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_team_person_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_team_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
    )
    op.create_index("ix_team_project_id", "team", ["project_id", "person_id"], unique=False)
    op.create_index("ix_team_person_id", "team", ["person_id"], unique=False)
    _put_on()
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE team ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE team FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY by_organisation ON team USING ({SEEN})")


def _put_on() -> None:
    """Nobody who worked on a project loses it."""
    team = sa.table(
        "team",
        sa.column("id", sa.Uuid()),
        sa.column("project_id", sa.Uuid()),
        sa.column("person_id", sa.Uuid()),
        sa.column("organisation_id", sa.Uuid()),
        sa.column("added_at", MOMENT),
        sa.column("added_by", sa.Text()),
    )
    names = ("project_id", "person_id", "organisation_id")
    worked = sa.text(WORKED).columns(**dict.fromkeys(names, sa.Uuid()), at=MOMENT)
    rows = [
        {"id": uuid4(), **{name: getattr(row, name) for name in names}, "added_at": row.at}
        for row in op.get_bind().execute(worked)
    ]
    if rows:
        said = "Worked on it before there were teams"
        op.bulk_insert(team, [{**row, "added_by": said} for row in rows])


def downgrade() -> None:
    op.drop_table("team")
    op.drop_column("project_party", "added_by")
