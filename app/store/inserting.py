"""Insertions of a row that may be there already, in the words of either database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, func, select

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite


def insert_into(conn: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An insertion that can say what to do where the row is there."""
    # Only the words of the database in use are loaded.
    if conn.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]  # the other of the two
    return insert(table)


def keep_once(conn: Connection, table: Table, values: Mapping[str, Any]) -> None:
    """Write a row unless it is there, seen or not: two who write it at once are not refused."""
    conn.execute(insert_into(conn, table).values(**values).on_conflict_do_nothing())


def keep_next(
    conn: Connection, table: Table, whose: Mapping[str, Any], values: Mapping[str, Any]
) -> int:
    """Write the next row of a history, whose primary key is `whose` and `seq`; its `seq`.

    Two who write at once both do, one after the other: the second waits, and counts again.
    """
    own = [table.c[name] == value for name, value in whose.items()]
    last = select(func.coalesce(func.max(table.c.seq), 0)).where(*own)
    while True:
        row = {**values, **whose, "seq": conn.execute(last).scalar_one() + 1}
        kept = insert_into(conn, table).values(row).on_conflict_do_nothing()
        seq = conn.execute(kept.returning(table.c.seq)).scalar_one_or_none()
        if seq is not None:
            return int(seq)


def put(
    conn: Connection, table: Table, whose: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    """Write the one row of somebody or something, new or not; `whose` is its primary key."""
    written = insert_into(conn, table).values(**whose, **values)
    conn.execute(written.on_conflict_do_update(index_elements=[*whose], set_=values))
