"""Proofs: the whole shipped catalogue, and one questionnaire in which something changed."""

import re
import time
from collections.abc import Iterator, Mapping
from statistics import median

from app.catalogue import BadDefinitions, compile_catalogue, read_files
from app.core.proof import Known, prove
from app.proving import defined_by, parts_of
from app.settings import content_root
from bench.filled import ON
from bench.report import Figure

ROUNDS = 2  # the quicker counts: the other one met more beside it
OPTIONS = re.compile(r"( options: *)(\{|\n +)")


def figures() -> list[Figure]:
    """Measure a whole proof, and then one for each questionnaire with one option more."""
    files = read_files(content_root())
    taken, claims, known = _prove(files)
    parts = [
        min(_prove(changed, name, known["projects"])[0] for _ in range(ROUNDS))
        for name, changed in with_one_option_more(files)
    ]
    return [
        Figure("proof of the whole catalogue", taken, "s of CPU", 5.0),
        Figure("claims proven", claims, "claims"),
        Figure("proof of a changed questionnaire, the median", median(parts), "s of CPU", 1.0),
        Figure("the same, the slowest", max(parts), "s of CPU", 1.0),
    ]


def _prove(
    files: Mapping[str, bytes], changed: str | None = None, known: Known | None = None
) -> tuple[float, int, dict[str, Known]]:
    """How long it takes, how much is proven, and what is known then."""
    claims, shown = 0, {}
    parts = list(parts_of(compile_catalogue(files)))
    begin = time.process_time()
    for name, _, definitions in parts:
        if changed is None or name == "projects":
            about = defined_by(definitions, [changed]) if changed else None
            proof = prove(definitions, ON, about=about, known=known or Known())
            claims += sum(proof.proven.values())
            shown[name] = proof.known
    return time.process_time() - begin, claims, shown


def with_one_option_more(files: Mapping[str, bytes]) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Each questionnaire with one more option in its first question that names some."""
    for path, content in files.items():
        folder, _, name = path.rpartition("/")
        if folder == "questionnaires" and name != "pipeline.yaml":
            text, found = OPTIONS.subn(_more, content.decode(), count=1)
            changed = {**files, path: text.encode()}
            # Where rules name every option, one more would be a fault.
            if found and not faults_of(changed):
                yield name.removesuffix(".yaml"), changed


def faults_of(files: Mapping[str, bytes]) -> list[str]:
    """What is wrong with these files."""
    try:
        compile_catalogue(files)
    except BadDefinitions as bad:
        return bad.lines
    return []


def _more(found: re.Match[str]) -> str:
    start, begins = found.groups()
    more = "one_more: One more"
    return f"{start}{{{more}, " if begins == "{" else f"{start}{begins}{more}{begins}"
