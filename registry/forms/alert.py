"""The forms of an alert: who answers for it and what is planned, and how it ended."""

from typing import Any

from registry.forms.choices import Pick
from registry.forms.derive import field_for
from registry.forms.page import Page
from registry.label import Label
from registry.models import Alert

TENDED = ("owner_id", "note", "plan", "due_on")


class AlertForm(Page):
    """Owner, note and action plan."""

    owner_id = Pick(Label("负责人", "Owner"))
    note = field_for(
        Alert.note,
        hint=Label("不写受检者姓名，可写检查编号", "No names; an examination's number will do"),
    )
    plan = field_for(Alert.plan)
    due_on = field_for(Alert.due_on, future=True)

    @property
    def values(self) -> dict[str, Any]:
        return {name: self._fields[name].data for name in TENDED}


class EndForm(Page):
    """Outcome and conclusion."""

    outcome = field_for(Alert.outcome, buttons=False)
    conclusion = field_for(Alert.conclusion)

    @property
    def values(self) -> dict[str, Any]:
        return {"outcome": self.outcome.data, "conclusion": self.conclusion.data}
