"""The tables of accounts: what proves who somebody is, who is signed in where, and what is mailed."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    bindparam,
    select,
)

from app.store.columns import Moment
from app.store.tables import membership, metadata, organisation, person

# What proves who somebody is. Secrets are kept as hashes or encrypted. `stamp` changes with every
# change of a password: links that were mailed before it lead nowhere after it.
account = Table(
    "account",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("password", Text),
    Column("totp_secret", Text),
    Column("totp_counter", BigInteger, nullable=False),
    Column("recovery_codes", Text, nullable=False),
    Column("stamp", String(64), nullable=False),
    Column("changed_at", Moment, nullable=False),
)

# Who is signed in where. The browser holds a random token, this table only its hash. Acting for
# which organisation and in which role is chosen here, never by the browser.
sign_in = Table(
    "sign_in",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("organisation_id", Uuid, ForeignKey("organisation.id")),
    Column("role", String(60)),
    Column("proof", String(20), nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("fresh_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("address", String(64), nullable=False),
    Column("agent", String(200), nullable=False),
    CheckConstraint("proof IN ('half', 'password', 'code', 'recovery', 'sso')", name="proof"),
)

# Links that were mailed: each opens once and not for long. Only the hash of its token is kept.
invitation = Table(
    "invitation",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("stamp", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("used_at", Moment),
    CheckConstraint("kind IN ('invitation', 'reset')", name="kind"),
)

# Guesses in the present span of time, by the hash of what is guessed at or from.
attempt = Table(
    "attempt",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("since_at", Moment, nullable=False),
    Column("times", Integer, nullable=False),
)

# A form that arrived after its sender was signed out: shown to the same person after sign-in.
kept_form = Table(
    "kept_form",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("path", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

# What happened to accounts: the database refuses to change or forget it.
account_event = Table(
    "account_event",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), index=True),
    Column("by_id", Uuid, ForeignKey("person.id")),
    Column("organisation_id", Uuid, ForeignKey("organisation.id")),
    Column("kind", String(40), nullable=False),
    Column("details", Text, nullable=False),
    Column("address", String(64), nullable=False),
    Column("at", Moment, nullable=False),
)

# Who somebody is for another service: its issuer and the subject it gives, never an email address.
identity = Table(
    "identity",
    metadata,
    Column("issuer", String(300), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    UniqueConstraint("issuer", "person_id"),
)

# Emails on their way. The id comes of what the email is about: asked for twice, it is one email.
mail = Table(
    "mail",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id")),
    Column("recipient", String(320), nullable=False),
    Column("letter", String(60), nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    Column("reference", Text),
    Column("at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    CheckConstraint("state IN ('waiting', 'sending', 'sent', 'failed', 'unsure')", name="state"),
    Index("ix_mail_state", "state", "due_at"),
)

_SPONSOR = organisation.alias("sponsor")
# Who is here: the sign-in, the person and every role they may act in, in one statement.
SIGNED_IN = (
    select(
        person.c.id,
        person.c.name,
        membership.c.role,
        organisation.c.id.label("organisation_id"),
        organisation.c.name.label("organisation_name"),
        organisation.c.notes_version,
        sign_in.c.organisation_id.label("chosen_id"),
        sign_in.c.role.label("chosen_role"),
        sign_in.c.proof,
        sign_in.c.fresh_at,
        sign_in.c.ends_at,
        _SPONSOR.c.name.label("sponsor_name"),
    )
    .select_from(sign_in)
    .join(person, person.c.id == sign_in.c.person_id)
    .join(membership, membership.c.person_id == person.c.id)
    .join(organisation, organisation.c.id == membership.c.organisation_id)
    .outerjoin(_SPONSOR, _SPONSOR.c.id == organisation.c.sponsor_id)
    .where(
        sign_in.c.id == bindparam("token"),
        sign_in.c.proof != "half",
        sign_in.c.ended_at.is_(None),
        sign_in.c.ends_at > bindparam("now", type_=Moment),
        person.c.active,
        membership.c.status == "active",
    )
    # Until somebody chooses, they act in the role they have had for longest; of two given at once,
    # in that of the whole service, in which the first person here begins.
    .order_by(
        membership.c.since,
        organisation.c.name,
        membership.c.role != "system",
        membership.c.role,
    )
)
