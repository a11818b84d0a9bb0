"""The words and numbers that templates use: `say` for both languages, rates, days, marks."""

from typing import Any

from flask import Flask, flash

from registry.label import LANGUAGES, Label, language


def say(zh: str, en: str, **values: Any) -> Label:
    """A phrase in both languages, printed in the reader's; `%(name)s` is filled from values."""
    phrase = Label(zh, en)
    return phrase % values if values else phrase


def tell(kind: str, phrase: Label) -> None:
    """Say something on the next page, in the language its reader has now."""
    flash(str(phrase), kind)


def thousands(value: int | None) -> str:
    """A count as readers see it; – where there is none."""
    return "–" if value is None else f"{value:,}".replace(",", "\u2009")


def join(app: Flask) -> None:
    app.jinja_env.globals.update(say=say, languages=LANGUAGES, reader_language=language.get)
    app.jinja_env.filters.update(thousands=thousands)
