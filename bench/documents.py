"""What it takes to write a document, beside saving an empty one with the library underneath."""

import time
from io import BytesIO
from random import Random

import docx

from app.actions.assessments import evaluate, told, written
from app.catalogue import load
from app.settings import content_root
from bench.filled import ON, fill
from bench.measure import Work, ratio, take_turns
from bench.report import Figure

OUTPUT = "dpia"


def figures() -> list[Figure]:
    """Measure the whole way from answers to the bytes of a DPIA, every question answered."""
    catalogue = load(content_root())
    made = [fill(catalogue.program, Random(seed)) for seed in range(10)]
    answers = max(made, key=len)

    def whole(_: object = None) -> bytes:
        return written(catalogue, told(evaluate(catalogue, answers, ON)), OUTPUT)

    def empty(_: object) -> None:
        docx.Document().save(BytesIO())

    begin = time.process_time()
    size = len(whole())
    first = time.process_time() - begin
    times = take_turns({"whole": Work(whole), "empty": Work(empty)}, rounds=5, calls=3)
    return [
        Figure("DPIA as Word", ratio(times, "whole", to="empty"), "times an empty save", 3.0),
        Figure("DPIA as Word, alone", min(times["whole"]) * 1000, "ms of CPU"),
        Figure("DPIA as Word, pictures drawn for the first time", first * 1000, "ms of CPU"),
        Figure("DPIA as Word, size", size / 1000, "KB"),
    ]
