"""The pages, one blueprint a file, in a package for each kind of work: every module with a `bp` is joined.

Entering and quality lead into lists, releases ask as survival does; the other packages know none of
each other. What every page uses – the guard, signing in, what was sent and asked, the words – stands
here, and the trail, which is about every record.
"""

import pkgutil
from importlib import import_module

from flask import Flask

from registry.views import sent


def join(app: Flask) -> None:
    """Give the application its pages, its guard and the words its templates use."""
    sent.join(app)  # first: an address keeps the converter it was made with
    for found in pkgutil.walk_packages(__path__, f"{__name__}."):
        module = import_module(found.name)
        if hasattr(module, "join"):
            module.join(app)
        if hasattr(module, "bp"):
            app.register_blueprint(module.bp)
