"""What every form shares: values for the services, problems beside their fields, and two versions.

A service that refuses raises `Invalid`; inside `form.showing_problems()` its problems land on the
fields they name, and on the summary above. `Overtaken` keeps both versions for the reader.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, FieldList, Form, FormField
from wtforms.i18n import DummyTranslations

from registry.forms.fields import AnyDay, Kept, KeptWords, Typed
from registry.label import Label
from registry.rules.dates import PartialDate
from registry.rules.problem import Invalid, Problem
from registry.services.unit import Overtaken

UNSEEN = 0  # versions count from one


@dataclass(frozen=True)
class Trouble:
    """One line of the summary: what is wrong, and the control it leads to, if it has one."""

    message: Any
    target: str | None
    where: Any = None


@dataclass(frozen=True)
class Differing:
    """One field that two versions of a case fill differently."""

    label: Any
    stored: str
    typed: str


class Part(Form):
    """Some fields of one record."""

    class Meta:
        locales = False

        def get_translations(self, form: Any) -> Any:
            return DummyTranslations()  # our messages are Labels

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in, by column; a partial date with its precision in the column beside it."""
        return columns_of(self)

    @property
    def blank(self) -> bool:
        """Whether nobody has filled anything in."""
        return all(
            field.data in (None, "", []) and not field.process_errors
            for field in self._fields.values()
            if not isinstance(field, FormField | FieldList) and field.kind != "hidden"
        )


def columns_of(form: Form) -> dict[str, Any]:
    """What was filled in, by column; a partial date with its precision in the column beside it."""
    found: dict[str, Any] = {}
    for name, field in form._fields.items():
        if not isinstance(field, Typed) or field.kind == "hidden":
            continue
        found[name] = field.data
        if isinstance(field, AnyDay) and field.partial:
            known = field.data
            found[name] = known.day if isinstance(known, PartialDate) else known
            found[precision_of(name)] = known.precision if isinstance(known, PartialDate) else None
            if known is not None and not isinstance(known, PartialDate):
                found[precision_of(name)] = PartialDate(known).precision
    return found


def precision_of(name: str) -> str:
    """The column that says how exactly a date is known.

    >>> precision_of("born_on"), precision_of("as_of")
    ('born_precision', 'as_of_precision')
    """
    return f"{name.removesuffix('_on')}_precision"


class Page(FlaskForm):
    """A whole form: its parts, the version its reader saw, and what came of sending it."""

    version = Kept()

    class Meta:
        locales = False

        def get_translations(self, form: Any) -> Any:
            return DummyTranslations()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.status = 200
        self.loose: list[Problem] = []
        self.warnings: list[Problem] = []
        self.overtaken: Overtaken | None = None

    @property
    def seen(self) -> int:
        """The version of the record that its reader had; who sends none has seen none that is stored."""
        return self.version.data or UNSEEN

    def fits(self) -> bool:
        """Whether it was sent and every field could be read."""
        if not self.is_submitted():
            return False
        if self.validate():
            return True
        self.status = 422
        return False

    @contextmanager
    def showing_problems(self) -> Iterator[None]:
        """Run a service; what it refuses is shown beside the fields, nothing having been written."""
        try:
            yield
        except Invalid as wrong:
            self.show(wrong.problems)
        except Overtaken as moved:
            self.overtaken, self.status = moved, 409

    def show(self, problems: Iterable[Problem]) -> None:
        """Put each refusal beside its field, each warning where it can be accepted."""
        self.status = 422
        for problem in problems:
            field = self.at(problem.field)
            if not problem.refuse:
                self._ask(problem, field)
            elif field is None:
                self.loose.append(problem)
            else:
                field.errors = [*field.errors, problem.message]

    def _ask(self, problem: Problem, field: Field | None) -> None:
        """Show a warning with room for the reason for accepting it."""
        self.warnings.append(problem)
        rows = getattr(self, "accepted", None)
        if rows is None:
            return
        known = (row for row in rows.entries if row.form.concerns(problem))
        row = next(known, None) or rows.append_entry({"field": problem.field, "clause": problem.key})
        row.form.says, row.form.rule = problem.message, problem.clause
        row.form.place = field.id if field is not None else None

    def at(self, path: str) -> Field | None:
        """The field of a path such as "lesions-0-size_mm"; the number counts the rows that were kept."""
        here: Any = self
        for step in path.split("-"):
            if isinstance(here, FormField):
                here = here.form
            if isinstance(here, FieldList):
                rows = self.kept(here)
                here = rows[int(step)] if step.isdigit() and int(step) < len(rows) else None
            else:
                here = getattr(here, "_fields", {}).get(step)
            if here is None:
                return None
        return None if isinstance(here, FormField | FieldList) else here

    def kept(self, rows: FieldList) -> list[FormField]:
        """The rows that go to the service: those in which something stands."""
        return [row for row in rows.entries if not row.form.blank or _id_of(row)]

    def troubles(self) -> list[Trouble]:
        """The summary above the form, in the order of the page."""
        found = [
            Trouble(message, field.id, field.label.text)
            for field in every_field(self)
            for message in field.errors
        ]
        return found + [Trouble(problem.message, None) for problem in self.loose]

    def differences(self, stored: "Page") -> list[Differing]:
        """Where what was typed differs from the record as it is now."""
        mine, theirs = plain_values(self), plain_values(stored)
        return [
            Differing(label, theirs.get(path, (label, ""))[1], typed)
            for path, (label, typed) in {**theirs_empty(theirs), **mine}.items()
            if typed != theirs.get(path, (label, ""))[1]
        ]


def every_field(form: Any) -> Iterator[Typed]:
    """Every field that holds a value, in the order of the page."""
    for field in form:
        if isinstance(field, FormField):
            yield from every_field(field.form)
        elif isinstance(field, FieldList):
            for row in field.entries:
                yield from every_field(row.form if isinstance(row, FormField) else [row])
        elif isinstance(field, Typed):
            yield field


def plain_values(form: Page) -> dict[str, tuple[Any, str]]:
    """Each filled field by its path: its label, and its value as a reader sees it."""
    found = {}
    for field in every_field(form):
        if isinstance(field, Kept | KeptWords):
            continue
        if text := field.plain():
            found[field.name] = (_placed(field), text)
    return found


def theirs_empty(theirs: dict[str, tuple[Any, str]]) -> dict[str, tuple[Any, str]]:
    """The same fields with nothing in them: what I have where they have something and I have not."""
    return {path: (label, "") for path, (label, _) in theirs.items()}


def _placed(field: Typed) -> Any:
    """A field's label, with the number of its row where there are several."""
    parts = field.name.split("-")
    if len(parts) == 3 and parts[1].isdigit():
        rows = {"lesions": Label("病变", "Lesion"), "specimens": Label("标本", "Specimen")}
        row = rows.get(parts[0], Label("第", "No."))
        return Label("%(row)s %(n)s：%(label)s", "%(row)s %(n)s: %(label)s") % {
            "row": row,
            "n": int(parts[1]) + 1,
            "label": field.label.text,
        }
    return field.label.text


def _id_of(row: FormField) -> int | None:
    field = row.form._fields.get("id")
    return None if field is None else field.data
