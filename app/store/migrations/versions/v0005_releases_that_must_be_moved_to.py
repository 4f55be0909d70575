"""Where a release came from, and what is said of it later: that projects must move to it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "release", sa.Column("origin", sa.String(length=20), nullable=False, server_default="start")
    )
    op.create_table(
        "release_mark",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("must_move", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_release_mark_release_id")
        ),
        sa.PrimaryKeyConstraint("release_id", "seq", name=op.f("pk_release_mark")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER release_mark_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
            "ON release_mark FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER release_mark_no_{verb.lower()} BEFORE {verb} ON release_mark "
            "BEGIN SELECT RAISE(ABORT, 'release_mark is append-only'); END"
        )


def downgrade() -> None:
    op.drop_table("release_mark")
    op.drop_column("release", "origin")
