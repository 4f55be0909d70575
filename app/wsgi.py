"""Puts the parts together: create_app(settings)."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import BytecodeCache, FileSystemBytecodeCache

from app.actions.catalogues import Catalogues
from app.actions.definitions.releases import begin
from app.actions.demonstration import seed
from app.settings import Settings
from app.store.database import open_database
from app.store.migrate import migrate
from app.web import access, common, demo, errors
from app.web.about import about
from app.web.annual import annual, outlines_of
from app.web.application import Application
from app.web.changes import changes
from app.web.editor import editor
from app.web.guidance import guidance
from app.web.library import library
from app.web.limits import CountedRequest
from app.web.organisations import organisations
from app.web.pages import pages
from app.web.pages.place import OF_ORGANISATIONS
from app.web.projects import projects
from app.web.releases import releases
from app.web.reports import reports
from app.web.site import Site
from app.web.start import start

HOURS = 3600


def create_app(settings: Settings, *, demonstration: bool = False) -> Flask:
    """The application of one process. Raises BadDefinitions when there is nothing sound to publish."""
    app = Application(
        __name__,
        template_folder="web/templates",
        static_folder="web/static",
        static_url_path="/static",
    )
    app.request_class = CountedRequest
    secure = not demonstration and settings.base_url.startswith("https:")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.max_body,
        MAX_FORM_MEMORY_SIZE=settings.max_body,
        MAX_FORM_PARTS=settings.max_fields,
        TRUSTED_HOSTS=[*settings.trusted_hosts],
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        # The demonstration, and trying things out on one machine, go without TLS.
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_NAME="__Host-fingerpost" if secure else "fingerpost",
        # A form that is sent after its sign-in has ended is still known, and what it says is kept.
        PERMANENT_SESSION_LIFETIME=72 * HOURS,
        WTF_CSRF_TIME_LIMIT=72 * HOURS,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.jinja_options = {
        "trim_blocks": True,
        "lstrip_blocks": True,
        "autoescape": True,
        "bytecode_cache": _compiled_before(),
    }
    of_all = open_database(settings.database_url, pool_size=1)
    migrate(of_all)
    engine = open_database(
        settings.database_url,
        pool_size=settings.pool_size,
        busy_timeout_ms=settings.busy_timeout_ms,
        sees_all=False,
    )
    catalogues = Catalogues(engine)
    begun = begin(catalogues, settings.fingerpost_content, datetime.now(UTC))
    if begun.set_aside:
        app.logger.warning(
            "The definitions in %s are not those of %s, the newest: nothing was published. "
            "`fingerpost publish` publishes them.",
            settings.fingerpost_content,
            begun.newest.name,
        )
    app.extensions["fingerpost"] = Site(settings, engine, catalogues, demonstration)
    CSRFProtect(app)
    for blueprint in (releases, start, projects, reports, organisations, editor, guidance, about):
        app.register_blueprint(blueprint)
    app.register_blueprint(changes)
    app.register_blueprint(library)
    app.register_blueprint(annual)
    outlines_of(settings.fingerpost_content)  # what is wrong with them is told at the start
    app.register_blueprint(pages, url_prefix="/projects")
    app.register_blueprint(pages, url_prefix="/organisations", name=OF_ORGANISATIONS)
    if demonstration:
        app.register_blueprint(demo.demo)
        seed(of_all, begun.newest, settings.fingerpost_content, datetime.now(UTC))
    else:
        # Nothing of what signing in needs is loaded where nobody signs in.
        from app.web.accounts.installing import open_door

        open_door(app, settings)
    of_all.dispose()
    errors.install(app)
    common.install(app)
    access.install(app)  # what is installed last looks at an answer first
    _warm(app)
    return app


def _compiled_before() -> BytecodeCache | None:
    """Templates as an earlier process compiled them, each under the hash of its text.

    They are kept in a folder that only this user may write to; without such a place they are
    compiled at every start.
    """
    try:
        return FileSystemBytecodeCache()
    except RuntimeError:
        return None


def _warm(app: Flask) -> None:
    """Compile every template before the first request: threads would all compile the same ones."""
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
