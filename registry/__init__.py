"""The early gastrointestinal cancer screening registry: where its parts are joined."""

from pathlib import Path
from typing import Any

from flask import Flask

from registry import keyring
from registry.config import settings
from registry.extensions import csrf, db, migrate


def create_app(config: dict[str, Any] | None = None) -> Flask:
    """An application over one database and one key file; `config` overrides every other setting."""
    app = Flask(__name__)
    app.config.update(settings(Path(app.instance_path), config))
    ring = _key_ring(app.config["KEYS"])
    app.extensions["registry.keyring"] = ring
    app.config.setdefault("SECRET_KEY", None)
    app.config["SECRET_KEY"] = app.config["SECRET_KEY"] or ring.digest("cookie", "signing key")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    db.init_app(app)
    csrf.init_app(app)
    migrate.init_app(app, db, directory=str(Path(app.root_path).parent / "migrations"))

    from registry import cli, views

    views.join(app)
    cli.join(app)
    return app


def _key_ring(path: Path) -> keyring.KeyRing:
    if not path.exists():
        keyring.KeyRing.new().save(path)
    return keyring.KeyRing.load(path)
