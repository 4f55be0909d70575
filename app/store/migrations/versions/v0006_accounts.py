"""Accounts, sign-ins and e-mails; and a sponsored organisation shares only with its sponsor."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

# Whether an organisation that joins a project and another that is there may not share: one of them
# is sponsored, and the other is not its sponsor.
APART = """
    SELECT 1 FROM project_party there_in
    JOIN organisation there ON there.id = there_in.organisation_id
    JOIN organisation joining ON joining.id = NEW.organisation_id
    WHERE there_in.project_id = NEW.project_id AND there.id <> joining.id
      AND ((joining.sponsor_id IS NOT NULL AND joining.sponsor_id <> there.id)
        OR (there.sponsor_id IS NOT NULL AND there.sponsor_id <> joining.id))
"""
# Whether an organisation that is given a sponsor shares with somebody else already.
SHARES = """
    SELECT 1 FROM project_party own
    JOIN project_party there_in ON there_in.project_id = own.project_id
    WHERE own.organisation_id = NEW.id AND there_in.organisation_id NOT IN (NEW.id, NEW.sponsor_id)
"""
SAYS = "a sponsored organisation shares only with its sponsor"

# Those who join one project at once wait for each other: each sees the others.
ON_POSTGRESQL = (
    f"""
    CREATE FUNCTION refuse_other_than_sponsor() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM project WHERE id = NEW.project_id FOR UPDATE;
        IF EXISTS ({APART}) THEN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'check_violation'; END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER project_party_sponsor BEFORE INSERT OR UPDATE ON project_party
    FOR EACH ROW EXECUTE FUNCTION refuse_other_than_sponsor()
    """,
    f"""
    CREATE FUNCTION refuse_sponsor_of_sharer() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.sponsor_id IS NOT NULL AND (NEW.sponsor_id = NEW.id OR EXISTS ({SHARES}))
        THEN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'check_violation'; END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER organisation_sponsor BEFORE INSERT OR UPDATE OF sponsor_id ON organisation
    FOR EACH ROW EXECUTE FUNCTION refuse_sponsor_of_sharer()
    """,
    """
    CREATE TRIGGER account_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
    ON account_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
)
ON_SQLITE = (
    *(
        f"CREATE TRIGGER project_party_sponsor_{verb.lower()} BEFORE {verb} ON project_party "
        f"WHEN EXISTS ({APART}) BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        for verb in ("INSERT", "UPDATE")
    ),
    *(
        f"CREATE TRIGGER organisation_sponsor_{verb.split()[0].lower()} BEFORE {verb} "
        "ON organisation WHEN NEW.sponsor_id IS NOT NULL "
        f"AND (NEW.sponsor_id = NEW.id OR EXISTS ({SHARES})) BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        for verb in ("INSERT", "UPDATE OF sponsor_id")
    ),
    *(
        f"CREATE TRIGGER account_event_no_{verb.lower()} BEFORE {verb} ON account_event "
        "BEGIN SELECT RAISE(ABORT, 'account_event is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ),
)


def upgrade() -> None:
    create_tables()
    postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in ON_POSTGRESQL if postgresql else ON_SQLITE:
        op.execute(statement)


def create_tables() -> None:
    op.create_table(
        "account",
        _person(),
        sa.Column("password", sa.Text()),
        sa.Column("totp_secret", sa.Text()),
        sa.Column("totp_counter", sa.BigInteger(), nullable=False),
        sa.Column("recovery_codes", sa.Text(), nullable=False),
        sa.Column("stamp", sa.String(64), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_account")),
        _to_person("account"),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.String(64), nullable=False),
        _person(),
        sa.Column("organisation_id", sa.Uuid()),
        sa.Column("role", sa.String(60)),
        sa.Column("proof", sa.String(20), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("fresh_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(200), nullable=False),
        sa.CheckConstraint(
            "proof IN ('half', 'password', 'code', 'recovery', 'sso')",
            name=op.f("ck_sign_in_proof"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        _to_person("sign_in"),
        _to_organisation("sign_in"),
    )
    op.create_index("ix_sign_in_person_id", "sign_in", ["person_id"])
    op.create_table(
        "invitation",
        sa.Column("id", sa.String(64), nullable=False),
        _person(),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("stamp", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.CheckConstraint("kind IN ('invitation', 'reset')", name=op.f("ck_invitation_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        _to_person("invitation"),
    )
    op.create_index("ix_invitation_person_id", "invitation", ["person_id"])
    op.create_table(
        "attempt",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("since_at", MOMENT, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_table(
        "kept_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        _person(),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
        _to_person("kept_form"),
    )
    op.create_index("ix_kept_form_person_id", "kept_form", ["person_id"])
    op.create_table(
        "account_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("by_id", sa.Uuid()),
        sa.Column("organisation_id", sa.Uuid()),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_event")),
        _to_person("account_event"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_account_event_by_id")),
        _to_organisation("account_event"),
    )
    op.create_index("ix_account_event_person_id", "account_event", ["person_id"])
    op.create_table(
        "identity",
        sa.Column("issuer", sa.String(300), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        _person(),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_identity")),
        sa.UniqueConstraint("issuer", "person_id", name=op.f("uq_identity_issuer_person_id")),
        _to_person("identity"),
    )
    op.create_index("ix_identity_person_id", "identity", ["person_id"])
    op.create_table(
        "mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("recipient", sa.String(320), nullable=False),
        sa.Column("letter", sa.String(60), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("reference", sa.Text()),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'failed', 'unsure')",
            name=op.f("ck_mail_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        _to_person("mail"),
    )
    op.create_index("ix_mail_state", "mail", ["state", "due_at"])


def _person() -> sa.Column:
    return sa.Column("person_id", sa.Uuid(), nullable=False)


def _to_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id"))


def _to_organisation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{table}_organisation_id")
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, function in (
            ("project_party", "refuse_other_than_sponsor"),
            ("organisation", "refuse_sponsor_of_sharer"),
        ):
            op.execute(f"DROP TRIGGER {table}_sponsor ON {table}")
            op.execute(f"DROP FUNCTION {function}()")
    else:
        for table in ("project_party", "organisation"):
            for verb in ("insert", "update"):
                op.execute(f"DROP TRIGGER {table}_sponsor_{verb}")
    for table in (
        "mail",
        "identity",
        "account_event",
        "kept_form",
        "attempt",
        "invitation",
        "sign_in",
        "account",
    ):
        op.drop_table(table)
