"""Fingerpost: guided questionnaires from an idea to a signed information sharing agreement."""
