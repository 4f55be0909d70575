"""What a proof came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.proof.findings import Finding
from app.core.proof.known import NOTHING, Known
from app.core.proof.ranges import Range


@dataclass(frozen=True)
class Proof:
    """What was proven. `proven`: how many claims of each kind; `witnesses`: answers by kind and name.

    `not_analysed`: what was followed only roughly, so that neither a witness nor a contradiction
    was found, with the reason. `rows`: rows were followed up to so many,
    `more_rows`: those that are counted further, up to so many. `before`: how many of the claims an
    earlier proof had shown, everything that they rest on being as it was. `ranges`: how far each
    score goes, where everything was shown afresh. `known`: what a later
    proof may take from this one.
    """

    findings: tuple[Finding, ...]
    proven: Mapping[str, int]
    not_analysed: tuple[tuple[str, str], ...]
    witnesses: Mapping[tuple[str, str], Mapping[str, Any]] = field(repr=False)
    ranges: tuple[Range, ...]
    rows: int
    more_rows: Mapping[str, int] = field(default_factory=dict)
    before: int = 0
    known: Known = field(default=NOTHING, repr=False)

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings
