"""What the pipeline and the outlines say of other definitions: every name they use must exist."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from app.core import logic, text
from app.core.domains import Domain, Kind
from app.core.faults import Faults, Path, nearest
from app.core.outputs import Outline, Piece
from app.core.parts import PARTS
from app.core.pipeline import Pipeline
from app.core.program import Program
from app.core.questions import QUESTION_TYPES, type_of
from app.core.rules import FlagRule

Named = tuple[Path, str]  # where a name is used, and the name


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
        pipeline, questions = self.pipeline, self.program.questions
        stages = list(enumerate(pipeline.stages))
        routes = [
            (("route", "outcomes", r), route) for r, route in enumerate(pipeline.route.outcomes)
        ]
        people = [
            *((("stages", s, "closed_by"), stage.closed_by) for s, stage in stages),
            *(
                (("stages", s, "takes_part", n), p)
                for s, stage in stages
                for n, p in enumerate(stage.takes_part)
            ),
            *(((*at, "limits", person), person) for at, route in routes for person in route.limits),
        ]
        self.known(people, pipeline.people, "there is nobody '{}' under people", faults)
        documents = [
            *(
                (("stages", s, "documents", n), d)
                for s, stage in stages
                for n, d in enumerate(stage.documents)
            ),
            *((("stages", s, "signed"), stage.signed) for s, stage in stages if stage.signed),
            *(
                ((*at, "documents", n), d)
                for at, route in routes
                for n, d in enumerate(route.documents)
            ),
        ]
        self.known(documents, self.outputs, "there is no output '{}'", faults)
        named = [
            *((("names", key), id_) for key, id_ in pipeline.names if id_ is not None),
            *((("quick", n), id_) for n, id_ in enumerate(pipeline.quick)),
            *(
                (("doors", d, "answers", id_), id_)
                for d, door in enumerate(pipeline.doors)
                for id_ in door.answers
            ),
        ]
        self.known(named, questions, "there is no question '{}'", faults)
        short = [(("in_short", n), id_) for n, id_ in enumerate(pipeline.in_short)]
        self.known(short, self.program.scope, "nothing is called '{}'", faults)
        asked: list[Named] = [
            *((("on_every_route", n), name) for n, name in enumerate(pipeline.on_every_route)),
            *((("not_counted", n), name) for n, name in enumerate(pipeline.not_counted)),
            *(
                (("stages", s, "previews", n), q)
                for s, stage in stages
                for n, q in enumerate(stage.previews)
            ),
            *(
                ((*at, "leaves_out", n), q)
                for at, route in routes
                for n, q in enumerate(route.leaves_out)
            ),
        ]
        self.known(asked, self.questionnaires, "there is no questionnaire '{}'", faults)
        if not pipeline.route.outcomes or not pipeline.route.outcomes[-1].otherwise:
            at: Path = ("route", "outcomes", len(pipeline.route.outcomes) - 1)
            faults.add(at, "the last route says 'otherwise: true': every project has a route")
        self.door_answers(faults)

    def door_answers(self, faults: Faults) -> None:
        """What a door answers is an answer."""
        for d, door in enumerate(self.pipeline.doors):
            for id_, answer in door.answers.items():
                question = self.program.questions.get(id_)
                if question is not None and question.type in QUESTION_TYPES:
                    error = type_of(question).from_file(question, answer).error
                    if error:
                        faults.add(("doors", d, "answers", id_), error)

    def flag_names(self, rule: FlagRule, path: Path, faults: Faults) -> None:
        """The stages and the person that a flag names exist."""
        stages = [stage.id for stage in self.pipeline.stages]
        named = [
            *(((*path, "blocks"), each) for each in (rule.blocks,) if each),
            *(((*path, "from"), each) for each in (rule.from_,) if each),
            *(((*path, "task_until"), each) for each in rule.task_until),
        ]
        self.known(named, stages, "there is no stage '{}'", faults)
        self.known(
            [((*path, "for"), rule.for_)],
            self.pipeline.people,
            "there is nobody '{}' under people",
            faults,
        )

    def known(self, named: list[Named], names: Collection[str], wrong: str, faults: Faults) -> None:
        """Note each name that is not among the known ones."""
        for path, name in named:
            if name not in names:
                faults.add(path, wrong.format(name) + nearest(name, names))

    # Outlines

    def outline(self, outline: Outline, faults: Faults) -> None:
        """Every question, column and part that an outline names exists, every condition is sound."""
        self.pieces(outline.blocks, ("blocks",), None, faults)

    def pieces(
        self, pieces: tuple[Piece, ...], path: Path, rows: Domain | None, faults: Faults
    ) -> None:
        """The blocks of an outline; `rows`: the rows question that `each` walks through."""
        for n, piece in enumerate(pieces):
            self.piece(piece, (*path, n), rows, faults)

    def piece(self, piece: Piece, path: Path, rows: Domain | None, faults: Faults) -> None:
        scope, questions = self.program.scope, self.program.questions
        self.known(list(_ids(piece, path)), scope, "nothing is called '{}'", faults)
        offers = [((*path, "offer"), piece.offer)] if piece.offer else []
        self.known(offers, self.program.offers, "there is no offer '{}'", faults)
        part = [((*path, "part"), piece.part)] if piece.part else []
        self.known(part, PARTS, "there is no part '{}'", faults)
        asked = [((*path, "answers_of"), piece.answers_of)] if piece.answers_of else []
        self.known(asked, self.questionnaires, "there is no questionnaire '{}'", faults)
        if piece.if_ is not None:
            logic.read(piece.if_, scope, (*path, "if"), faults)
        inner = rows
        walked = piece.each or piece.rows
        if walked in questions:
            inner = scope[walked]
            if inner.kind is not Kind.ROWS:
                faults.add(
                    (*path, "each" if piece.each else "rows"), f"'{walked}' is not a rows question"
                )
        columns = inner.columns if inner else {}
        listed = [((*path, "columns", n), name) for n, name in enumerate(piece.columns)]
        self.known(listed, columns, "there is no column '{}'", faults)
        if piece.where is not None:
            logic.read(piece.where, columns, (*path, "where"), faults)
        for at, source in _texts(piece, path):
            for name in text.places(source):
                if name not in (scope if "." in name else columns):
                    known = [*scope, *columns]
                    faults.add(at, f"nothing is called '{{{name}}}'{nearest(name, known)}")
        self.pieces(piece.blocks, (*path, "blocks"), inner, faults)


def _ids(piece: Piece, path: Path) -> Iterator[Named]:
    """The question and fact ids that a block names, with their places."""
    for key, ids in (
        ("answers", piece.answers),
        ("except", piece.except_),
        ("scores", piece.scores),
    ):
        for n, id_ in enumerate(ids or ()):
            yield (*path, key, n), id_
    for key, id_ in (("rows", piece.rows), ("each", piece.each), ("decision", piece.decision)):
        if id_ is not None:
            yield (*path, key), id_


def _texts(piece: Piece, path: Path) -> Iterator[tuple[Path, str]]:
    """The texts of a block in which {names} may stand, with their places."""
    for key in ("heading", "text", "title", "schedule", "clause"):
        source = getattr(piece, key)
        if source:
            yield (*path, key), source
    for key in ("bullets", "parts"):
        for n, source in enumerate(getattr(piece, key) or ()):
            yield (*path, key, n), source
