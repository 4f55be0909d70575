"""Answering, page by page: opening a page, saving it, its rows, and saving as one types."""

from app.web.pages import rows, showing
from app.web.pages.place import Place, next_url, pages, place_of

__all__ = ["Place", "next_url", "pages", "place_of", "rows", "showing"]
