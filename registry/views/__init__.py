"""The pages, one blueprint a file: every module here that has a `bp` is joined to the application."""

import pkgutil
from importlib import import_module

from flask import Flask

from registry.views import sent


def join(app: Flask) -> None:
    """Give the application its pages, its guard and the words its templates use."""
    sent.join(app)  # first: an address keeps the converter it was made with
    for found in pkgutil.iter_modules(__path__):
        module = import_module(f"{__name__}.{found.name}")
        if hasattr(module, "join"):
            module.join(app)
        if hasattr(module, "bp"):
            app.register_blueprint(module.bp)
