"""The measure of all requests: a Flask application with one view and nothing else."""

from flask import Flask


def bare() -> Flask:
    """Return an application that says hello."""
    application = Flask("bare")

    @application.get("/")
    def hello() -> str:
        return "<!doctype html><title>Hello</title><p>Hello"

    return application
