"""Many texts as one, in a statement that is sent as it stands."""

from typing import Any

from sqlalchemy import ColumnElement, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

ENTRY, FIELD = "\x1e", "\x1f"
"""What parts one entry from the next, and the fields within one: no text that is kept has them."""


class joined(FunctionElement[str]):  # noqa: N801 - reads as the functions of SQL do
    """All values of a text, parted by ENTRY.

    `aggregate_strings` of SQLAlchemy writes its separator anew into the text of the statement each
    time it is sent, which takes longer than looking up what is joined.
    """

    type = String()
    inherit_cache = True

    def __init__(self, text: ColumnElement[str]) -> None:
        super().__init__(text)


@compiles(joined)
def _string_agg(element: joined, compiler: SQLCompiler, **more: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **more)}, '{ENTRY}')"


@compiles(joined, "sqlite")
def _group_concat(element: joined, compiler: SQLCompiler, **more: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **more)}, '{ENTRY}')"
