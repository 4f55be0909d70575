"""What was proven of the definitions of a draft: asked for as a job, kept by what they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from app.actions.definitions.drafts import draft_files
from app.actions.jobs import FAILED, Job, ask_again, job_state
from app.catalogue import content_hash
from app.store.definitions import proof
from app.store.drafts import find_draft
from app.store.inserting import keep_once
from app.store.sheets import from_text, to_text

PROVE = "prove"
"""The kind of job; a process that knows the solver does it (see app/proving.py)."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a definition, and what it says."""

    at: str
    says: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of one value of a file: what stands at the path from then on, or nothing (None)."""

    file: str
    path: tuple[str | int, ...]
    value: Any


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a proof found: where, what, how to mend it, and answers that show it.

    `edit`: the mend, where it is one change of a file.
    """

    at: str
    says: str
    mend: str
    lines: tuple[Line, ...]
    witness: Mapping[str, Any] | None
    edit: Edit | None = None

    @property
    def place(self) -> tuple[str, int]:
        """The file and the line."""
        file, line, _ = self.at.rsplit(":", 2)
        return file, int(line)


@dataclass(frozen=True, slots=True)
class Proved:
    """What came of proving definitions, and of running every example of their rules."""

    at: datetime
    findings: tuple[Finding, ...]
    claims: int
    not_analysed: tuple[tuple[str, str], ...]
    examples: int
    wrong: tuple[tuple[str, str, str], ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings and not self.wrong


def ask_for_proof(conn: Connection, draft_id: UUID, hashed: str, at: datetime) -> None:
    """Ask for the definitions of a draft to be proven; the same definitions are proven once.

    A draft that had gone on when its turn came was not proven: come back, it is asked for again.
    """
    ask_again(conn, PROVE, hashed, {"draft": str(draft_id), "hash": hashed}, at)


def proof_of(conn: Connection, hashed: str) -> Proved | None:
    """What was proven of these definitions; None while nobody has."""
    row = conn.execute(select(proof).where(proof.c.hash == hashed)).one_or_none()
    if row is None:
        return None
    said = from_text(row.result)
    return Proved(
        row.at,
        tuple(_finding(each) for each in said["findings"]),
        said["claims"],
        tuple((each["what"], each["why"]) for each in said["not_analysed"]),
        said["examples"],
        tuple((file, id_, why) for file, id_, why in said["wrong"]),
    )


def could_not_prove(conn: Connection, hashed: str) -> bool:
    """Whether proving these definitions was tried, and failed for good."""
    state = job_state(conn, PROVE, hashed)
    return state is not None and state[0] == FAILED


def files_to_prove(conn: Connection, job: Job) -> dict[str, bytes] | None:
    """The definitions that a job is about; None when the draft has gone on, or all is known."""
    draft = find_draft(conn, UUID(str(job.payload["draft"])))
    files = draft_files(conn, draft) if draft is not None else {}
    hashed = str(job.payload["hash"])
    return files if content_hash(files) == hashed and proof_of(conn, hashed) is None else None


def keep_proof(conn: Connection, hashed: str, result: Mapping[str, Any], at: datetime) -> None:
    """Keep what was proven: findings, claims, not_analysed, examples and wrong (see `proof_of`)."""
    keep_once(conn, proof, {"hash": hashed, "at": at, "result": to_text(dict(result))})


def _finding(said: Mapping[str, Any]) -> Finding:
    lines = tuple(Line(each["at"], each["says"]) for each in said["lines"])
    edit = said.get("edit")  # proofs of earlier versions of the program do not say it
    change = Edit(edit["file"], tuple(edit["path"]), edit["value"]) if edit else None
    return Finding(said["at"], said["says"], said["mend"], lines, said["witness"], change)
