"""Paragraphs, tables and pictures put on paper one after the other, for Word."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

from app.core.blocks import Runs, Tone
from app.documents import wordml
from app.documents.pictures import Picture
from app.documents.word_text import Anchors, is_right_to_left, runs_xml
from app.documents.wordml import PLAIN, Layout


class Store(Protocol):
    """Where the file keeps what the text only refers to."""

    def add_picture(self, png: bytes) -> str:
        """The id by which the text refers to the picture."""

    def start_list(self) -> int:
        """The id of a numbered list that starts at 1."""


class Paper:
    """What has been written so far."""

    def __init__(self, anchors: Anchors, store: Store) -> None:
        self.anchors = anchors
        self.store = store
        self.after_table = False
        self._out: list[str] = []
        self._lock = ""
        self._locks = 0
        self._figures = 0
        self._drawn = 0

    def xml(self) -> str:
        """All of it."""
        return "".join(self._out)

    def end_section(self, page: str) -> None:
        """Give the last paragraph the end of its section."""
        section = f'<w:sectPr><w:type w:val="nextPage"/>{page}</w:sectPr>'
        self._out[-1] = self._out[-1].replace("</w:pPr>", f"{section}</w:pPr>", 1)

    @contextmanager
    def lock(self, title: str) -> Iterator[None]:
        """Lock the words that are put on paper meanwhile, under a title."""
        self._lock = title
        yield
        self._lock = ""

    def hold(self, content: str) -> str:
        """The content of a paragraph, locked if it has to be."""
        if not self._lock:
            return content
        self._locks += 1
        return wordml.locked(self._locks, self._lock, content)

    def figure(self, caption: str, pictures: Sequence[Picture], said: str) -> None:
        """A figure with its number; `said` is its alternative text."""
        self._figures += 1
        for at, picture in enumerate(pictures, 1):
            part = f", part {at} of {len(pictures)}" if len(pictures) > 1 else ""
            self.text(f"Figure {self._figures}: {caption}{part}", "Caption")
            self.put(self._picture(picture, said, caption))

    def _picture(self, picture: Picture, said: str, title: str) -> str:
        self._drawn += 1
        size = f'cx="{wordml.emu(picture.width_mm)}" cy="{wordml.emu(picture.height_mm)}"'
        alt, name = wordml.escape(said[:2000]), f"Picture {self._drawn}"
        drawing = (
            '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent {size}/><wp:docPr id="{self._drawn}" name="{name}" descr="{alt}" '
            f'title="{wordml.escape(title[:250])}"/><wp:cNvGraphicFramePr>'
            '<a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr><a:graphic>'
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
            f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{self._drawn}" name="{name}" descr="{alt}"/>'
            "<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>"
            f'<a:blip r:embed="{self.store.add_picture(picture.png)}"/><a:stretch><a:fillRect/>'
            f'</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/>'
            '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
            "</a:graphicData></a:graphic></wp:inline></w:drawing>"
        )
        return wordml.paragraph(f"<w:r>{drawing}</w:r>", "Picture")

    def table(self, xml: str, caption: str, *, shown: bool) -> None:
        """A table, under its caption if that is shown."""
        if shown and caption:
            self.text(caption, "Caption")
        self._out.append(xml)
        self.after_table = True

    def text(self, words: str, style: str, layout: Layout = PLAIN, *, anchor: str = "") -> None:
        """A paragraph of plain words, with a bookmark if something can link to it."""
        content = wordml.run(words)
        if anchor:
            content = self.anchors.mark(anchor, content)
        right = wordml.is_right_to_left(words)
        self.put(wordml.paragraph(content, style, replace(layout, right_to_left=right)))

    def runs(
        self, runs: Runs, style: str, layout: Layout = PLAIN, *, on: Tone = Tone.PLAIN
    ) -> None:
        """A paragraph of runs, on a ground; nothing at all if they say nothing."""
        content = runs_xml(runs, self.anchors, on)
        if content:
            right = is_right_to_left(runs)
            content = self.hold(content)
            self.put(wordml.paragraph(content, style, replace(layout, right_to_left=right)))

    def put(self, xml: str) -> None:
        """A paragraph written already."""
        self._out.append(xml)
        self.after_table = False
