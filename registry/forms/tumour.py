"""The forms about a tumour: what was decided of its stage, and how it was treated."""

from typing import Any

from registry.forms.derive import field_for
from registry.forms.fields import AnyDay, Words
from registry.forms.page import Page
from registry.label import Label
from registry.models import Treatment, Tumour

STAGED = (
    *("stage_edition", "stage_prefix", "t", "n", "m", "stage_group", "summary_stage"),
    *("topography", "morphology", "basis", "detection", "primary_rule"),
)


class StageForm(Page):
    """What people decide of a tumour: stage, basis, mode of detection."""

    stage_edition = field_for(Tumour.stage_edition)
    stage_prefix = field_for(Tumour.stage_prefix)
    t = field_for(Tumour.t, buttons=False)
    n = field_for(Tumour.n, buttons=False)
    m = field_for(Tumour.m)
    stage_group = field_for(Tumour.stage_group)
    summary_stage = field_for(Tumour.summary_stage)
    topography = field_for(Tumour.topography)
    morphology = field_for(Tumour.morphology)
    basis = field_for(Tumour.basis, buttons=False)
    detection = field_for(Tumour.detection)
    primary_rule = field_for(Tumour.primary_rule)
    reason = Words(Label("修改理由", "Reason for the change"), length=200)

    @property
    def values(self) -> dict[str, Any]:
        return {name: self._fields[name].data for name in STAGED}


class TreatmentForm(Page):
    """One treatment, given or refused."""

    type = field_for(Treatment.type)
    started_on = AnyDay(Label("开始日期", "Started on"), partial=True)
    intent = field_for(Treatment.intent)
    completeness = field_for(Treatment.completeness)
    refused = field_for(Treatment.refused)

    @property
    def values(self) -> dict[str, Any]:
        found = {name: self._fields[name].data for name in ("type", "intent", "completeness", "refused")}
        began = self.started_on.data
        found["started_on"] = getattr(began, "day", None) if hasattr(began, "precision") else began
        found["started_precision"] = getattr(began, "precision", None)
        return found
