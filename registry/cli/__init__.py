"""The command line, one command or group a file: every `command` found here becomes `flask NAME`."""

import pkgutil
from importlib import import_module

from flask import Flask


def join(app: Flask) -> None:
    """Give the application its commands."""
    for found in pkgutil.iter_modules(__path__):
        module = import_module(f"{__name__}.{found.name}")
        if hasattr(module, "command"):
            app.cli.add_command(module.command)
