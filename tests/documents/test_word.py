import io
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import docx
import pytest

from app.core.blocks import (
    Block,
    Bullets,
    Cell,
    Clause,
    Control,
    Document,
    Facts,
    Flagged,
    Heading,
    Mark,
    Matrix,
    MatrixCell,
    Paragraph,
    Part,
    Run,
    Signature,
    Table,
    Tile,
    Tiles,
    Tone,
    Verdict,
)
from app.documents import house_style
from app.documents.word import CannotWriteError, to_word
from tests.documents import sample
from tests.documents.lint import W, lint

ROOT = Path(__file__).parent.parent.parent
CONTROL = sample.control()


def made_of(*blocks: Block, contents: bool = True, control: Control = CONTROL) -> bytes:
    return to_word(Document(control, blocks, contents))


def opened(made: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(made))


def xml(made: bytes, part: str = "word/document.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        return package.read(part).decode()


def texts(made: bytes) -> str:
    body = opened(made).element.body
    return "\n".join(
        "".join(node.text or "" for node in paragraph.iter(f"{W}t"))
        for paragraph in body.iter(f"{W}p")
    )


def footers(made: bytes) -> list[str]:
    return [section.footer.paragraphs[0].text for section in opened(made).sections]


def styles_used(made: bytes) -> list[tuple[str, str]]:
    return [(p.style.name if p.style else "", p.text) for p in opened(made).paragraphs]


# ------------------------------------------------------------------------------------ whole files


@pytest.mark.parametrize("document", sample.documents(), ids=["risk report", "agreement"])
def test_a_rich_document_has_all_that_a_reader_needs(document: Document) -> None:
    assert lint(to_word(document)) == []


def test_the_linter_sees_what_is_wrong() -> None:
    word = docx.Document()
    word.add_heading("Second", 2)
    word.add_paragraph("")
    table = word.add_table(1, 1)
    table._tbl.tblPr.remove(table._tbl.tblPr.find(f"{W}tblLook"))
    out = io.BytesIO()
    word.save(out)
    found = " ".join(lint(out.getvalue()))
    for fault in ("language", "skips a level", "caption", "header row", "empty paragraph", "date"):
        assert fault in found


def test_the_same_document_is_the_same_file_in_another_process_with_another_hash_seed() -> None:
    code = (
        "import hashlib\n"
        "from app.documents.word import to_word\n"
        "from tests.documents.sample import documents\n"
        "print([hashlib.sha256(to_word(d)).hexdigest() for d in documents()])"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("4242", "Asia/Tokyo"))
    ]
    assert said[0] == said[1]


def test_the_properties_come_from_the_document_and_never_from_the_clock() -> None:
    facts = opened(made_of(Heading("One"))).core_properties
    assert facts.title == f"Risk report: {sample.PROJECT}"
    assert facts.created.replace(tzinfo=None) == datetime(2026, 11, 20)  # noqa: DTZ001
    assert facts.modified == facts.created


def test_a_title_longer_than_a_property_may_be_is_cut_in_the_property_only() -> None:
    long = "word " * 80
    made = made_of(Heading("One"), control=replace(CONTROL, project=long))
    assert len(opened(made).core_properties.title) <= 255
    assert long.strip() in texts(made)


def test_header_and_footer_name_project_marking_release_status_part_hash_and_page() -> None:
    made = to_word(sample.agreement())
    for section in opened(made).sections:
        said = section.header.paragraphs[0].text
        assert "OFFICIAL-SENSITIVE" in said
        assert "Release 14" in said
        assert "For signature" in said
    assert [said.split("  |  ")[0] for said in footers(made)] == [
        "Information sharing agreement",
        "Common body",
        "Schedule 1: London Borough of Carnmere",
        "Schedule 2: North London NHS",
        "Signatures",
    ] or len(footers(made)) == 5
    for said in footers(made):
        assert "5de2 d041 8ae7 c0a2" in said
        assert "Page 1 of 1" in said


