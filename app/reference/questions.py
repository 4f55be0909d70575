"""docs/questions.md: every question with its wording, its options, for whom it is, why, and when."""

from __future__ import annotations

from app.catalogue import Catalogue
from app.core import logic
from app.core.logic import Expression
from app.core.program import ColumnNode, DerivedNode, QuestionNode
from app.core.questionnaire import Questionnaire
from app.core.questions import Asked, Column, Question
from app.reference.words import Lines, anchor, cell, condition, within

INTRO = """\
# Questions

Every question, in the order in which a project meets it, from the definitions in `questionnaires/`. A question is asked once,
where it stands first; the pages that show its answer again are named with it. "I don't know" is an answer of its own: it
goes on the list of things to find out and settles nothing.

What the answers lead to is in [rules.md](rules.md); the statutory gateways offered are in [gateways.md](gateways.md).
"""


def questions_page(catalogue: Catalogue) -> Lines:
    """The whole page."""
    yield INTRO
    yield from _questions_of(catalogue)
    if catalogue.organisations:
        yield "# Questions about organisations\n"
        yield "Asked of each organisation once, for all projects in which it takes part.\n"
        yield from _questions_of(catalogue.organisations)


def _questions_of(catalogue: Catalogue) -> Lines:
    order = _order(catalogue)
    yield "| Questionnaire | Questions asked here first | Shown again |"
    yield "|---|---|---|"
    for name in order:
        whole = catalogue.questionnaires[name]
        placed = [p for _, page in whole.pages() for p in page.questions]
        first = sum(p.define is not None for p in placed)
        yield f"| [{cell(whole.title)}](#{anchor(whole.title)}) | {first} | {len(placed) - first} |"
    yield ""
    for name in order:
        yield from _questionnaire(catalogue, name, catalogue.questionnaires[name])


def _order(catalogue: Catalogue) -> list[str]:
    """The questionnaires of the pipeline in its order, then the others."""
    staged = [name for stage in catalogue.pipeline.stages for name in stage.questionnaires]
    return list(dict.fromkeys([*staged, *sorted(catalogue.questionnaires)]))


def _questionnaire(catalogue: Catalogue, name: str, whole: Questionnaire) -> Lines:
    yield f"## {whole.title}\n"
    if whole.about:
        yield f"{cell(whole.about)}\n"
    if whole.source:
        yield f"Source: {cell(whole.source)}.\n"
    for section in whole.sections:
        for page in section.pages:
            yield f"### {cell(section.title)}: {cell(page.title)}\n"
            again = [p.id for p in page.questions if p.define is None]
            for placement in page.questions:
                if placement.define is not None:
                    yield from _question(catalogue, catalogue.program.questions[placement.id], name)
            if again:
                titles = "; ".join(
                    f"“{cell(catalogue.program.questions[id_].called)}”" for id_ in again
                )
                yield f"Shown again here, to confirm or change: {titles}.\n"


def _question(catalogue: Catalogue, question: Question, here: str) -> Lines:
    yield f"#### {cell(question.ask)}\n"
    person = catalogue.pipeline.people.get(question.for_)
    yield f"- **Short name:** {cell(question.called)} (`{question.id}`)"
    yield f"- **For:** {person.title if person else question.for_}"
    node = catalogue.program.nodes.get(question.id)
    yield from _when(node.when if isinstance(node, QuestionNode) else None)
    yield from _told(question)
    others = dict.fromkeys(
        catalogue.questionnaires[place.questionnaire].title
        for place in catalogue.program.places.get(question.id, ())
        if place.questionnaire != here
    )
    if others:
        yield f"- **Also shown in:** {cell('; '.join(others))}"
    for suggestion in question.suggest:
        yield f"- **Suggested answer:** {cell(_answer(question, suggestion.answer))}. {cell(suggestion.because)}"
    if question.columns:
        yield f"- **For each {question.row_name}:**"
        for column in question.columns:
            yield from _column(catalogue, question, column)
    yield ""


def _answer(question: Question, answer: object) -> str:
    codes = answer if isinstance(answer, list) else [answer]
    return "; ".join(question.labels.get(str(code), str(code)) for code in codes)


def _when(when: Expression | None) -> Lines:
    if when is None or when == logic.ALWAYS:
        yield "- **Asked:** on every route that has this page"
        return
    lines = list(condition(when))
    if len(lines) == 1:
        yield f"- **Asked when** {lines[0].removeprefix('- ')}"
        return
    yield "- **Asked when**"
    yield from (f"  {line}" for line in lines)


def _told(asked: Asked, pad: str = "") -> Lines:
    """Hint, options, guidance, reason and source."""
    if asked.hint:
        yield f"{pad}- **Hint:** {cell(asked.hint)}"
    yield from _options(asked, pad)
    if asked.guide:
        yield from within("Guidance", asked.guide, pad)
    for label, said in (("Why we ask", asked.why), ("Source", asked.source)):
        if said:
            yield f"{pad}- **{label}:** {cell(said)}"
    if not asked.required:
        yield f"{pad}- May be left blank"


def _options(asked: Asked, pad: str) -> Lines:
    if asked.options_from:
        yield f"{pad}- **Options:** the entries of `{asked.options_from}`"
    elif asked.labels:
        yield f"{pad}- **Options:**"
        for code, label in asked.labels.items():
            hint = asked.option_hint(code)
            yield f"{pad}  - {cell(label)}{f' ({cell(hint)})' if hint else ''}"


def _column(catalogue: Catalogue, question: Question, column: Column) -> Lines:
    yield f"  - **{cell(column.ask or column.called)}** ({cell(column.called)}, `{column.id}`)"
    if column.derived:
        yield "    - worked out, not asked"
        node = catalogue.program.nodes.get(f"{question.id}/{column.id}")
        if isinstance(node, DerivedNode) and column.decide:
            for outcome, (_, when) in zip(column.decide, node.outcomes, strict=True):
                said = "otherwise" if outcome.otherwise else f"when {logic.english(when)}"
                yield f"    - “{cell(outcome.label)}” {cell(said)}"
        return
    node = catalogue.program.nodes.get(f"{question.id}/{column.id}")
    if isinstance(node, ColumnNode):
        yield f"    - **Asked when** {cell(logic.english(node.when))}"
    yield from _told(column, "    ")
