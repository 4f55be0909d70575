"""What the pipeline and the outlines say of other definitions: every name they use must exist."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from app.core import logic, text
from app.core.domains import Domain, Kind
from app.core.faults import Faults, Path, nearest
from app.core.outputs import Listing, Outline, Piece
from app.core.parts import PARTS
from app.core.pipeline import DeclaredAct, Pipeline
from app.core.program import ConditionNode, Program
from app.core.questionnaire import Questionnaire
from app.core.questions import QUESTION_TYPES, Question, type_of
from app.core.rules import Rules
from app.core.standing import ADVISE, CLOSE, SIGN

Named = tuple[Path, str]  # where a name is used, and the name
NO_QUESTION = "there is no question"

# The types of question that can take what is said there.
_ADVICE = {
    "given": ("choice",),
    "by": ("text",),
    "on": ("date",),
    "proceed": ("choice",),
    "summary": ("long_text",),
}
_ACT = {
    "who": ("text",),
    "on": ("date",),
    "choice": ("choice",),
    "words": ("text", "long_text"),
    "worded": ("yes_no",),
}
_SIGNED = {
    "kind": ("choice",),
    "file": ("file",),
    "on": ("date",),
    "by": ("text", "long_text"),
}


class Checker:
    """Checks the names used in one catalogue; `outputs` are the names of the output files."""

    def __init__(
        self,
        pipeline: Pipeline,
        program: Program,
        questionnaires: Collection[str],
        outputs: Collection[str],
    ) -> None:
        self.pipeline = pipeline
        self.program = program
        self.questionnaires = questionnaires
        self.outputs = outputs

    def pipeline_names(self, faults: Faults) -> None:
        """Every person, question, document and questionnaire that the pipeline names exists."""
        self.stages(faults)
        self.routes(faults)
        self.asked(_listed((), "on_every_route", self.pipeline.on_every_route), faults)
        self.asked(_listed((), "not_counted", self.pipeline.not_counted), faults)
        self.named_questions(faults)
        self.lent(faults)
        self.signed_elsewhere(faults)
        self.door_answers(faults)
        self.advice_answers(faults)
        self.declared_acts(faults)

    def stages(self, faults: Faults) -> None:
        """Who takes part in a stage, what is written there and what may be begun exist."""
        for s, stage in enumerate(self.pipeline.stages):
            at: Path = ("stages", s)
            people = [((*at, "closed_by"), stage.closed_by)]
            self.people([*people, *_listed(at, "takes_part", stage.takes_part)], faults)
            signed = [((*at, "signed"), stage.signed)] if stage.signed else []
            self.documents([*signed, *_listed(at, "documents", stage.documents)], faults)
            self.asked(_listed(at, "previews", stage.previews), faults)

    def routes(self, faults: Faults) -> None:
        """Whom a route limits and what it has or leaves out exist, and some route is always left."""
        routes = self.pipeline.route.outcomes
        for r, route in enumerate(routes):
            at: Path = ("route", "outcomes", r)
            self.people([((*at, "limits", person), person) for person in route.limits], faults)
            self.documents(_listed(at, "documents", route.documents), faults)
            self.asked(_listed(at, "leaves_out", route.leaves_out), faults)
        if not routes or not routes[-1].otherwise:
            at = ("route", "outcomes", len(routes) - 1)
            faults.add(at, "the last route says 'otherwise: true': every project has a route")

    def named_questions(self, faults: Faults) -> None:
        """The questions that the engine, the start page and the library know by name exist."""
        pipeline, reuse = self.pipeline, self.pipeline.reuse
        named: list[Named] = [(("names", key), id_) for key, id_ in pipeline.names if id_]
        named += _listed((), "quick", pipeline.quick)
        named += _listed((), "feedback", pipeline.feedback)
        named += _listed(("reuse",), "choose_again", reuse.choose_again)
        named += _listed(("reuse",), "wording", reuse.wording)
        named += [(("reuse", "topics"), reuse.topics)] if reuse.topics else []
        self.known(named, self.program.questions, NO_QUESTION, faults)
        short = _listed((), "in_short", pipeline.in_short)
        self.known(short, self.program.scope, "nothing is called", faults)

    def lent(self, faults: Faults) -> None:
        """What another organisation may begin with is wording that everybody may see."""
        for n, id_ in enumerate(self.pipeline.reuse.wording):
            asked = self.program.questions.get(id_)
            if asked is not None and (asked.type != "long_text" or asked.restricted):
                at = ("reuse", "wording", n)
                faults.add(at, "only a long text that nobody restricts is lent")

    def signed_elsewhere(self, faults: Faults) -> None:
        """What a document stands for: the questions about it, and a stage or more for each kind."""
        signed = self.pipeline.signed
        if signed is None:
            return
        asked = {
            key: self.question(("signed", key), getattr(signed, key), types, faults)
            for key, types in _SIGNED.items()
        }
        kind, at = asked["kind"], ("signed", "stands_for")
        if kind is not None:
            codes = [((*at, code), code) for code in signed.stands_for]
            self.known(codes, kind.labels, "there is no option", faults)
        stages = [stage.id for stage in self.pipeline.stages]
        for code, settles in signed.stands_for.items():
            self.known(_listed(at, code, settles), stages, "there is no stage", faults)

    def question(
        self, at: Path, id_: str, types: Collection[str], faults: Faults
    ) -> Question | None:
        """The question that is named there, if it is of one of these types; None with a fault."""
        question = self.program.questions.get(id_)
        if question is None:
            faults.missing(at, NO_QUESTION, id_, self.program.questions)
        elif question.type not in types:
            faults.add(at, f"'{id_}' is not a {' or '.join(types)} question")
            return None
        return question

    def documents(self, named: Iterable[Named], faults: Faults) -> None:
        """Note each document that no output defines."""
        self.known(named, self.outputs, "there is no output", faults)

    def asked(self, named: Iterable[Named], faults: Faults) -> None:
        """Note each questionnaire that there is not."""
        self.known(named, self.questionnaires, "there is no questionnaire", faults)

    def door_answers(self, faults: Faults) -> None:
        """What a door answers is a question, with an answer of it."""
        for d, door in enumerate(self.pipeline.doors):
            for id_, answer in door.answers.items():
                at = ("doors", d, "answers", id_)
                question = self.program.questions.get(id_)
                if question is None:
                    faults.missing(at, NO_QUESTION, id_, self.program.questions)
                elif question.type in QUESTION_TYPES:
                    error = type_of(question).from_file(question, answer).error
                    if error:
                        faults.add(at, error)

    def advice_answers(self, faults: Faults) -> None:
        """What advice answers are questions of the type that it can answer."""
        advice = self.pipeline.advice
        if advice is None:
            return
        asked = {
            key: self.question(("advice", key), getattr(advice, key), types, faults)
            for key, types in _ADVICE.items()
        }
        if (given := asked["given"]) is not None:
            codes = [(("advice", "code"), advice.code)]
            self.known(codes, given.options, f"'{given.id}' has no option", faults)

    def declared_acts(self, faults: Faults) -> None:
        """What a declared act names exists, and it answers questions that can take what it says."""
        stages = [stage.id for stage in self.pipeline.stages]
        kinds = [ADVISE, CLOSE, SIGN, *(each.id for each in self.pipeline.acts)]
        for n, declared in enumerate(self.pipeline.acts):
            at: Path = ("acts", n)
            self.people(_listed(at, "by", declared.by), faults)
            self.known(_listed(at, "stages", declared.stages), stages, "there is no stage", faults)
            for key in ("after", "apart_from"):
                named = _listed(at, key, getattr(declared, key))
                self.known(named, kinds, "there is no act", faults)
            for key in ("explain", "opens"):
                chosen = _listed(at, key, getattr(declared, key))
                self.known(chosen, declared.choices, "it has no choice", faults)
            opened = [((*at, "opens", choice), name) for choice, name in declared.opens.items()]
            self.documents(opened, faults)
            if declared.asked_if:
                nodes = self.program.nodes.items()
                conditions = [id_ for id_, node in nodes if isinstance(node, ConditionNode)]
                named = [((*at, "asked_if"), declared.asked_if)]
                self.known(named, conditions, "there is no named condition", faults)
            self.act_answers(declared, at, faults)

    def act_answers(self, declared: DeclaredAct, at: Path, faults: Faults) -> None:
        """The questions that an act answers are of the type that it can answer."""
        for id_, what in declared.answers.items():
            question = self.question((*at, "answers", id_), id_, _ACT[what], faults)
            if question is not None and what == "choice":
                codes = [((*at, "choices", code), code) for code in declared.choices]
                self.known(codes, question.options, f"'{id_}' has no option", faults)

    def questionnaire(self, questionnaire: Questionnaire, faults: Faults) -> None:
        """Everybody who is asked a question exists."""
        for s, section in enumerate(questionnaire.sections):
            for p, page in enumerate(section.pages):
                for q, placement in enumerate(page.questions):
                    if placement.define is not None:
                        at: Path = ("sections", s, "pages", p, "questions", q)
                        self.people(_asked(placement.define, at), faults)

    def rules(self, rules: Rules, faults: Faults) -> None:
        """The stages, the person and the flags that a flag names exist."""
        stages = [stage.id for stage in self.pipeline.stages]
        flags = [each.rule.id for each in self.program.flags]
        for n, rule in enumerate(rules.flags):
            at: Path = ("flags", n)
            named: list[Named] = [((*at, "task_until"), each) for each in rule.task_until]
            named += [((*at, "blocks"), each) for each in rule.blocks]
            named += [((*at, "from"), rule.from_)] if rule.from_ else []
            self.known(named, stages, "there is no stage", faults)
            implied = _listed(at, "implies", rule.implies)
            self.known(implied, flags, "there is no flag", faults)
            self.people([((*at, "for"), rule.for_)], faults)

    def people(self, named: Iterable[Named], faults: Faults) -> None:
        """Note each person that the pipeline does not have: it is read, so it is no other file's."""
        known = self.pipeline.people
        for path, name in named:
            if name not in known:
                hint = nearest(name, known)
                faults.add(path, f"there is nobody '{name}' under people{hint}")

    def known(
        self, named: Iterable[Named], names: Collection[str], wrong: str, faults: Faults
    ) -> None:
        """Note each name that is not among the known ones."""
        for path, name in named:
            if name not in names:
                faults.missing(path, wrong, name, names)

    # Outlines

    def outline(self, outline: Outline, faults: Faults) -> None:
        """Every question, column and part that an outline names exists, every condition is sound."""
        if outline.if_ is not None:
            logic.read(outline.if_, self.program.scope, ("if",), faults)
        if outline.for_ is not None:
            named = [(("for",), outline.for_)]
            self.known(named, self.pipeline.readers, "there are no readers", faults)
        self.pieces(outline.blocks, ("blocks",), None, faults)

    def pieces(
        self, pieces: tuple[Piece, ...], path: Path, rows: Domain | None, faults: Faults
    ) -> None:
        """The blocks of an outline; `rows`: the rows question that `each` walks through."""
        for n, piece in enumerate(pieces):
            self.piece(piece, (*path, n), rows, faults)

    def piece(self, piece: Piece, path: Path, rows: Domain | None, faults: Faults) -> None:
        scope = self.program.scope
        self.known(_ids(piece, path), scope, "nothing is called", faults)
        if piece.offer:
            at: Path = (*path, "offer")
            self.known([(at, piece.offer)], self.program.offers, "there is no offer", faults)
        if piece.part:
            self.known([((*path, "part"), piece.part)], PARTS, "there is no part", faults)
        if piece.answers_of:
            self.asked([((*path, "answers_of"), piece.answers_of)], faults)
        for condition in piece.conditions():
            logic.read(condition, scope, (*path, "if"), faults)
        inner = self.walked(piece, path, faults) or rows
        self.row_names(piece, path, inner.columns if inner else {}, faults)
        for listing in piece.listings():
            self.listing(listing, (*path, "table"), faults)
        self.pieces(piece.blocks, (*path, "blocks"), inner, faults)
        self.pieces(piece.else_, (*path, "else"), inner, faults)

    def listing(self, listing: Listing, path: Path, faults: Faults) -> None:
        """The rows, columns and condition of a list in a cell."""
        domain = self.program.scope.get(listing.rows)
        if domain is None or domain.kind is not Kind.ROWS:
            faults.missing(path, "no rows are called", listing.rows, self.program.questions)
            return
        named = [(path, each) for each in (*listing.columns, listing.of) if each]
        self.known(named, domain.columns, "there is no column", faults)
        if listing.where is not None:
            logic.read(listing.where, domain.columns, path, faults)

    def walked(self, piece: Piece, path: Path, faults: Faults) -> Domain | None:
        """The rows question that a block walks through."""
        key, id_ = ("each", piece.each) if piece.each else ("rows", piece.rows)
        if id_ is None or id_ not in self.program.questions:
            return None
        domain = self.program.scope.get(id_)
        if domain is not None and domain.kind is not Kind.ROWS:  # None: it has a fault of its own
            faults.add((*path, key), f"'{id_}' is not a rows question")
        return domain

    def row_names(
        self, piece: Piece, path: Path, columns: Mapping[str, Domain], faults: Faults
    ) -> None:
        """Every column that a block names is one of its rows."""
        scope = self.program.scope
        listed = _listed(path, "columns", piece.columns)
        self.known(listed, columns, "there is no column", faults)
        if piece.where is not None:
            logic.read(piece.where, columns, (*path, "where"), faults)
        for at, source in _texts(piece, path):
            named = [(at, name) for name in text.places(source)]
            wrong = "nothing is called '{{{}}}'"
            self.known([one for one in named if "." in one[1]], scope, wrong, faults)
            self.known([one for one in named if "." not in one[1]], columns, wrong, faults)


