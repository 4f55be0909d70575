"""Numbers and dates, with their bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from app.core import domains
from app.core.domains import is_date
from app.core.questions.asked import BLANK, Answer, Asked, Reading, first_of
from app.core.questions.texts import clean
from app.core.wording import listed

_PLAIN_NUMBER = re.compile(r"-?\d{1,15}(\.\d{0,15})?|-?\.\d{1,15}")


def _number_of(asked: Asked, text: str) -> Reading:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > 10**12:
        return Reading(error="Enter a number, such as 12")
    if number != round(number, asked.decimals):
        places = (
            "a whole number" if asked.decimals == 0 else f"at most {asked.decimals} decimal places"
        )
        return Reading(error=f"Use {places}")
    if asked.min is not None and number < Decimal(str(asked.min)):
        return Reading(error=f"Enter {asked.min:,} or more")
    if asked.max is not None and number > Decimal(str(asked.max)):
        return Reading(error=f"Enter {asked.max:,} or less")
    return Reading(int(number) if asked.decimals == 0 else float(number))


def number_form(asked: Asked, posted: Mapping[str, Sequence[str]]) -> Reading:
    """Read what a page posts."""
    text = clean(first_of(posted)).replace(",", "").replace("£", "").replace(" ", "")
    if text and not _PLAIN_NUMBER.fullmatch(text):
        return Reading(error="Enter a number, such as 12")
    return _number_of(asked, text) if text else BLANK


def number_file(asked: Asked, raw: Any) -> Reading:
    """Read what an answers file says."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return Reading(error=f"expected a number, not '{raw}'")
    return _number_of(asked, str(raw))


def show_number(asked: Asked, answer: Answer) -> str:
    """Put an answer into words."""
    return f"{answer:,} {asked.unit or ''}".strip()


def _date_of(asked: Asked, text: str) -> Reading:
    for bound, wrong in ((asked.min, text < str(asked.min)), (asked.max, text > str(asked.max))):
        if bound is not None and wrong:
            when = "on or after" if bound is asked.min else "on or before"
            return Reading(error=f"Enter a date {when} {domains.show_date(str(bound))}")
    return Reading(text)


def date_form(asked: Asked, posted: Mapping[str, Sequence[str]]) -> Reading:
    """Read what a page posts."""
    parts = [clean(first_of(posted, part)) for part in ("-day", "-month", "-year")]
    if not any(parts):
        return BLANK
    missing = [word for word, part in zip(("day", "month", "year"), parts, strict=True) if not part]
    if missing:
        return Reading(error=f"The date must include a {listed(missing, 'and')}")
    if not all(re.fullmatch(r"\d{1,4}", part) for part in parts):
        return Reading(error="Enter a real date, such as 27 3 2026")
    try:
        day = date(int(parts[2]), int(parts[1]), int(parts[0]))
    except ValueError:
        return Reading(error="Enter a real date, such as 27 3 2026")
    if not is_date(day.isoformat()):
        return Reading(error="Enter the year with four digits, such as 2026")
    return _date_of(asked, day.isoformat())


def date_file(asked: Asked, raw: Any) -> Reading:
    """Read what an answers file says."""
    if isinstance(raw, str) and is_date(raw):
        return _date_of(asked, raw)
    return Reading(error=f"expected a date like \"2026-05-01\", not '{raw}'")


def show_date(_asked: Asked, answer: Answer) -> str:
    """Put an answer into words."""
    return domains.show_date(str(answer))
