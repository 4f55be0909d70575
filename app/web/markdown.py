"""Texts of definitions as safe HTML: a Markdown subset, cleaned once more on the way out."""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {"p", "em", "strong", "ul", "ol", "li", "a", "br", "code"}
_MARKDOWN = MarkdownIt("js-default").disable(["table", "image", "html_block", "html_inline"])


@lru_cache(maxsize=8192)
def to_html(text: str | None) -> Markup:
    """A text as paragraphs, lists and links; HTML in it is shown as typed."""
    if not text:
        return Markup("")
    html = nh3.clean(
        _MARKDOWN.render(text[:20_000]),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener noreferrer",
    )
    return Markup(html.strip())  # noqa: S704 - nh3 has cleaned it
