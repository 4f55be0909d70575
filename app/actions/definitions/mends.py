"""What one click mends in a draft: the change of one value that a proof or a check names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app import strict_yaml
from app.actions.definitions.draft_checks import parted
from app.actions.definitions.draft_proofs import Finding, Proved
from app.actions.definitions.drafts import Checked, FaultLine
from app.catalogue.editing import File
from app.catalogue.spans import CannotEdit

FAULT, FINDING = "fault", "finding"
_QUOTED = re.compile(r"'([^']+)'|\"([^\"]+)\"")


@dataclass(frozen=True, slots=True)
class Mend:
    """A mend that can be tried: in which file and line, what is wrong, and what it does."""

    path: str
    line: int
    wrong: str
    does: str
    of: FaultLine | Finding

    def apply(self, file: File, order: tuple[str, ...] = ()) -> File:
        """The file mended; `order`: of the keys beside one that is added. Raises CannotEdit."""
        if isinstance(self.of, FaultLine):
            return _renamed(file, self.of)
        edit = self.of.edit
        if edit is None:
            raise CannotEdit("nothing is to be changed")
        try:
            return file.put(edit.path, edit.value, order)
        except (KeyError, IndexError, TypeError) as moved:
            raise CannotEdit("what is to be changed is not there any more") from moved


def mend_of(checked: Checked, proved: Proved | None, what: str, number: int) -> Mend | None:
    """The mend of the fault or finding of this number; None where nobody can do it by one click."""
    if what == FAULT and number < len(checked.faults):
        return mend_of_fault(checked.faults[number])
    if what == FINDING and proved is not None and number < len(proved.findings):
        return mend_of_finding(proved.findings[number])
    return None


def mend_of_finding(one: Finding) -> Mend | None:
    """The mend of something that a proof found."""
    if one.edit is None:
        return None
    return Mend(one.edit.file, one.place[1], one.says, one.mend, one)


def mend_of_fault(fault: FaultLine) -> Mend | None:
    """The mend of a name that is not known and looks like another."""
    said, _, put = parted(fault.message)
    if not put or not _names(fault.message):
        return None
    return Mend(fault.path, fault.line, said, f"write {put}", fault)


def _names(message: str) -> list[str]:
    """What a message quotes before it says what may be meant, the last first."""
    said = message.rpartition("; did you mean ")[0]
    return [one or other for one, other in reversed(_QUOTED.findall(said))]


def _renamed(file: File, fault: FaultLine) -> File:
    """The file with the name that may be meant in the place of the one that is not known."""
    put = parted(fault.message)[2]
    lines = file.text.split("\n")
    if fault.line > len(lines):
        raise CannotEdit("this line is not there any more")
    line = lines[fault.line - 1]
    for name in _names(fault.message):
        at = _stands(line, name, max(0, fault.column - 1))
        if at is not None:
            lines[fault.line - 1] = line[:at] + put + line[at + len(name) :]
            text = "\n".join(lines)
            parsed = strict_yaml.parse(text.encode())
            if not parsed.faults:
                return File(text, parsed.value)
    raise CannotEdit("the name stands in another way here")


def _stands(line: str, name: str, at: int) -> int | None:
    """Where a name stands in a line as a whole word, from a column on."""
    found = line.find(name, at)
    while found >= 0:
        around = line[found - 1 : found] + line[found + len(name) : found + len(name) + 1]
        if not any(each.isalnum() or each in "_." for each in around):
            return found
        found = line.find(name, found + 1)
    return None
