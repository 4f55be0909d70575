"""Files that answer questions."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ALL = "current_setting('fingerpost.sees', true) = 'all'"
PROJECT = "EXISTS (SELECT 1 FROM project p WHERE p.id = file.project_id)"
SEEN = f"{ALL} OR {PROJECT}"


def upgrade() -> None:
    op.create_table(
        "file",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('pdf', 'png', 'jpeg', 'docx', 'xlsx')", name=op.f("ck_file_kind")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_file_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_file_person_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_file_project_id")),
        sa.PrimaryKeyConstraint("project_id", "question", "hash", name=op.f("pk_file")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER file_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
            "ON file FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute("ALTER TABLE file ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE file FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY by_organisation ON file USING ({SEEN})")
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER file_no_{verb.lower()} BEFORE {verb} ON file "
            "BEGIN SELECT RAISE(ABORT, 'file is append-only'); END"
        )


def downgrade() -> None:
    op.drop_table("file")