def test_each_part_starts_a_section_on_a_new_page() -> None:
    made = made_of(Heading("A"), Part("Schedule 1"), Part("Schedule 2"))
    assert xml(made).count('<w:type w:val="nextPage"/>') == 2
    assert [said.split("  |")[0] for said in footers(made)][1:] == ["Schedule 1", "Schedule 2"]


# ------------------------------------------------------------------------- headings and contents


def test_headings_are_real_ones_and_the_contents_link_to_them() -> None:
    made = made_of(Heading("First", anchor="first"), Heading("Deeper", 2), Heading("Last"))
    used = styles_used(made)
    assert ("Heading 1", "First") in used
    assert ("Heading 2", "Deeper") in used
    assert 'w:anchor="first"' in xml(made)
    assert 'w:name="first"' in xml(made)
    assert "1\u00a0First" in texts(made)
    assert "2\u00a0Last" in texts(made)


def test_no_contents_are_listed_where_they_are_not_wanted() -> None:
    assert "In this document" not in texts(made_of(Heading("First"), contents=False))


def test_a_heading_never_skips_a_level() -> None:
    assert lint(made_of(Heading("Deep", 3), Heading("Deeper", 2, numbered=False))) == []


def test_headings_written_alike_look_alike() -> None:
    made = made_of(Heading("A", 2, numbered=False), Heading("B", 2, numbered=False), Heading("C"))
    used = {text: style for style, text in styles_used(made)}
    assert used["A"] == used["B"] == "Top Heading"
    assert used["C"] == "Heading 1"


def test_beside_clauses_headings_have_no_number_of_their_own() -> None:
    made = made_of(Heading("Common body"), Clause("Purpose", sample.words("To help.")))
    used = {text: style for style, text in styles_used(made)}
    assert used["Common body"] == "Heading 1"
    assert '<w:numPr><w:numId w:val="0"/></w:numPr>' in xml(made)
    assert used["Purpose"] == "Clause Heading"
    assert used["To help."] == "Clause"


LOCKED = Clause("Purpose", sample.words("To help."), (sample.words("those at risk"),), locked=True)


def test_agreed_wording_is_marked_as_such_and_other_wording_is_not() -> None:
    assert "Agreed wording. Do not change in this copy." in texts(made_of(LOCKED))
    assert "Agreed wording" not in texts(made_of(replace(LOCKED, locked=False)))


def test_beside_a_long_title_the_mark_of_agreed_wording_is_short() -> None:
    title = "A title that needs nearly the whole of its line"
    assert texts(made_of(replace(LOCKED, title=title))).count(f"{title}Agreed wording\n") == 1


def test_all_agreed_words_are_locked_and_no_others() -> None:
    made = made_of(LOCKED, Clause("Dates", sample.words("Open.")), replace(LOCKED, title="End"))
    controls = list(opened(made).element.body.iter(f"{W}sdt"))
    said = ["".join(node.text or "" for node in each.iter(f"{W}t")) for each in controls]
    mark = "Agreed wording. Do not change in this copy."
    assert said == [
        *(f"Purpose{mark}", "To help.", "those at risk"),
        *(f"End{mark}", "To help.", "those at risk"),
    ]
    assert xml(made).count('<w:lock w:val="sdtContentLocked"/>') == len(said)
    # The file as a whole is not protected, so that it can be signed.
    assert "documentProtection" not in xml(made, "word/settings.xml")


def test_a_locked_clause_may_end_a_section() -> None:
    assert lint(made_of(Heading("A"), LOCKED, Part("Schedule"), LOCKED)) == []


def test_every_numbered_list_starts_at_one() -> None:
    steps = Bullets((sample.words("a"), sample.words("b")), numbered=True)
    made = made_of(steps, Paragraph(sample.words("between")), steps)
    numbers = [each.get(f"{W}val") for each in opened(made).element.body.iter(f"{W}numId")]
    assert len(numbers) == 4
    assert len(set(numbers)) == 2


