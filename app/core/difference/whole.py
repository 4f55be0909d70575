"""All that differs between two catalogues, gravest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.core.difference.asking import Asking
from app.core.difference.change import Change, Definitions, Effect, Thing
from app.core.difference.comparing import GONE, HERE, Comparison
from app.core.difference.paths import compare_pipelines
from app.core.difference.printing import Printing
from app.core.difference.ruling import Ruling

BELOW = "/organisations"
OF_ORGANISATIONS = "What organisations say of themselves: "


def differences(
    old: Definitions, new: Definitions, renamed: Mapping[str, str] | None = None
) -> tuple[Change, ...]:
    """Every difference between two catalogues, in plain words, in the order of the files.

    Both are compiled: a Catalogue is one, whether it comes from a release or from the files of a
    draft. `renamed`: old ids to new ones; left out, as the converters of the new one declare them.
    What is merely renamed is one change and no other. Nothing that differs in what the files mean goes unsaid: only comments and
    the layout of a file may differ where this is empty.
    """
    theirs = old.organisations, new.organisations
    renamed = declared(old, new) if renamed is None else renamed
    found = _part(old, new, renamed, "")
    if theirs[0] is not None and theirs[1] is not None:
        inner = _part(theirs[0], theirs[1], {}, BELOW)
        found += [replace(each, where=OF_ORGANISATIONS + each.where) for each in inner]
    elif theirs != (None, None):
        there = theirs[1] or theirs[0]
        said = there.pipeline.title if there else ""
        thing = Thing("pipeline", "organisations", OF_ORGANISATIONS.rstrip(": "), "")
        found.append(_whole(thing, Effect.FLOW, said, came=theirs[0] is None))
    return (*found, *_style(old, new))


def declared(old: Definitions, new: Definitions) -> dict[str, str]:
    """What each question that is gone is called now, as far as the converters say so."""
    became = new.pipeline.converters.questions
    there, found = new.program.questions, {}
    for id_ in old.program.questions:
        now: str | None = id_
        seen = set()
        while now is not None and now not in there and now not in seen:
            seen.add(now)
            now = became.get(now)
        if now is not None and now != id_ and now in there:
            found[id_] = now
    return found


def _part(
    old: Definitions, new: Definitions, renamed: Mapping[str, str], below: str
) -> list[Change]:
    it = Comparison(old, new, renamed)
    Asking(it, below).compare()
    Ruling(it, below).compare()
    compare_pipelines(it, old.pipeline, new.pipeline, f"questionnaires{below}/pipeline.yaml")
    Printing(it, below).compare()
    return it.found


def _style(old: Definitions, new: Definitions) -> tuple[Change, ...]:
    """The Word file whose styles documents take."""
    before, after = old.house_style, new.house_style
    if before == after:
        return ()
    thing = Thing(
        "document", "house_style", "House style of all documents", "outputs/house_style.docx"
    )
    said = tuple("" if each is None else f"{len(each):,} bytes" for each in (before, after))
    return (
        Change(
            thing.kind,
            thing.id,
            thing.where,
            "styles",
            Effect.DOCUMENT,
            said[0] or "The built-in style",
            f"{said[1]} (another file)" if said[0] == said[1] else said[1] or "The built-in style",
            file=thing.file,
        ),
    )


def _whole(thing: Thing, effect: Effect, said: str, *, came: bool) -> Change:
    part, both = (HERE, ("", said)) if came else (GONE, (said, ""))
    return Change(thing.kind, thing.id, thing.where, part, effect, *both, file=thing.file)
