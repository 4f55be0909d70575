"""Whom a page is passed to and until when, what people have seen, and who is on which page."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ALL = "current_setting('fingerpost.sees', true) = 'all'"
PROJECT = "EXISTS (SELECT 1 FROM project p WHERE p.id = {table}.project_id)"


def upgrade() -> None:
    with op.batch_alter_table("assignment") as table:
        table.add_column(sa.Column("to_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("question", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        table.create_foreign_key(op.f("fk_assignment_to_id"), "person", ["to_id"], ["id"])
        table.create_index("ix_assignment_to_id", ["to_id", "done_at"], unique=False)
    op.create_table(
        "visit",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_visit_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_visit_person_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_visit_project_id")),
        sa.PrimaryKeyConstraint(
            "project_id", "person_id", "organisation_id", name=op.f("pk_visit")
        ),
    )
    op.create_table(
        "presence",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.String(length=200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_presence_person_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_presence_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", "person_id", name=op.f("pk_presence")),
    )
    if op.get_bind().dialect.name != "postgresql":
        return
    for name in ("visit", "presence"):
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY by_organisation ON {name} USING ({ALL} OR {PROJECT.format(table=name)})"
        )


def downgrade() -> None:
    op.drop_table("presence")
    op.drop_table("visit")
    with op.batch_alter_table("assignment") as table:
        table.drop_index("ix_assignment_to_id")
        table.drop_constraint(op.f("fk_assignment_to_id"), type_="foreignkey")
        table.drop_column("due_on")
        table.drop_column("question")
        table.drop_column("to_id")
