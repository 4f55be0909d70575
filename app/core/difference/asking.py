"""What differs in what is asked: questionnaires, sections, pages, questions and where they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.core.difference.change import Effect, Thing
from app.core.difference.comparing import GONE, HERE, Comparison, Part
from app.core.difference.words import Words
from app.core.questionnaire import Page, Questionnaire, Section
from app.core.questions import Asked, Column, Option, Question, RowOutcome
from app.core.wording import count, sentences, short

FLOW, WORDING, MEANING = Effect.FLOW, Effect.WORDING, Effect.MEANING


def _has_source(asked: Asked) -> bool:
    """Whether a question has a source: only then is what it says a statement of law or guidance."""
    return bool(asked.source)


def _stating(thing: Thing, old: Asked, new: Asked) -> Thing:
    """A question or column with whether why it is asked is a statement of law, before or after."""
    return replace(thing, law=_has_source(old) or _has_source(new))


SECTIONS = Part("section", lambda each: each.id, lambda each: each.title, FLOW, FLOW, whole=False)
PAGES = Part("page", lambda each: each.id, lambda each: each.title, FLOW, FLOW)
COLUMNS = Part("column", lambda each: each.id, lambda each: each.called, FLOW, FLOW, _has_source)
SUGGESTIONS = Part(
    "suggestion",
    None,
    lambda each: short(str(each.answer)),
    FLOW,
    FLOW,
    lambda each: bool(each.because),
)
OUTCOMES = Part("outcome", lambda each: each.code, lambda each: each.label, MEANING, MEANING)


_Places = dict[tuple[str, str, bool], str]


@dataclass(frozen=True, slots=True)
class _Spot:
    """A page with what it stands in."""

    name: str
    questionnaire: Questionnaire
    section: Section
    page: Page

    @property
    def where(self) -> str:
        return f"{self.questionnaire.title}, “{short(self.page.title)}”"


def _spots(questionnaires: dict[str, Questionnaire]) -> Iterator[_Spot]:
    for name, questionnaire in questionnaires.items():
        for section, page in questionnaire.pages():
            yield _Spot(name, questionnaire, section, page)


class Asking:
    """Compares the questionnaires of two catalogues."""

    def __init__(self, comparison: Comparison, below: str) -> None:
        self.it = comparison
        self.folder = f"questionnaires{below}"
        self.old = dict(comparison.old.questionnaires)
        self.new = dict(comparison.new.questionnaires)

    def compare(self) -> None:
        """Note every difference."""
        for name in [*self.new, *(name for name in self.old if name not in self.new)]:
            self.questionnaire(name)
        self.pages()
        self.questions()

    def file(self, name: str) -> str:
        return f"{self.folder}/{name}.yaml"

    def questionnaire(self, name: str) -> None:
        """One questionnaire: its own words, its sections and their order."""
        old, new = self.old.get(name), self.new.get(name)
        there = new or old
        if there is None:
            return
        thing = Thing("questionnaire", name, there.title, self.file(name))
        if old is None or new is None:
            said = ("", there.title) if old is None else (there.title, "")
            self.it.note(thing, HERE if old is None else GONE, FLOW, said)
            return

        self.it.keys(thing, old, new, skip=("sections",))
        parts = old.sections, new.sections
        self.it.parts(thing, "sections", SECTIONS, parts, self.section)

    def section(self, thing: Thing, old: Section, new: Section) -> None:
        """One section: its own words, and the order of the pages that stay in it."""
        within = replace(thing, kind="section", id=f"{thing.id}/{new.id}")
        self.it.keys(within, old, new, skip=("pages",))
        self.it.order(within, "pages", PAGES, old.pages, new.pages)

    # Pages

    def pages(self) -> None:
        """Pages that came, went, moved or changed; what stands on them is told of the questions."""
        old = {(spot.name, spot.page.id): spot for spot in _spots(self.old)}
        new = {(spot.name, spot.page.id): spot for spot in _spots(self.new)}
        for key in [*new, *(key for key in old if key not in new)]:
            before, after = old.get(key), new.get(key)
            spot = after or before
            if spot is None or key[0] not in self.old or key[0] not in self.new:
                continue  # the whole questionnaire came or went
            thing = Thing("page", "/".join(key), spot.where, self.file(key[0]))
            if before is None or after is None:
                said = ("", spot.page.title) if before is None else (spot.page.title, "")
                self.it.note(thing, HERE if before is None else GONE, FLOW, said)
                continue
            if before.section.id != after.section.id:
                said = before.section.title, after.section.title
                self.it.note(thing, "section", FLOW, said, key="sections")
            self.it.keys(thing, before.page, after.page, skip=("questions",))
            self.placements(thing, before.page, after.page)

    def placements(self, thing: Thing, old: Page, new: Page) -> None:
        """The order of the questions that stand on a page in both."""
        moved = self.it.renamed
        before = [moved.get(id_, id_) for id_ in old.ids]
        common = set(before) & set(new.ids)
        one = [id_ for id_ in before if id_ in common]
        other = [id_ for id_ in new.ids if id_ in common]
        if one != other:
            said = self.it.after.names(one), self.it.after.names(other)
            self.it.note(thing, "order of its questions", FLOW, said, key="questions")

    # Questions

    def questions(self) -> None:
        """Questions that came, went, moved or changed."""
        # As the files say them: options that come from an offer are told of the offer.
        old, new = _defined(self.old), _defined(self.new)
        places = self.places(self.old), self.places(self.new)
        back = {new_id: id_ for id_, new_id in self.it.renamed.items()}
        for id_, (spot, question) in new.items():
            before = id_ if id_ in old else back.get(id_, "")
            thing = self.thing(question, spot)
            if before not in old:
                said = "", self.described(question, spot, self.it.after)
                self.it.note(thing, HERE, FLOW, said, law=_has_source(question))
                continue
            if before != id_:
                self.it.note(thing, "id", FLOW, (before, id_), key="id")
            self.question(thing, old[before][1], question)
            one, other = places[0][before], places[1][id_]
            if one.keys() != other.keys():
                said = _elsewhere(one, other), _elsewhere(other, one)
                self.it.note(thing, "where it is asked", FLOW, said, key="questions")
        for id_, (spot, question) in old.items():
            if id_ not in new and self.it.renamed.get(id_) not in new:
                thing = self.thing(question, spot)
                said = self.described(question, spot, self.it.before), ""
                self.it.note(thing, GONE, FLOW, said, law=_has_source(question))

    def thing(self, question: Question, spot: _Spot) -> Thing:
        where = f"{spot.questionnaire.title}: question “{short(question.called)}”"
        return Thing("question", question.id, where, self.file(spot.name))

    def described(self, question: Question, spot: _Spot, words: Words) -> str:
        parts = [question.ask, ", ".join(question.labels.values())]
        if question.show_if is not None:
            parts.append(f"Asked if {words.condition(question.show_if)}")
        return sentences((*parts, f"On {spot.where}"))

    def places(self, questionnaires: dict[str, Questionnaire]) -> dict[str, _Places]:
        """Where each question stands, the place that defines it marked."""
        found: defaultdict[str, _Places] = defaultdict(dict)
        for spot in _spots(questionnaires):
            for placement in spot.page.questions:
                first = placement.define is not None
                where = f"{spot.where} ({'first asked' if first else 'shown again'})"
                found[placement.id][spot.name, spot.page.id, first] = where
        return found

    def question(self, thing: Thing, old: Question, new: Question) -> None:
        """One question, key by key."""
        rows = replace(thing, rows=new.id if new.type == "rows" else None)

        def columns() -> None:
            self.it.parts(rows, "columns", COLUMNS, (old.columns, new.columns), self.column)

        def suggest() -> None:
            parts = old.suggest, new.suggest
            self.it.parts(thing, "suggest", SUGGESTIONS, parts, self.it.keys)

        deep = {
            "columns": columns,
            "suggest": suggest,
            "options": lambda: self.options(thing, old, new),
        }
        self.it.keys(_stating(thing, old, new), old, new, deep, skip=("id",))

    def column(self, thing: Thing, old: Column, new: Column) -> None:
        """One column of a rows question."""

        def decide() -> None:
            pair = old.decide or (), new.decide or ()
            self.it.parts(thing, "decide", OUTCOMES, pair, self.outcome)

        deep = {"decide": decide, "options": lambda: self.options(thing, old, new)}
        self.it.keys(_stating(thing, old, new), old, new, deep)

    def outcome(self, thing: Thing, old: RowOutcome, new: RowOutcome) -> None:
        """One outcome of a decision over a row."""
        self.it.keys(thing, old, new)

    def options(self, thing: Thing, old: Asked, new: Asked) -> None:
        """The options: those that came and went, their words, their order."""
        before, after = old.options, new.options
        came = [code for code in after if code not in before]
        went = [code for code in before if code not in after]
        if came or went:
            said = _counted(before, went), _counted(after, came)
            self.it.note(thing, "options", FLOW, said, key="options")
        common = [code for code in after if code in before]
        for code in common:
            self.option(thing, code, before[code], after[code])
        if [code for code in before if code in after] != common:
            ordered = new.type == "band" or old.type == "band"
            said = (
                ", ".join(_label(each) for code, each in before.items() if code in common),
                ", ".join(_label(after[code]) for code in common),
            )
            effect = MEANING if ordered else WORDING
            self.it.note(thing, "order of its options", effect, said, key="options")

    def option(self, thing: Thing, code: str, old: str | Option, new: str | Option) -> None:
        if _label(old) != _label(new):
            said = _label(old), _label(new)
            self.it.note(thing, "wording of an option", WORDING, said, key=f"options.{code}")
        if _hint(old) != _hint(new):
            part = f"hint of the option “{short(_label(new))}”"
            self.it.note(thing, part, WORDING, (_hint(old), _hint(new)), key=f"options.{code}")


def _defined(questionnaires: dict[str, Questionnaire]) -> dict[str, tuple[_Spot, Question]]:
    """The page that defines each question, and the question as it says it there."""
    return {
        placement.id: (spot, placement.define)
        for spot in _spots(questionnaires)
        for placement in spot.page.questions
        if placement.define is not None
    }


def _elsewhere(places: _Places, others: _Places) -> str:
    """The places that are not among the others."""
    return "; ".join(where for key, where in places.items() if key not in others)


def _counted(options: dict[str, str | Option], told: list[str]) -> str:
    labels = ", ".join(_label(options[code]) for code in told)
    counted = count(len(options), "option")
    return f"{counted}. {labels}" if labels else counted


def _label(option: str | Option) -> str:
    return option if isinstance(option, str) else option.label


def _hint(option: str | Option) -> str:
    return "" if isinstance(option, str) else option.hint or ""
