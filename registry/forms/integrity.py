"""The form by which an endoscopist answers what stands out in the own records."""

from registry.forms.derive import field_for
from registry.forms.page import Page
from registry.label import Label
from registry.models import IntegritySignal


class AnswerForm(Page):
    """A sentence or two, in the person's own words."""

    comment = field_for(
        IntegritySignal.comment,
        hint=Label("不写受检者姓名，可写检查号", "No names; an examination's number will do"),
    )