def test_a_box_to_tick_has_no_bullet_beside_it() -> None:
    made = xml(made_of(Bullets((sample.words("☐ Yes"), sample.words("☐ No")))))
    assert made.count('<w:numId w:val="0"/>') == 2
    assert '<w:numId w:val="0"/>' not in xml(made_of(Bullets((sample.words("Yes"),))))


# ---------------------------------------------------------------------------------------- tables


def test_a_header_row_repeats_and_rows_stay_whole() -> None:
    made = made_of(sample.table("People", ("Who", "What"), ("Ada", "writes"), ("Bo", "reads")))
    assert xml(made).count("<w:tblHeader/>") == 1
    assert xml(made).count("<w:cantSplit/>") == 3


def test_a_cell_of_100_000_letters_survives_and_may_run_over_pages() -> None:
    long = "word " * 20_000
    made = made_of(sample.table("Long", ("What",), (long,)))
    assert long in texts(made)
    assert xml(made).count("<w:cantSplit/>") == 1  # the head only


def test_two_tables_never_touch() -> None:
    one = sample.table("One", ("A",), ("x",))
    facts = Facts("Two", (("Label", sample.cell("x")),))
    made = made_of(one, facts, Tiles((Tile("1", "stop", Tone.STOP),)), one)
    assert lint(made_of(Heading("H"), one, facts, one)) == []
    assert "</w:tbl><w:tbl>" not in xml(made)


def test_a_filled_cell_is_worded_and_inked_for_its_ground() -> None:
    made = made_of(sample.table("T", ("A",), (sample.cell("High", tone=Tone.HIGH),)))
    assert 'w:fill="F3CFC9"' in xml(made)
    assert '<w:rStyle w:val="InkHigh"/>' in xml(made)


def test_a_count_of_none_is_not_drawn_as_grave() -> None:
    assert 'w:fill="8E1B1B"' not in xml(made_of(Tiles((Tile("0", "stops", Tone.STOP),))))
    assert 'w:fill="8E1B1B"' in xml(made_of(Tiles((Tile("2", "stops", Tone.STOP),))))


def test_columns_are_as_wide_as_their_longest_word_and_fill_the_page() -> None:
    from app.documents.word_tables import MEASURE_MM, fit_widths

    wide, _ = fit_widths(
        Table(
            "T",
            ("Responsibilities", "B"),
            ((sample.cell("Accommodation"), sample.cell("x " * 400)),),
            (5, 95),
        )
    )
    assert wide[0] > 30
    assert sum(wide) == pytest.approx(MEASURE_MM)


def test_in_a_crowded_table_a_word_of_a_cell_breaks_before_one_of_a_heading() -> None:
    from app.documents.raster import measure
    from app.documents.word_tables import MEASURE_MM, fit_widths

    titles = "Item, Needed for, How needed, Taken from, Given, Received, Identifies, Sensitive"
    header = (*titles.split(", "), "Always sent")
    long = sample.cell("Institutionalising")
    row = (*(long for _ in header[1:]), sample.cell("Yes"))
    wide, crowded = fit_widths(Table("T", header, (row,), (11,) * 8 + (12,)))
    assert crowded
    assert sum(wide) == pytest.approx(MEASURE_MM)
    for title, width in zip(header, wide, strict=True):
        words = (measure(word, 9, True) * 25.4 / 72 for word in title.split())
        assert max(words) + 3 < width


def test_the_matrix_links_its_numbers_and_says_what_they_are() -> None:
    matrix = Matrix(
        "Risks",
        ("Remote",),
        ("Severe",),
        ((MatrixCell("High", Tone.HIGH, (Mark("3.1", "A safe address leaks", "f1"),)),),),
    )
    flag = Flagged("3.1", "A safe address leaks", "f1", (Run("HIGH", Tone.HIGH),), (), Tone.HIGH)
    made = xml(made_of(matrix, replace(flag, rows=(("Because", sample.cell("x")),))))
    assert '<w:hyperlink w:anchor="f1" w:tooltip="A safe address leaks"' in made


