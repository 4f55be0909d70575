"""Two versions of one thing, key by key, with the parts it is made of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any

from app.core.difference.change import Change, Definitions, Effect, Thing, canonical, same
from app.core.difference.keys import Key, key_of
from app.core.difference.words import Words, plain
from app.core.models import Model
from app.core.text import PLACE
from app.core.wording import sentences, short

OTHERWISE = " (written in another way)"
HERE, GONE, MOVED = "added", "removed", "order"
Ident = Callable[[Any], str]


def _no_law(_each: Any) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Part:
    """A list of things within a thing. `ident` None: they have no names, and are told by what they say.

    `law`: whether one that comes or goes is a statement of law. `whole`: they are compared whole
    here, so that something is noted wherever they differ.
    """

    title: str
    ident: Ident | None
    named: Ident
    effect: Effect
    order: Effect = Effect.WORDING
    law: Callable[[Any], bool] = _no_law
    whole: bool = True


@dataclass
class Comparison:
    """A comparison of two catalogues: the changes as they are found.

    `renamed`: old ids to new ones, as the converters of the definitions declare them.
    """

    old: Definitions
    new: Definitions
    renamed: Mapping[str, str] = field(default_factory=dict)
    found: list[Change] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.before = Words(self.old.program)
        self.after = Words(self.new.program)

    def note(
        self, thing: Thing, part: str, effect: Effect, said: tuple[str, str], **keys: Any
    ) -> None:
        """Note a change: what was said before, and what is said now."""
        law = bool(keys.pop("law", False)) and thing.law
        if said[0] == said[1]:
            said = said[0], f"{said[1]} (under another id)"
        self.found.append(
            Change(
                thing.kind,
                thing.id,
                thing.where,
                part,
                effect,
                *said,
                law=law,
                file=thing.file,
                **keys,
            )
        )

    # Keys

    def keys(
        self,
        thing: Thing,
        old: Model,
        new: Model,
        deep: Mapping[str, Callable[[], None]] | None = None,
        skip: Collection[str] = (),
    ) -> None:
        """Compare two versions of a thing; `deep` compares keys that hold things of their own."""
        for name in type(new).model_fields:
            one, other = getattr(old, name, None), getattr(new, name)
            if name in skip or self.same(one, other):
                continue
            key = key_of(type(new), name)
            noted = len(self.found)
            if deep and name in deep:
                deep[name]()
                if len(self.found) > noted:
                    continue
            self.key(thing, name, key, one, other)

    def same(self, one: Any, other: Any) -> bool:
        """Whether nothing differs but the names that were renamed."""
        return same(one, other) or (bool(self.renamed) and same(self.moved(one), other))

    def moved(self, value: Any) -> Any:
        """A value with the old names replaced by the new ones."""
        match value:
            case str():
                return self.named(value)
            case Mapping():
                return {self.moved(key): self.moved(each) for key, each in value.items()}
            case list() | tuple():
                return type(value)(self.moved(each) for each in value)
            case Model():
                names = type(value).model_fields
                return {name: self.moved(getattr(value, name)) for name in names}
            case _:
                return value

    def named(self, text: str) -> str:
        """A text with the new names: it is one, is an address that begins with one, or prints one."""
        head, slash, rest = text.partition("/")
        if head in self.renamed:
            return self.renamed[head] + slash + rest
        if "{" not in text:
            return text
        return PLACE.sub(lambda found: f"{{{self.renamed.get(found[1], found[1])}}}", text)

    def key(self, thing: Thing, name: str, key: Key, old: Any, new: Any) -> None:
        """Note that one key says something else."""
        effect = key.effect
        said = key.say(self.before, old, thing), key.say(self.after, new, thing)
        if key.condition and self.alike(old, new, thing):
            effect = Effect.WORDING
            said = said[0], said[1] + OTHERWISE
        elif said[0] == said[1]:
            said = plain(old), plain(new)
        if said[0] == said[1]:
            said = canonical(old), canonical(new)
        self.note(thing, key.title, effect, said, key=name.rstrip("_"), law=key.law)

    def alike(self, old: Any, new: Any, thing: Thing) -> bool:
        """Whether two conditions ask the same, however they are written."""
        if old is None or new is None:
            return False
        one = self.before.expression(self.moved(old), thing.rows)
        return one is not None and one == self.after.expression(new, thing.rows)

    # Lists of things

    def parts(
        self,
        thing: Thing,
        name: str,
        part: Part,
        pair: tuple[Sequence[Any], Sequence[Any]],
        both: Callable[[Thing, Any, Any], None],
    ) -> None:
        """Compare a list of things: those that came, went, changed, and their order."""
        old, new = pair
        pairs = paired(old, new, part.ident, self.renamed)
        noted = len(self.found)
        for one, other in pairs:
            within = self.within(thing, part, other if other is not None else one)
            if one is None:
                self.come(within, part, name, other, self.after)
            elif other is None:
                self.go(within, part, name, one, self.before)
            elif not self.same(one, other):
                both(within, one, other)
        if part.ident is not None:
            self.order(thing, name, part, old, new)
        if part.whole and len(self.found) == noted:
            listed = ", ".join(map(part.named, old)), ", ".join(map(part.named, new))
            self.note(thing, f"{part.title}s", part.order, listed, key=name)

    def within(self, thing: Thing, part: Part, each: Any) -> Thing:
        """One of the parts of a thing."""
        return replace(
            thing, where=f"{thing.where}, {part.title} “{short(part.named(each))}”", law=thing.law
        )

    def come(self, thing: Thing, part: Part, name: str, each: Any, words: Words) -> None:
        """Note that something came."""
        said = "", summary(each, words, thing)
        self.note(thing, HERE, part.effect, said, key=name, law=part.law(each))

    def go(self, thing: Thing, part: Part, name: str, each: Any, words: Words) -> None:
        """Note that something went."""
        said = summary(each, words, thing), ""
        self.note(thing, GONE, part.effect, said, key=name, law=part.law(each))

    def order(
        self, thing: Thing, name: str, part: Part, old: Sequence[Any], new: Sequence[Any]
    ) -> None:
        """Note that what is there in both stands in another order."""
        ident = part.ident
        if ident is None:
            return
        before = [self.renamed.get(ident(each), ident(each)) for each in old]
        after = [ident(each) for each in new]
        common = set(before) & set(after)
        one = [id_ for id_ in before if id_ in common]
        if one == [id_ for id_ in after if id_ in common]:
            return
        names = {ident(each): short(part.named(each), 40) for each in new}
        said = (
            ", ".join(names[id_] for id_ in one),
            ", ".join(names[id_] for id_ in after if id_ in common),
        )
        self.note(thing, f"order of its {part.title}s", part.order, said, key=name)


def paired(
    old: Sequence[Any], new: Sequence[Any], ident: Ident | None, renamed: Mapping[str, str]
) -> list[tuple[Any, Any]]:
    """Each thing before with what it is now; None where it came or went."""
    if ident is None:
        return _aligned(old, new)
    left: dict[str, list[Any]] = {}
    for each in old:
        left.setdefault(renamed.get(ident(each), ident(each)), []).append(each)
    pairs = []
    for each in new:
        before = left.get(ident(each))
        pairs.append((before.pop(0) if before else None, each))
    return pairs + [(each, None) for rest in left.values() for each in rest]


def _aligned(old: Sequence[Any], new: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Things without names: those that are the same, and what stands between them in order."""
    texts = [canonical(each) for each in old], [canonical(each) for each in new]
    pairs: list[tuple[Any, Any]] = []
    for _, i, j, k, m in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        between = max(j - i, m - k)
        one = [*old[i:j], *[None] * (between - (j - i))]
        other = [*new[k:m], *[None] * (between - (m - k))]
        pairs += zip(one, other, strict=True)
    return pairs


def summary(each: Any, words: Words, thing: Thing) -> str:
    """What something says that came or went: its text and its condition."""
    said = []
    for name in ("ask", "title", "label", "because", "text"):
        value = getattr(each, name, None)
        if isinstance(value, str) and value not in said:
            said.append(value)
    for name in ("when", "where", "show_if", "value"):
        value = getattr(each, name, None)
        if value is not None:
            said.append(key_of(type(each), name).say(words, value, thing))
    return sentences(said) or plain(each)
