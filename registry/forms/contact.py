"""The form of a follow-up contact: whom was reached, how they are, when they are due again."""

from typing import Any

from registry.codes.outcome import ContactOutcome
from registry.forms.choices import Pick
from registry.forms.derive import field_for
from registry.forms.fields import AnyDay, Kept
from registry.forms.page import Page
from registry.label import Label
from registry.models import FollowUp


class FollowUpForm(Page):
    """One contact with a person."""

    outcome = field_for(FollowUp.outcome, buttons=True, required=True)
    contacted_on = field_for(FollowUp.contacted_on)
    mode = field_for(FollowUp.mode)
    died_on = AnyDay(
        Label("死亡日期", "Death date"),
        partial=True,
        hint=Label("只知年或年月也可", "The year, or year and month, will do"),
    )
    recurrence = field_for(FollowUp.recurrence)
    tumour_id = Pick(Label("所指肿瘤", "Which tumour"))
    next_due_on = AnyDay(Label("下次日期", "Next due on"), future=True)
    next_due_what = field_for(FollowUp.next_due_what, buttons=False)
    next_due_reason = field_for(FollowUp.next_due_reason)
    note = field_for(FollowUp.note)
    settles = Kept()

    def fits(self) -> bool:
        if not super().fits():
            return False
        if self.outcome.data is ContactOutcome.DIED and self.died_on.data is None:
            self.died_on.errors = [
                Label("请填写死亡日期，只知年月也可", "Please give the death date; the month or year will do")
            ]
            self.status = 422
            return False
        return True

    @property
    def values(self) -> dict[str, Any]:
        """What `services.course.outcome.contact` takes, apart from the person."""
        found = {
            name: self._fields[name].data
            for name in (
                *("outcome", "contacted_on", "mode", "recurrence", "next_due_on", "next_due_what"),
                *("next_due_reason", "note", "settles"),
            )
        }
        died = self.died_on.data if self.outcome.data is ContactOutcome.DIED else None
        found["died_on"] = getattr(died, "day", None) if hasattr(died, "precision") else died
        found["died_precision"] = getattr(died, "precision", None)
        found["tumour_id"] = self.tumour_id.data
        return found


class OneKeyForm(Page):
    """A contact recorded by one key in the list of those due."""

    outcome = field_for(FollowUp.outcome, buttons=True, required=True)
    settles = Kept()
