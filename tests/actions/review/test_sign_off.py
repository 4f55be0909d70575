"""A signature covers what the signatory saw, and an act cannot be changed unseen."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from app.actions.actor import Actor
from app.actions.answers import Opened, Summary, open_sheet, save_changes
from app.actions.errors import NotFound, OutOfDate
from app.actions.review.acts import (
    FIRST,
    Act,
    Document,
    NewAct,
    acts_of,
    record_act,
)
from app.actions.review.evidence import broken_links, look_through
from app.actions.review.sign_off import (
    Signature,
    Signing,
    Snapshot,
    changed_since,
    content_hash,
    out_of_date,
    seal_hash,
    sign,
    signatures,
    touches,
)
from app.core.sheet import Change, answers
from app.store.database import read, write
from tests.databases import NOW, World, summarise
from tests.kept import read_document

ON = date(2026, 11, 22)
BINDS = ("body", "schedule/1")


def content(opened: Opened) -> str:
    return content_hash("r1", answers(opened.sheet), {"flags": []})


def draw(opened: Opened) -> Document:
    return Document("agreement.docx", repr(sorted(answers(opened.sheet).items())).encode())


def shown(world: World, actor: Actor) -> Signing:
    """What the page for signing shows now."""
    with read(world.engine) as conn:
        opened = open_sheet(conn, actor, world.reference)
    document = draw(opened)
    seal = seal_hash(
        Snapshot(
            world.reference,
            "sharing_agreement",
            "agreement",
            ON,
            content(opened),
            document.sha256,
            BINDS,
        )
    )
    return Signing(seal, "sharing_agreement", "agreement", ON, document, NOW, BINDS)


def put(world: World, actor: Actor, signing: Signing) -> Act:
    with write(world.engine) as conn:
        return sign(conn, actor, world.reference, signing, content)


def save(world: World, *changes: Change) -> None:
    with write(world.engine) as conn:
        save_changes(conn, world.ann, world.reference, world.posted(*changes), summarise)


def advise(world: World, about: str = "R17", once: str | None = None) -> Act:
    new = NewAct("advice", "dpia", NOW, about, {"text": "Ask Legal. £ 🏳️‍🌈"}, once=once)
    with write(world.engine) as conn:
        return record_act(conn, world.ben, world.reference, new)


def acts(world: World) -> tuple[Act, ...]:
    with read(world.engine) as conn:
        return acts_of(conn, world.ann, world.reference)


def test_an_act_says_who_for_whom_as_what_on_which_answers(world: World) -> None:
    made = advise(world)

    assert acts(world) == (made,)
    assert (made.who, made.organisation, made.role) == ("Ben", "Brookvale", "lead")
    assert (made.seq, made.sheet_version, made.previous_hash) == (1, 1, FIRST)
    with read(world.engine) as conn:
        (brief,) = open_sheet(conn, world.ann, world.reference).project.acts
    assert (brief.kind, brief.stage, brief.about, brief.at) == ("advice", "dpia", "R17", NOW)
    assert brief.hash == made.hash


def test_an_act_may_move_the_project_and_what_lists_show(world: World) -> None:
    new = NewAct("close", "idea", NOW, moves_to="concept_review")

    def look(opened: Opened) -> Summary:
        return Summary(f"{opened.project.stage} after {len(opened.project.acts)} act")

    with write(world.engine) as conn:
        record_act(conn, world.ann, world.reference, new, look)
    with read(world.engine) as conn:
        project = open_sheet(conn, world.ann, world.reference).project
    assert (project.stage, project.version) == ("concept_review", 2)
    assert project.summary.title == "concept_review after 1 act"


def test_an_act_sent_twice_is_one_act(world: World) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(lambda _: advise(world, once="k1").hash, range(4)))

    assert len(made) == len(acts(world)) == 1
    advise(world, once="k2")
    assert len(acts(world)) == 2


def test_acts_at_the_same_time_make_one_chain(world: World) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: advise(world, f"R{n}"), range(12)))

    chain = acts(world)
    assert [one.seq for one in chain] == list(range(1, 13))
    assert list(broken_links(chain)) == []


def test_what_people_did_is_looked_through_as_it_was_written(world: World) -> None:
    for number in range(3):
        advise(world, f"R{number}")
    with read(world.engine) as conn:
        evidence = look_through(conn)
    assert evidence.counted["acts"] == 3
    # The release of these tests says of itself that its hash is nought.
    assert [fault.partition(":")[0] for fault in evidence.faults] == ["release 1"]


CHANGES: list[dict[str, object]] = [
    {"who": "Somebody"},
    {"content": {"text": "Fine."}},
    {"at": NOW.replace(year=2025)},
    {"role": "dpo"},
    {"kind": "acceptance"},
    {"content_hash": "0" * 64},
    {"sheet_version": 7},
    {"previous_hash": FIRST},
    {"hash": "0" * 64},
]


@pytest.mark.parametrize("change", CHANGES, ids=[next(iter(one)) for one in CHANGES])
def test_whatever_is_changed_in_an_act_breaks_the_chain(
    world: World, change: dict[str, object]
) -> None:
    for number in range(3):
        advise(world, f"R{number}")
    first, second, third = acts(world)

    changed = broken_links([first, replace(second, **change), third])  # type: ignore[arg-type]
    assert 2 in dict(changed)
    assert [*dict(broken_links([first, third]))] == [3]
    assert [*dict(broken_links([second, third]))] == [2]


def test_others_may_neither_act_nor_read(world: World) -> None:
    document = Document("a.docx", b"PK")
    with write(world.engine) as conn:
        record_act(conn, world.ann, world.reference, NewAct("note", "dpia", NOW, document=document))
    with pytest.raises(NotFound), write(world.engine) as conn:
        record_act(conn, world.stranger, world.reference, NewAct("note", "dpia", NOW))
    with pytest.raises(NotFound), read(world.engine) as conn:
        read_document(conn, world.stranger, world.reference, document.sha256)
    with read(world.engine) as conn:
        assert read_document(conn, world.ben, world.reference, document.sha256) == document
        assert read_document(conn, world.ben, world.reference, "0" * 64) is None


def test_signing_what_was_shown_keeps_the_document_and_its_seal(world: World) -> None:
    signing = shown(world, world.ben)

    act = put(world, world.ben, signing)

    assert (act.seal_hash, act.document_sha256) == (signing.seal_hash, signing.document.sha256)
    with read(world.engine) as conn:
        kept = read_document(conn, world.ann, world.reference, signing.document.sha256)
    assert kept == signing.document
    assert signatures(acts(world), "agreement") == (
        Signature(1, world.ben.organisation_id, BINDS, 1),
    )


@pytest.mark.parametrize(
    "tamper",
    [
        lambda s: replace(s, document=Document(s.document.name, b"another")),
        lambda s: replace(s, binds=("body", "schedule/2")),
        lambda s: replace(s, on=date(2026, 11, 23)),
        lambda s: replace(s, stage="dpia"),
        lambda s: replace(s, output="statement_of_intent"),
        lambda s: replace(s, seal_hash="0" * 64),
    ],
    ids=["document", "schedules", "date", "stage", "output", "seal"],
)
def test_what_was_not_shown_cannot_be_signed(world: World, tamper: object) -> None:
    assert callable(tamper)
    with pytest.raises(OutOfDate):
        put(world, world.ben, tamper(shown(world, world.ben)))
    assert acts(world) == ()


def test_an_answer_changed_since_it_was_shown_refuses_the_signature(world: World) -> None:
    signing = shown(world, world.ben)
    save(world, Change("a.b", "new"))

    with pytest.raises(OutOfDate):
        put(world, world.ben, signing)
    assert acts(world) == ()


def test_a_change_that_was_taken_back_does_not_refuse_it(world: World) -> None:
    save(world, Change("a.b", "old"))
    signing = shown(world, world.ben)
    save(world, Change("a.b", "new", 2))
    save(world, Change("a.b", "old", 3))

    assert put(world, world.ben, signing).seq == 1


def test_signing_twice_is_signing_once(world: World) -> None:
    signing = shown(world, world.ben)
    with ThreadPoolExecutor(4) as pool:
        made = {act.hash for act in pool.map(lambda _: put(world, world.ben, signing), range(4))}

    assert len(made) == len(acts(world)) == 1
    put(world, world.ann, signing)
    assert len(acts(world)) == 2


def test_signing_against_editing_only_what_was_shown_is_ever_signed(world: World) -> None:
    for number in range(8):
        signing = shown(world, world.ben)

        def edit(number: int = number) -> None:
            save(world, Change("a.b", f"text {number}", number + 1))

        def attempt(signing: Signing = signing) -> bool:
            try:
                put(world, world.ben, signing)
            except OutOfDate:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            edited, signed = pool.submit(edit), pool.submit(attempt)
        edited.result()
        last = acts(world)[-1:]
        if signed.result():
            assert last[0].seal_hash == signing.seal_hash
        else:
            assert not last or last[0].seal_hash != signing.seal_hash


def test_a_signature_is_out_of_date_when_its_parts_changed_and_no_other(world: World) -> None:
    save(
        world,
        Change("a.parties/+1", {"name": "Carnmere"}),
        Change("a.parties/+2", {"name": "Brookvale"}),
    )
    put(world, world.ann, shown(world, world.ann))
    save(world, Change("a.parties/2/name", "Brookvale Council", 2))

    with read(world.engine) as conn:
        project = open_sheet(conn, world.ann, world.reference).project
        changed = changed_since(conn, project.id, 1)
    assert changed == {
        "a.parties/1": 2,
        "a.parties/1/name": 2,
        "a.parties/2": 2,
        "a.parties/2/name": 3,
    }
    (signed,) = signatures(acts(world), "agreement")
    material = {"body": ["project.title"], "schedule/1": ["a.parties/1"]}
    assert out_of_date([signed], changed, material) == ()
    assert out_of_date([signed], changed, material | {"schedule/1": ["a.parties/2"]}) == (signed,)


@pytest.mark.parametrize(
    ("address", "named", "touched"),
    [
        ("a.b", "a.b", True),
        ("a.b", "a.c", False),
        ("a.b", "a.bc", False),
        ("a.r/1/x", "a.r", True),
        ("a.r/1/x", "a.r/1", True),
        ("a.r/1/x", "a.r/2", False),
        ("a.r/1/x", "a.r/*/x", True),
        ("a.r/1/x", "a.r/*/y", False),
        ("a.r/1", "a.r/1/x", True),
        ("a.r/1", "a.r/*/x", True),
        ("a.r", "a.r/1", True),
    ],
)
def test_a_change_touches_what_it_is_part_of_or_around(
    address: str, named: str, touched: bool
) -> None:
    assert touches(address, [named]) is touched


def test_the_content_hash_hangs_on_release_answers_and_assessment_and_on_no_order() -> None:
    one = content_hash("r1", {"a.b": "x", "a.c": ["y"]}, {"flags": []})

    assert content_hash("r1", {"a.c": ["y"], "a.b": "x"}, {"flags": []}) == one
    others = {
        content_hash("r2", {"a.b": "x", "a.c": ["y"]}, {"flags": []}),
        content_hash("r1", {"a.b": "z", "a.c": ["y"]}, {"flags": []}),
        content_hash("r1", {"a.b": "x", "a.c": ["y"]}, {"flags": ["R1"]}),
    }
    assert one not in others
    assert len(others) == 3


def test_a_signed_act_cannot_be_changed_in_the_database(world: World) -> None:
    put(world, world.ben, shown(world, world.ben))

    for statement in ("UPDATE act SET who = 'Me'", "DELETE FROM act", "DELETE FROM document"):
        with pytest.raises(Exception, match="append-only"), write(world.engine) as conn:
            conn.execute(text(statement))
