"""docs/rules.md: every rule with its condition in English, its reason, its source and its examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from app.catalogue import Catalogue
from app.core.models import Sourced
from app.core.program import ConditionNode, DecisionNode, Program, Raising
from app.core.rules import Exemplified, FlagRule, Matrix
from app.reference.words import (
    NOT_YET,
    Lines,
    anchor,
    cell,
    checked_words,
    condition,
    examples,
    sourced,
)

INTRO = """\
# Rules

Every rule that looks at the answers, from the definitions in `rules/`. A rule that holds **raises a flag** with its reason.
It warns, or it *stops* a stage from being closed and signed until it is mended, or a data protection officer (DPO) or a named
lawyer lifts it with a reason that every document prints. A rule for which an answer is missing is *open*: it is never taken
for clear.

**Confirmed or not.** *Source read* says on which day the source named was read. *Not yet confirmed by a DPO* says that the law
behind a rule comes from notes or memory: such a rule warns and never stops. Nothing here is legal advice.

**How to read a condition.** Words in “quotation marks” are the short names of questions, conditions and answers; all questions
are in [questions.md](questions.md), all statutory gateways in [gateways.md](gateways.md). Likelihood and severity are those of
harm to people; severity rises one step where the risk matrix at the end says so."""

FAMILIES = (
    ("UK GDPR", "UK GDPR"),
    ("DPA 2018", "Data Protection Act 2018"),
    ("Data (Use and Access)", "Data (Use and Access) Act 2025"),
    ("WP248", "The regulators' guidelines on impact assessments"),
    ("The regulator", "The regulator's guidance"),
    ("Regulator", "The regulator's guidance"),
    ("Product choice", "Choices of this product, not law"),
    ("UK Statistics Authority", "UK Statistics Authority"),
    ("UKSA", "UK Statistics Authority"),
)
N = TypeVar("N")
OTHERS = "Other Acts, common law and guidance"


def rules_page(catalogue: Catalogue) -> Lines:
    """The whole page."""
    yield INTRO
    yield ""
    yield from _rules_of(catalogue, "rules")
    if catalogue.organisations:
        yield "# Rules about organisations\n"
        yield "What an organisation says of itself is looked at by rules of its own.\n"
        yield from _rules_of(catalogue.organisations, "rules/organisations")


def _rules_of(catalogue: Catalogue, folder: str) -> Lines:
    flags = catalogue.program.flags
    yield from _counts([each.rule for each in flags])
    yield from _by_source(flags, {stage.id: stage.title for stage in catalogue.pipeline.stages})
    for name, rules in catalogue.rules.items():
        ids = {rule.id for rule in rules.flags}
        mine = [each for each in flags if each.rule.id in ids]
        if mine:
            yield f"## Flags in `{folder}/{name}.yaml`\n"
            for each in mine:
                yield from _flag(each, catalogue)
    yield from _conditions(catalogue)
    yield from _decisions(catalogue.program)
    yield from _scores(catalogue)
    yield from _matrices(catalogue.program.matrices.values())


def _counts(rules: list[FlagRule]) -> Lines:
    stops = [rule for rule in rules if rule.blocks]
    held = sum(bool(rule.checked) for rule in stops)
    unread = sum(not rule.checked for rule in rules)
    stopping = "None of them stops a stage."
    if stops:
        stopping = f"{len(stops)} name a stage to stop, and {held} of them do."
        stopping += f" The others rest on law that is {NOT_YET}." if held < len(stops) else ""
    yield (
        f"**{len(rules)} rules raise flags.** {stopping}"
        f" For {unread} of all rules nobody has confirmed the law yet.\n"
    )


def _by_source(flags: Iterable[Raising], stages: Mapping[str, str]) -> Lines:
    yield "## Rules by source\n"
    families: dict[str, list[FlagRule]] = {}
    for each in flags:
        families.setdefault(_family(each.rule), []).append(each.rule)
    order = [*dict.fromkeys(title for _, title in FAMILIES), OTHERS]
    for family in (title for title in order if title in families):
        yield f"### {family}\n"
        yield "| Rule | Source | Confirmed? | Stops |"
        yield "|---|---|---|---|"
        for rule in sorted(families[family], key=lambda rule: (rule.source or "", rule.id)):
            link = f"[{cell(rule.id)} {cell(rule.title)}](#{anchor(_heading(rule))})"
            stops = ", ".join(stages[id_] for id_ in rule.blocks) if rule.checked else ""
            yield f"| {link} | {cell(rule.source or '–')} | {checked_words(rule.checked)} | {stops or '–'} |"
        yield ""


def _family(rule: FlagRule) -> str:
    source = rule.source or ""
    return next((title for start, title in FAMILIES if source.startswith(start)), OTHERS)


def _heading(rule: FlagRule) -> str:
    return f"{rule.id} {rule.title}"


def _flag(each: Raising, catalogue: Catalogue) -> Lines:
    rule = each.rule
    yield f"### {_heading(rule)}\n"
    yield f"{cell(rule.because)}\n"
    if rule.harm:
        yield f"*What could happen:* {cell(rule.harm)}\n"
    yield "Raised when\n"
    yield from condition(each.when)
    yield ""
    yield from sourced(rule)
    yield from _weight(rule, catalogue)
    yield from _examples(rule, catalogue.program)
    yield ""


def _weight(rule: FlagRule, catalogue: Catalogue) -> Lines:
    pipeline = catalogue.pipeline
    matrix = next(iter(catalogue.program.matrices.values()), None)
    if matrix and rule.likelihood and rule.severity:
        said = (
            f"{matrix.likelihood[rule.likelihood]}, {matrix.severity[rule.severity].lower()} harm"
        )
        rating = matrix.ratings[matrix.cells[rule.severity][rule.likelihood]].lower()
        yield f"- **Rated:** {said}: {rating}"
    stages = {stage.id: stage.title for stage in pipeline.stages}
    if rule.blocks:
        named = ", ".join(stages.get(id_, id_) for id_ in rule.blocks)
        only = "" if rule.checked else " once a DPO has confirmed the law; until then it warns"
        yield f"- **Stops:** {named}{only}"
    if rule.from_:
        missing = any(rule.from_ not in way.stages for way in pipeline.route.outcomes)
        other = "; on a route without that stage, once what it reads is asked" if missing else ""
        yield f"- **Judged from:** {stages.get(rule.from_, rule.from_)}{other}"
    if rule.task_until:
        named = ", ".join(stages.get(id_, id_) for id_ in rule.task_until)
        yield f"- **Merely a task until:** {named}"
    person = pipeline.people.get(rule.for_)
    yield f"- **Who can mend it:** {person.title if person else rule.for_}"
    titles = {e.code: e.title for o in catalogue.program.offers.values() for e in o.rule.entries}
    if rule.measures:
        yield f"- **Measures offered:** {cell('; '.join(titles[code] for code in rule.measures))}"


def _examples(rule: Exemplified, program: Program) -> Lines:
    yield from examples("Raised, for example, when", rule.raised_by, program)
    yield from examples("Not raised, for example, when", rule.not_by, program)


def _conditions(catalogue: Catalogue) -> Lines:
    yield "## Named conditions\n"
    yield "Written once and used by rules and questions under their names.\n"
    for node in sorted(_nodes(catalogue.program, ConditionNode), key=lambda node: node.id):
        yield f"### {node.rule.title[:1].upper()}{node.rule.title[1:]} (`{node.id}`)\n"
        if node.rule.because:
            yield f"{cell(node.rule.because)}\n"
        yield "Holds when\n"
        yield from condition(node.when)
        yield ""
        yield from sourced(node.rule)
        yield from _examples(node.rule, catalogue.program)
        yield ""


def _decisions(program: Program) -> Lines:
    yield "## Decisions\n"
    yield "The first outcome that holds is the decision.\n"
    for node in _nodes(program, DecisionNode):
        yield f"### {node.rule.title} (`{node.id}`)\n"
        yield from _sourced_list(node.rule)
        for outcome, (_, when) in zip(node.rule.outcomes, node.outcomes, strict=True):
            yield f"**{cell(outcome.label)}** {cell(outcome.text or '')}\n"
            if outcome.otherwise:
                yield "- otherwise"
            else:
                yield from condition(when)
            yield from sourced(outcome)
            yield ""


def _sourced_list(stated: Sourced) -> Lines:
    said = list(sourced(stated))
    if said:
        yield from said
        yield ""


def _scores(catalogue: Catalogue) -> Lines:
    yield "## Scores\n"
    yield "| Score | Source | Confirmed? | Bands |"
    yield "|---|---|---|---|"
    bands = {band.id: band for rules in catalogue.rules.values() for band in rules.bands}
    for rules in catalogue.rules.values():
        for score in rules.scores:
            table = bands.get(score.band.from_) if score.band else None
            levels = ", ".join(
                level.label if level.from_ is None else f"{level.label} from {level.from_:g}"
                for level in (table.levels if table else ())
            )
            source = f"{cell(score.source or '–')} | {checked_words(score.checked) if score.source else '–'}"
            yield f"| {cell(score.title)} (`{score.id}`) | {source} | {levels or '–'} |"
    yield ""


def _matrices(matrices: Iterable[Matrix]) -> Lines:
    for matrix in matrices:
        yield f"## Risk matrix: {matrix.title}\n"
        yield from sourced(matrix)
        yield ""
        yield "| Severity | " + " | ".join(matrix.likelihood.values()) + " |"
        yield "|---" * (len(matrix.likelihood) + 1) + "|"
        for severity, row in matrix.cells.items():
            rated = " | ".join(matrix.ratings[row[code]] for code in matrix.likelihood)
            yield f"| {matrix.severity[severity]} | {rated} |"
        yield ""
        for floor in matrix.floor:
            yield f"- {cell(floor.because)} (“{cell(floor.label)}” otherwise)"
        if matrix.step_up:
            yield f"- Severity rises one step: {cell(matrix.step_up.because)}"
        yield ""


def _nodes(program: Program, kind: type[N]) -> list[N]:
    return [node for node in program.nodes.values() if isinstance(node, kind)]
