"""A form of a page as a browser would send it: every field with what stands in it."""

from html import unescape
from html.parser import HTMLParser


class Form(HTMLParser):
    """The fields of the form with this id."""

    def __init__(self, html: str, id_: str = "answers") -> None:
        super().__init__(convert_charrefs=False)
        self.id = id_
        self.inside = False
        self.fields: list[tuple[str, str]] = []
        self.action = ""
        self.select = ""
        self.chosen: str | None = None
        self.first: str | None = None
        self.area: str | None = None
        self.text = ""
        self.buttons: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("id") == self.id:
            self.inside, self.action = True, given["action"]
        if not self.inside:
            return
        if tag == "input":
            self._input(given, [name for name, _ in attrs])
        elif tag == "select":
            self.select, self.chosen, self.first = given["name"], None, None
        elif tag == "option":
            self.first = given["value"] if self.first is None else self.first
            self.chosen = given["value"] if "selected" in given else self.chosen
        elif tag == "textarea":
            self.area, self.text = given["name"], ""
        elif tag == "button" and given.get("name") == "do":
            self.buttons.append(given["value"])

    def _input(self, given: dict[str, str], names: list[str]) -> None:
        if given.get("type") in ("checkbox", "radio") and "checked" not in names:
            return
        self.fields.append((given.get("name", ""), given.get("value", "")))

    def handle_data(self, data: str) -> None:
        self.text += data if self.area else ""

    def handle_entityref(self, name: str) -> None:
        self.handle_data(unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self.handle_data(unescape(f"&#{name};"))

    def handle_endtag(self, tag: str) -> None:
        if not self.inside:
            return
        if tag == "select":
            value = self.first if self.chosen is None else self.chosen
            self.fields.append((self.select, value or ""))
        elif tag == "textarea" and self.area:
            # The line break after the tag is not part of the text; browsers send CR LF.
            text = self.text.removeprefix("\n").replace("\n", "\r\n")
            self.fields.append((self.area, text))
            self.area = None
        elif tag == "form":
            self.inside = False

    def sent(self, **changed: str | list[str]) -> dict[str, list[str]]:
        """What is sent, with some fields changed."""
        data: dict[str, list[str]] = {}
        for name, value in self.fields:
            data.setdefault(name, []).append(value)
        for name, given in changed.items():
            data[name] = [given] if isinstance(given, str) else given
        return data
