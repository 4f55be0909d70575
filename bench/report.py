"""What was measured, beside what was aimed at: a table for people and bench.json for machines."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measured value; `target` is the most it may be, or None where it is only reported."""

    name: str
    value: float
    unit: str
    target: float | None = None

    @property
    def verdict(self) -> str:
        if self.target is None:
            return ""
        return "ok" if self.value <= self.target else "MISSED"


def write(figures: Iterable[Figure], path: Path) -> None:
    """Write every figure under its name."""
    listed = {
        one.name: {"value": one.value, "unit": one.unit, "target": one.target} for one in figures
    }
    path.write_text(json.dumps(listed, indent=2) + "\n", encoding="utf-8")


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as lines of text."""
    lines = [f"{'what':58} {'value':>10} {'target':>10}  unit"]
    for one in figures:
        target = "" if one.target is None else f"{one.target:g}"
        lines.append(
            f"{one.name:58} {one.value:>10.4g} {target:>10}  {one.unit:20} {one.verdict}".rstrip()
        )
    return "\n".join(lines)