def test_a_link_that_leads_nowhere_in_this_document_is_plain_text() -> None:
    made = made_of(Paragraph((Run("there", to="nowhere"), Run("page", to="/projects/1"))))
    assert "there" in texts(made)
    assert "w:hyperlink" not in xml(made)


def test_an_https_address_is_a_link_and_no_other_scheme_is() -> None:
    made = xml(
        made_of(
            Paragraph((Run("a", to="https://example.org/x?a=1&b=2"), Run("b", to="javascript:x")))
        )
    )
    assert "HYPERLINK &quot;https://example.org/x?a=1&amp;b=2&quot;" in made
    assert "javascript" not in made


def test_what_is_unanswered_is_styled_as_such() -> None:
    made = made_of(Paragraph((Run("Not answered yet", Tone.UNANSWERED),)))
    assert '<w:rStyle w:val="Unanswered"/></w:rPr><w:t xml:space="preserve">Not' in xml(made)


def test_a_signature_has_room_until_it_is_given() -> None:
    block = Signature("Carnmere", "Director", "Scheme", "Common body")
    assert "Waiting" in texts(made_of(block))
    signed = made_of(replace(block, signed="by A on 1 May 2026"))
    assert "SIGNED" in texts(signed)
    assert "Waiting" not in texts(signed)


# --------------------------------------------------------------------------------------- pictures


def test_a_flow_is_a_picture_with_words_and_the_same_as_a_table() -> None:
    made = made_of(Heading("Flows"), sample.FLOW)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert [name for name in package.namelist() if name.endswith(".png")]
    assert "LB Carnmere gives Linking environment Applications, placements" in xml(made)
    said = texts(made)
    for line in sample.FLOW.lines:
        assert line.what in said


def test_the_same_picture_is_kept_once() -> None:
    made = made_of(sample.BARS, Paragraph(sample.words("again")), sample.BARS)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert len([name for name in package.namelist() if name.endswith(".png")]) == 1


# ------------------------------------------------------------------------------------ any text

SURVIVES = [
    "<b>bold</b> & R&D </w:t></w:r><w:p/>",
    "]]> <![CDATA[ <?xml?> &amp; &#0;",
    "quotes \" ' “ ” ` %s {x} {{ y }}",
    "emoji 😀 👩🏽‍💻 and flags 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "Łódź, naïve, Ελλάδα, Привет, 東京",
    "العربية R&D ثم English 123",
    "\ue000 private use, zero\u200bwidth, soft\u00adhyphen",
    "@@IMG1@@ w:sectPr </w:pPr>",
    "=1+1",
]


def everywhere(text: str) -> tuple[Block, ...]:
    """The same text in every place that carries text."""
    runs = sample.words(text)
    return (
        Verdict(runs, Tone.STOP),
        Tiles((Tile(text, text, Tone.STOP),)),
        Heading(text),
        Paragraph((Run(text, Tone.STOP), Run(text, Tone.STRONG))),
        Bullets((runs,), numbered=True),
        sample.table(text, (text,), (text,), (sample.cell(text, tone=Tone.HIGH),)),
        Heading(text, 2),
        Facts(text, ((text, sample.cell(text)),)),
        Heading(f"{text}, again"),
        Matrix(
            text,
            (text,),
            (text,),
            ((MatrixCell(text, Tone.LOW, (Mark(text, text, text),)),),),
            text,
        ),
        replace(sample.FLOW, caption=text, lines=(replace(sample.FLOW.lines[0], what=text),)),
        replace(sample.BARS, caption=text, bars=(replace(sample.BARS.bars[0], label=text),)),
        Flagged(text, text, text, runs, ((text, sample.cell(text)),), Tone.STOP),
        Clause(text, runs, (runs, runs), locked=True),
        Part(text, text),
        Signature(text, text, text, text, text),
        Paragraph(runs, Tone.QUIET),
    )


