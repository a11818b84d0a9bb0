"""The command line, one command or group a file: every `command` found here becomes `flask NAME`."""

import pkgutil
from importlib import import_module

from flask import Flask

from registry.label import LANGUAGES, language


def join(app: Flask) -> None:
    """Give the application its commands; they speak the language of the setting LANGUAGE."""
    if app.config["LANGUAGE"] not in LANGUAGES:
        raise ValueError(f"LANGUAGE is {app.config['LANGUAGE']!r}; choose one of {', '.join(LANGUAGES)}")
    language.set(app.config["LANGUAGE"])
    for found in pkgutil.iter_modules(__path__):
        module = import_module(f"{__name__}.{found.name}")
        if hasattr(module, "command"):
            app.cli.add_command(module.command)
