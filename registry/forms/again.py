"""The form of a second entry: the fields that are asked of this examination, and whether there are papers."""

from collections.abc import Iterable
from typing import Any

from registry.forms.choices import Tick
from registry.forms.derive import field_for
from registry.forms.page import Page
from registry.label import Label
from registry.queries.review.reabstraction_fields import BY_KEY, Again


class AgainForm(Page):
    """What somebody else reads on the papers."""

    asked: tuple[str, ...] = ()
    papers_missing = Tick(Label("找不到原始资料", "The papers cannot be found"), otherwise=False)

    @property
    def values(self) -> dict[str, Any]:
        """What was read, by the fields' keys; None is not filled in."""
        return {key: self._fields[key].data for key in self.asked}


def again_form(keys: Iterable[str]) -> AgainForm:
    """A form of these fields, as they were asked at the draw."""
    fields = [BY_KEY[key] for key in keys if key in BY_KEY]
    made: Any = type("AgainForm", (AgainForm,), {one.key: _field(one) for one in fields})
    made.asked = tuple(one.key for one in fields)
    form: AgainForm = made()
    return form


def _field(one: Again) -> Any:
    hint = None
    if one.within:
        unit = one.column.property.columns[0].info.get("unit", "")
        hint = Label("相差不超过 %(n)s %(unit)s 算一致", "a difference of up to %(n)s %(unit)s agrees") % {
            "n": f"{one.within:g}",
            "unit": unit,
        }
    return field_for(one.column, label=one.label, hint=hint, required=False)
