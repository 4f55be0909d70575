"""Hypothesis profiles: the same cases on every run, or a long search with other cases each time."""

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.register_profile("long", max_examples=20_000, deadline=None, print_blob=True)
settings.load_profile("same")
