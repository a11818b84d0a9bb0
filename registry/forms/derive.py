"""The field that asks for a column, read off the column: label, codes, limits, unit and length."""

from datetime import date, time
from typing import Any

from registry.forms.choices import MOST_BUTTONS, Code, Few, YesNo
from registry.forms.fields import AnyDay, Clock, Measure, Prose, Whole, Words


def field_for(column: Any, **options: Any) -> Any:
    """The field that asks for a column, with its label, codes, limits, unit and length.

    `column` is a mapped attribute, such as ``Lesion.size_mm``. Options overrule what was derived.
    """
    column = column.property.columns[0]
    info = column.info
    given: dict[str, Any] = {
        "label": info.get("label"),
        "required": not column.nullable and column.default is None,
    }
    given |= {name: info[name] for name in ("unit", "length") if info.get(name)}
    if codes := info.get("codes"):
        return Code(**({**given, "codes": codes} | options))
    kind = column.type.python_type
    if limits := info.get("limits"):
        given |= {"limits": limits, "usual": info.get("usual")}
        few = kind is int and limits[1] - limits[0] < MOST_BUTTONS
        return (Few if few else Whole if kind is int else Measure)(**(given | options))
    fields = {bool: YesNo, date: AnyDay, time: Clock}
    default = Prose if (info.get("length") or 0) >= 400 else Words
    return fields.get(kind, default)(**(given | options))
