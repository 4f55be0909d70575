"""The blank questionnaire has room for an answer to every question, whatever its type."""

from pathlib import Path

import pytest

from app.actions.answers_file import read_answers
from app.actions.assessments import About, evaluate, told
from app.catalogue import Catalogue
from app.core.blocks import Block, Bullets, Facts, Heading
from app.core.outputs import Piece
from app.core.parts import PARTS
from app.core.record import Record
from tests.shipped import shipped_catalogue
from tests.tiny import ON

LEFT_OUT = {"file"}  # nobody uploads on paper


@pytest.fixture(scope="module")
def record(repository: Path) -> Record:
    catalogue: Catalogue = shipped_catalogue()
    sample = repository / "questionnaires" / "samples" / "safeguarding_hub.yaml"
    given = read_answers("sample", sample.read_bytes(), catalogue.program)
    return told(evaluate(catalogue, given, ON), About(reference="FP-1"))


def by_question(record: Record) -> dict[str, list[Block]]:
    """What is printed below each question, by its words."""
    found: dict[str, list[Block]] = {}
    asked = ""
    for block in PARTS["questions"](record, Piece.model_validate({"part": "questions"})):
        if isinstance(block, Heading):
            asked = block.text if block.level == 3 else ""
        elif asked:
            found.setdefault(asked, []).append(block)
    return found


def test_every_question_can_be_answered_by_hand(record: Record) -> None:
    types = {question.ask: question.type for question in record.facts.program.questions.values()}
    printed = by_question(record)
    assert len(printed) > 100
    for ask, blocks in printed.items():
        if types[ask] in LEFT_OUT:
            continue
        last = blocks[-1]
        ticked = isinstance(last, Bullets) and last.items[0][0].text.startswith("☐")
        written = isinstance(last, Facts) and not any(last.pairs[0][1].paragraphs)
        assert ticked or written, ask


def test_what_needs_more_words_has_more_lines(record: Record) -> None:
    lines: dict[str, set[int]] = {}
    types = {question.ask: question.type for question in record.facts.program.questions.values()}
    for ask, blocks in by_question(record).items():
        if isinstance(blocks[-1], Facts):
            count = len(blocks[-1].pairs[0][1].paragraphs)
            lines.setdefault(types[ask], set()).add(count)
    assert max(lines["date"]) < min(lines["text"]) < min(lines["long_text"]) < min(lines["rows"])
