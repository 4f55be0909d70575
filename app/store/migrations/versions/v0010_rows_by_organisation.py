"""On PostgreSQL the database itself shows an organisation only the projects it takes part in."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ALL = "current_setting('fingerpost.sees', true) = 'all'"
OURS = "nullif(current_setting('fingerpost.organisation', true), '')::uuid"
PARTY = "SELECT 1 FROM project_party party WHERE party.project_id = project.id"
TAKES_PART = f"organisation_id = {OURS} OR EXISTS ({PARTY} AND party.organisation_id = {OURS})"
# A row that hangs on a project is seen with the project: that table has a policy of its own.
HANGS = "EXISTS (SELECT 1 FROM project p WHERE p.id = {table}.{column})"
SEEN = {
    "project": TAKES_PART,
    "sheet": f"kind = 'organisation' OR {HANGS.format(table='sheet', column='subject_id')}",
    "answer_event": "EXISTS (SELECT 1 FROM sheet s WHERE s.subject_id = answer_event.subject_id)",
    **{
        table: HANGS.format(table=table, column="project_id")
        for table in ("act", "assignment", "claim")
    },
}
# A document is kept before the act that names it.
DOCUMENT = "EXISTS (SELECT 1 FROM act a WHERE a.document_sha256 = document.sha256)"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, seen in SEEN.items():
        _guard(table)
        op.execute(f"CREATE POLICY by_organisation ON {table} USING ({ALL} OR {seen})")
    _guard("document")
    op.execute(f"CREATE POLICY by_organisation ON document FOR SELECT USING ({ALL} OR {DOCUMENT})")
    op.execute("CREATE POLICY to_keep ON document FOR INSERT WITH CHECK (true)")


def _guard(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    # For the owner of the tables too: most installations have one role for everything.
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP POLICY to_keep ON document")
    for table in (*SEEN, "document"):
        op.execute(f"DROP POLICY by_organisation ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
