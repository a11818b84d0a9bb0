"""The words and numbers that templates use: `say` for both languages, rates, days, marks."""

import re
from typing import Any

from flask import Flask, flash
from markupsafe import Markup

from registry.label import LANGUAGES, Label, language, measured_in

HAN = re.compile(r"([\u3400-\u9fff\uf900-\ufaff][\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]*)")


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


def original(text: Any) -> Any:
    """Words as their source has them: marked as Chinese where a reader of English meets them."""
    if language.get() == "zh" or not any("\u4e00" <= sign <= "\u9fff" for sign in str(text)):
        return text
    return Markup('<span lang="zh-CN">{}</span>').format(text)


def mixed(text: Any) -> Any:
    """English words that quote Chinese ones: only what is quoted is marked as Chinese."""
    if language.get() == "zh":
        return text
    span = Markup('<span lang="zh-CN">{}</span>')
    parts = HAN.split(str(text))  # every other part is one that was found
    return Markup("").join(span.format(part) if place % 2 else part for place, part in enumerate(parts))


def join(app: Flask) -> None:
    app.jinja_env.globals.update(
        say=say, measured_in=measured_in, languages=LANGUAGES, reader_language=language.get
    )
    app.jinja_env.filters.update(thousands=thousands, original=original, mixed=mixed)
