"""The forms of a query to a centre: what is asked about, and what is said in a step."""

from typing import Any

from registry.forms.choices import Choice
from registry.forms.derive import field_for
from registry.forms.page import Page
from registry.label import Label
from registry.models import InquiryStep

NAMELESS = Label(
    "不写受检者的姓名、证件号和电话；写检查号、病变序号即可",
    "No name, document or phone of the person: the examination number and the lesion's will do",
)


class Offered(Choice):
    """One of the values that the view offers."""

    def __init__(self, label: Any = None, **options: Any) -> None:
        super().__init__(label, buttons=False, **options)
        self.offered: list[tuple[str, Any]] = []

    def listed(self) -> list[tuple[str, Any]]:
        return self.offered

    def read(self, typed: str) -> Any:
        return typed  # what was not offered the service refuses, in words


class SaidForm(Page):
    """An answer, another question, or the end."""

    said = field_for(InquiryStep.said, label=Label("内容", "What to say"), hint=NAMELESS, required=False)


class AskForm(SaidForm):
    """A query about one field of a case."""

    field = Offered(Label("项目", "Field"), required=True)
    place = Offered(Label("哪一处病变或标本", "Which lesion or specimen"))

    @property
    def values(self) -> dict[str, Any]:
        return {"field": self.field.data, "place": self.place.data, "said": self.said.data}
