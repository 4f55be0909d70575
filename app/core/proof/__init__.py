"""What can and cannot happen in a catalogue: proofs with witnesses, at the time of writing only."""

from app.core.proof.findings import Finding
from app.core.proof.formula import Line, Place
from app.core.proof.known import NOTHING, Known, known_data, known_from
from app.core.proof.lines import Definitions
from app.core.proof.proved import Proof
from app.core.proof.proving import prove
from app.core.proof.ranges import Range
from app.core.proof.telling import as_data, summary, told

__all__ = [
    "NOTHING",
    "Definitions",
    "Finding",
    "Known",
    "Line",
    "Place",
    "Proof",
    "Range",
    "as_data",
    "known_data",
    "known_from",
    "prove",
    "summary",
    "told",
]