@pytest.mark.parametrize("text", SURVIVES)
def test_any_text_survives_in_every_place(text: str) -> None:
    control = Control(text, text, text, text, sample.HASH, "2026-11-20", text, text)
    made = to_word(Document(control, everywhere(text)))
    body = opened(made).element.body
    found = ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in body.iter(f"{W}p")]
    assert sum(text in one for one in found) >= 20
    assert opened(made).core_properties.author == text


@pytest.mark.parametrize("text", ["one\ntwo", "one\r\ntwo", "one\u2028two"])
def test_a_line_break_stays_one(text: str) -> None:
    made = xml(made_of(Paragraph(sample.words(text))))
    assert '>one</w:t><w:br/><w:t xml:space="preserve">two<' in made


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("\x00", "U+0000"),
        ("\x0b", "U+000B"),
        ("\x1b", "U+001B"),
        ("\ufffe", "U+FFFE"),
        ("\ud800", "U+D800"),
        ("\u202e", "U+202E"),
    ],
)
def test_what_no_document_can_carry_is_refused_by_name_and_place(bad: str, code: str) -> None:
    block = sample.table("Data flows", ("What",), (f"a list{bad}of names",))
    with pytest.raises(CannotWriteError) as refused:
        made_of(block)
    said = str(refused.value)
    assert code in said
    assert "Table “Data flows”" in said
    assert "a list" in said
    said.encode("utf-8")


@pytest.mark.parametrize("at", range(len(everywhere("x"))))
def test_a_refusal_comes_from_every_kind_of_block(at: int) -> None:
    with pytest.raises(CannotWriteError, match=type(everywhere("x")[at]).__name__):
        made_of(everywhere("bad \x00 text")[at])


def test_text_from_right_to_left_is_laid_out_so() -> None:
    made = xml(made_of(Paragraph(sample.words("مرحبا R&D"))))
    assert "<w:bidi/>" in made
    assert "<w:rtl/>" in made
    plain = xml(made_of(Paragraph(sample.words("Hello"))))
    assert "<w:bidi/>" not in plain


def test_a_long_or_odd_anchor_is_a_bookmark_that_word_accepts() -> None:
    anchor = "risk/12.harm " * 10
    made = xml(made_of(Heading("A", anchor=anchor), Paragraph((Run("to it", to=anchor),))))
    name = made.split('w:name="')[1].split('"')[0]
    assert len(name) <= 40
    assert f'<w:hyperlink w:anchor="{name}"' in made


# -------------------------------------------------------------------------------------- the base


def test_the_house_style_in_the_repository_has_every_style() -> None:
    base = (ROOT / "outputs" / "house_style.docx").read_bytes()
    for document in sample.documents():
        assert lint(to_word(document, base)) == []


def test_a_restyled_base_changes_the_look_and_not_the_words() -> None:
    word = docx.Document(io.BytesIO(house_style.build()))
    word.styles["Heading 1"].font.size = docx.shared.Pt(31)
    word.sections[0].left_margin = docx.shared.Mm(33)
    out = io.BytesIO()
    word.save(out)
    made = to_word(sample.risk_report(), out.getvalue())
    assert 'w:sz w:val="62"' in xml(made, "word/styles.xml")
    assert texts(made) == texts(to_word(sample.risk_report()))


def test_a_base_without_a_style_is_refused_by_name() -> None:
    word = docx.Document(io.BytesIO(house_style.build()))
    word.styles["Flag Line"].delete()
    out = io.BytesIO()
    word.save(out)
    with pytest.raises(CannotWriteError, match="FlagLine"):
        to_word(sample.risk_report(), out.getvalue())


def test_an_empty_document_can_be_opened() -> None:
    assert "Risk report" in texts(made_of())


def test_a_table_cell_may_say_nothing() -> None:
    assert lint(made_of(Heading("H"), Table("T", ("A",), ((Cell(()),),)))) == []
