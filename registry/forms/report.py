"""The form of a pathology report: one result for each lesion or site that the specimen takes in."""

from typing import Any

from wtforms import FieldList, FormField

from registry.forms.case import AcceptedForm
from registry.forms.derive import field_for
from registry.forms.fields import Kept, Words
from registry.forms.page import Page, Part
from registry.label import Label
from registry.models import Report, Result

RESECTED = (
    *("depth", "depth_um", "ulceration", "lymphatic", "venous", "horizontal_margin", "vertical_margin", "r0"),
    *("undifferentiated_mm", "budding"),
)


class ResultForm(Part):
    """What the report says of one lesion, or of one site without a lesion."""

    lesion_id = Kept()
    origin = field_for(Result.origin)
    finding = field_for(Result.finding, buttons=True, essential=True)
    vienna = field_for(Result.vienna, buttons=True, essential=True)
    vienna_version = field_for(Result.vienna_version)
    who_type = field_for(Result.who_type, essential=True)
    morphology = field_for(Result.morphology)
    differentiation = field_for(Result.differentiation)
    depth = field_for(Result.depth, buttons=False)
    depth_um = field_for(Result.depth_um)
    ulceration = field_for(Result.ulceration)
    lymphatic = field_for(Result.lymphatic)
    venous = field_for(Result.venous)
    horizontal_margin = field_for(Result.horizontal_margin)
    vertical_margin = field_for(Result.vertical_margin)
    r0 = field_for(Result.r0)
    size_mm = field_for(Result.size_mm)
    undifferentiated_mm = field_for(Result.undifferentiated_mm)
    villous_percent = field_for(Result.villous_percent)
    budding = field_for(Result.budding)

    @property
    def values(self) -> dict[str, Any]:
        found = super().values | {"lesion_id": self.lesion_id.data}
        if found["vienna"] is None:
            found["vienna_version"] = None  # it says by which wording a category was given
        return found


class ReportForm(Page):
    """One report on one specimen; a revision says which report it takes the place of."""

    reported_on = field_for(Report.reported_on, required=True)
    received_on = field_for(Report.received_on)
    laboratory = field_for(Report.laboratory)
    wording = field_for(Report.wording)
    results = FieldList(FormField(ResultForm))
    supersedes_id = Kept()
    reason = Words(Label("取代首份报告的理由", "Why it takes the place of the earlier report"), length=200)
    accepted = FieldList(FormField(AcceptedForm))

    @property
    def record(self) -> dict[str, Any]:
        """What `services.cases.pathology.record_report` takes, apart from the specimen."""
        return {
            "reported_on": self.reported_on.data,
            "received_on": self.received_on.data,
            "laboratory": self.laboratory.data,
            "wording": self.wording.data,
            "results": [row.form.values for row in self.kept(self.results)],
            "accepted": [one for row in self.accepted.entries if (one := row.form.values)["reason"]],
        }

    def kept(self, rows: FieldList) -> list[FormField]:
        """A result counts once the report says something of it; the site alone is no result."""
        if rows is not self.results:
            return super().kept(rows)
        return [row for row in rows.entries if _says_something(row.form)]


def _says_something(form: ResultForm) -> bool:
    said = {name: value for name, value in form.values.items() if name not in {"lesion_id", "origin"}}
    return any(value is not None for value in said.values())
