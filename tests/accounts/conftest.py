"""The databases these tests run on."""

from tests.databases import empty_url, engine, url, world

__all__ = ["empty_url", "engine", "url", "world"]
