"""How the parts are put together."""

from pathlib import Path

import pytest

from app.settings import read_settings
from app.wsgi import create_app


def test_without_a_safe_place_for_compiled_templates_pages_are_shown_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise RuntimeError("Cannot determine safe temp directory.")

    monkeypatch.setattr("app.wsgi.FileSystemBytecodeCache", refuse)
    settings = read_settings({"DATABASE_URL": f"sqlite:///{tmp_path / 'a.sqlite3'}"}, demo=True)
    app = create_app(settings, demonstration=True)
    assert app.jinja_env.bytecode_cache is None
    assert app.test_client().get("/about", follow_redirects=True).status_code == 200
