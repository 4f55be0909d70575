"""On PostgreSQL the database itself keeps what is an organisation's own, and a person's, to them."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ALL = "current_setting('fingerpost.sees', true) = 'all'"
OURS = "nullif(current_setting('fingerpost.organisation', true), '')::uuid"
MINE = "nullif(current_setting('fingerpost.person', true), '')::uuid"
SEEN = {
    "cover": f"organisation_id = {OURS}",
    "guidance_note": f"organisation_id = {OURS}",
    # It may hold answers to any question of any project its writer sees.
    "kept_form": f"person_id = {MINE}",
}
# Everybody reads the records of organisations: they are the map. Whose it is changes one, so does
# its sponsor; and whoever brings in an organisation where nobody has an account yet.
ABOUT = "SELECT 1 FROM organisation o WHERE o.id = sheet.subject_id"
MEMBER = "SELECT 1 FROM membership m WHERE m.organisation_id = o.id AND m.status = 'active'"
THEIRS = f"o.id = {OURS} OR o.sponsor_id = {OURS} OR NOT EXISTS ({MEMBER})"
RECORD = f"kind <> 'organisation' OR EXISTS ({ABOUT} AND ({THEIRS}))"
# What is locked to be changed is looked at by `USING`: the program shall find it and say why not.
CHANGES = {"INSERT": "WITH CHECK", "UPDATE": "USING (true) WITH CHECK", "DELETE": "USING"}


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, seen in SEEN.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY by_organisation ON {table} USING ({ALL} OR {seen})")
    for verb, clause in CHANGES.items():
        op.execute(
            f"CREATE POLICY to_{verb.lower()} ON sheet AS RESTRICTIVE FOR {verb} "
            f"{clause} ({ALL} OR {RECORD})"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for verb in CHANGES:
        op.execute(f"DROP POLICY to_{verb.lower()} ON sheet")
    for table in SEEN:
        op.execute(f"DROP POLICY by_organisation ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
