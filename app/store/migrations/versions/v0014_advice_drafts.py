"""Advice that a reviewer has not sent yet."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ALL = "current_setting('fingerpost.sees', true) = 'all'"
OURS = "nullif(current_setting('fingerpost.organisation', true), '')::uuid"
# Before it is sent no other organisation sees it, whoever takes part in the project.
SEEN = f"{ALL} OR organisation_id = {OURS}"


def upgrade() -> None:
    op.create_table(
        "advice_draft",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sheet_version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_advice_draft_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_advice_draft_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_advice_draft_project_id")
        ),
        sa.PrimaryKeyConstraint(
            "project_id", "organisation_id", "person_id", name=op.f("pk_advice_draft")
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE advice_draft ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE advice_draft FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY by_organisation ON advice_draft USING ({SEEN})")


def downgrade() -> None:
    op.drop_table("advice_draft")
