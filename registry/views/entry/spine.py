"""The spine of a case: what is complete, open and wrong, before any script has looked."""

from dataclasses import dataclass
from typing import Any

from registry.forms.case import CaseForm
from registry.label import Label
from registry.rules import completeness

SIGNS = {"done": "✓", "open": "◐", "wrong": "✕", "later": "–", "due": "▲"}
PERSON = Label("受检者", "Person")
NONE = Label("无", "none")
EMPTY = Label("未填", "empty")
COMPLETE = Label("完整", "complete")


@dataclass(frozen=True)
class Step:
    """One step: its section of the page, its state, and that state in words."""

    key: str
    label: Label
    state: str
    told: Any
    address: str

    @property
    def sign(self) -> str:
        return SIGNS[self.state]


def spine(form: CaseForm, person_address: str, person: Any) -> list[Step]:
    """The steps of a case in their order."""
    examination = form.examination.form
    lesions = [row.form.values for row in form.kept(form.lesions)]
    specimens = [row.form.values for row in form.kept(form.specimens)]
    open_lesions = sum(len(completeness.lesion(**one)) for one in lesions)
    open_specimens = sum(not one["pathology_number"] for one in specimens)
    exam_open = len(completeness.examination(**examination.values)) if examination.kind else 0
    personal = len(completeness.person(sex=person.sex, born_on=person.age))
    care = examination.any_adverse_event.data is not None
    due = form.next_due.form
    return [
        Step("person", PERSON, "open" if personal else "done", _told(personal), person_address),
        _step(form, "examination", Label("检查", "Examination"), examination.kind is not None, exam_open),
        _step(form, "lesions", Label("病变", "Lesions"), bool(lesions), open_lesions, len(lesions)),
        _step(form, "specimens", Label("标本", "Specimens"), bool(specimens), open_specimens, len(specimens)),
        _step(form, "care", Label("处理", "Care"), care or bool(form.adverse_events.entries), 0),
        _step(form, "next", Label("下一步", "Next"), not due.blank, 0),
    ]


def _step(form: CaseForm, key: str, label: Label, begun: bool, left: int, rows: int | None = None) -> Step:
    parts = {"next": "next_due", "care": "adverse_events"}
    targets = [trouble.target or "" for trouble in form.troubles()]
    wrong = sum(target.startswith(parts.get(key, key)) for target in targets)
    if wrong:
        return Step(key, label, "wrong", Label("%(n)s 处有误", "%(n)s wrong") % {"n": wrong}, f"#{key}")
    if not begun:
        return Step(key, label, "later", EMPTY if rows is None else NONE, f"#{key}")
    told = _told(left)
    if rows:
        told = Label("%(n)s 处 · %(told)s", "%(n)s · %(told)s") % {"n": rows, "told": told}
    return Step(key, label, "open" if left else "done", told, f"#{key}")


def _told(left: int) -> Label:
    return Label("待补 %(n)s", "%(n)s to fill in") % {"n": left} if left else COMPLETE