def _listed(path: Path, key: str, names: Iterable[str]) -> list[Named]:
    """Names that stand in a list."""
    return [((*path, key, n), name) for n, name in enumerate(names)]


def _asked(question: Question, path: Path) -> Iterator[Named]:
    """Whom a question and its columns are for, where they say so."""
    columns = (((*path, "columns", n), column) for n, column in enumerate(question.columns))
    for at, asked in ((path, question), *columns):
        if "for_" in asked.model_fields_set:
            yield (*at, "for"), asked.for_


def _ids(piece: Piece, path: Path) -> list[Named]:
    """The question and fact ids that a block names, with their places."""
    alone = (("rows", piece.rows), ("each", piece.each), ("decision", piece.decision))
    return [
        *_listed(path, "answers", piece.answers or ()),
        *_listed(path, "except", piece.except_ or ()),
        *_listed(path, "scores", piece.scores or ()),
        *(((*path, key), id_) for key, id_ in alone if id_ is not None),
    ]


def _texts(piece: Piece, path: Path) -> Iterator[tuple[Path, str]]:
    """The texts of a block in which {names} may stand, with their places."""
    for key in ("heading", "text", "title", "schedule", "clause", "facts", "form"):
        source = getattr(piece, key)
        if source:
            yield (*path, key), source
    yield from _many_texts(piece, path)


def _many_texts(piece: Piece, path: Path) -> Iterator[tuple[Path, str]]:
    for key, sources in (
        ("bullets", piece.bullets or ()),
        ("parts", tuple(said if isinstance(said, str) else said.text for said in piece.parts)),
        ("then", tuple(said for each in piece.then for said in each.texts())),
    ):
        for n, source in enumerate(sources):
            yield (*path, key, n), source
    for said in piece.said():
        if isinstance(said, str):
            yield (*path, "fields" if piece.fields else "table"), said
