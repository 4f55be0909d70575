"""Where a project comes from, and the library of projects that lend their wording."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ALL = "current_setting('fingerpost.sees', true) = 'all'"
OURS = "nullif(current_setting('fingerpost.organisation', true), '')::uuid"
# What is published is read by all; of the rest only its own organisation knows.
LENT = f"{ALL} OR state = 'published' OR organisation_id = {OURS}"
MOMENT = sa.DateTime(timezone=True)
EITHER = "SELECT 1 FROM project p WHERE p.id IN (lineage.project_id, lineage.from_id)"
SEEN = f"{ALL} OR EXISTS ({EITHER})"


def upgrade() -> None:
    op.create_table(
        "lineage",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('renewed', 'borrowed')", name=op.f("ck_lineage_kind")),
        sa.ForeignKeyConstraint(["from_id"], ["project.id"], name=op.f("fk_lineage_from_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_lineage_project_id")),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_lineage")),
    )
    op.create_index("ix_lineage_from_id", "lineage", ["from_id"], unique=False)
    op.create_table(
        "library",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("searched", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_who", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("said_who", sa.Text(), nullable=True),
        sa.Column("said_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'published', 'refused', 'taken_out')",
            name=op.f("ck_library_state"),
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_library_asked_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_library_organisation_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_library_project_id")),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_library")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE lineage ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE lineage FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY by_organisation ON lineage USING ({SEEN})")
        op.execute("ALTER TABLE library ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE library FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY by_organisation ON library USING ({LENT})")


def downgrade() -> None:
    op.drop_table("library")
    op.drop_table("lineage")
