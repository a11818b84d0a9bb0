"""What a pasted report does to the form of a case or of a pathology report: fill it, save nothing."""

from typing import Any

from flask import request

from registry.exchange.pasting import report
from registry.forms.case import CaseForm
from registry.forms.filling import Filling
from registry.forms.report import ReportForm
from registry.label import Label
from registry.queries.record.matching import plain
from registry.services.here import centre_here
from registry.services.staff.source_words import staff_of
from registry.services.values import today
from registry.views.entry.strip import Strip

SOMEBODY_ELSE = Label(
    "报告上的%(what)s与本页受检者不同，没有填入任何内容。请核对是不是这个人的报告。",
    "The report's %(what)s is not that of the person on this page: nothing was filled in. Check whose it is.",
)
TAKEN_OVER = frozenset({"performed_on", "operator_id", "sedation", "scope"})
EMPTY = Label("没有文字。请先粘贴报告全文。", "There is no text. Paste the whole report first.")


def into_case(form: CaseForm, line: Strip, *, new: bool) -> Filling:
    """Fill the form of a case from the pasted endoscopy report; nothing where it is somebody else's.

    On a `new` case the report goes before what was only taken over from the day or the last case.
    """
    text = request.form.get("pasted", "")
    examination = form.examination.form
    found = report.endoscopy(text, today=today(), kind=examination.kind)
    filling = Filling(text, refused=_refused(text, line, found.name, found.sex))
    if filling.refused:
        return filling
    over = TAKEN_OVER if new else frozenset()
    filling.fill(examination, [*found.examination, *_operator(examination, found.operator)], over=over)
    if examination.kind is None or not examination.kind.lower:
        filling.fill(form.background.form, found.background)
    lesions = [_row_for(form.lesions, lesion, "site") for lesion in found.lesions]
    for row, lesion in zip(lesions, found.lesions, strict=True):
        filling.fill(row, lesion)
    form.number_rows()
    if found.specimens and not form.kept(form.specimens):
        row = form.specimens.entries[0] if form.specimens.entries else form.specimens.append_entry({})
        values = found.specimens[0]
        if len(lesions) == 1:  # what was taken is taken from it, unless the reader says otherwise
            values = [one for one in values if one.field != "origin"]
            row.form.lesions.data = [lesions[0].number.data]
        filling.fill(row.form, values)
        form.number_rows()
    return filling


def into_report(form: ReportForm, specimen: Any, line: Strip) -> Filling:
    """Fill the form of a pathology report from the pasted one; nothing where it is of another specimen."""
    text = request.form.get("pasted", "")
    organs = {lesion.site.organ for lesion in specimen.lesions if lesion.site}
    organ = organs.pop() if len(organs) == 1 else None
    found = report.pathology(text, today=today(), organ=organ, resected=specimen.method.resects)
    filling = Filling(text, refused=_refused(text, line, found.name, None))
    numbers = {plain(number) for number in (found.pathology_number, specimen.pathology_number) if number}
    if len(numbers) == 2:
        what = Label("病理号", "pathology number")
        filling.refused = filling.refused or SOMEBODY_ELSE % {"what": what}
    if filling.refused:
        return filling
    filling.fill(form, found.report)
    for row, values in _paired(form, found.results, specimen):
        filling.fill(row, values)
    return filling


def _paired(form: ReportForm, results: list[Any], specimen: Any) -> list[tuple[Any, Any]]:
    """Each result beside the row it is about: by the lesion's site, else where only one is left."""
    sites = {lesion.id: lesion.site for lesion in specimen.lesions}
    rows = [row.form for row in form.results.entries]
    pairs, left = [], []
    for part, values in results:
        fitting = [row for row in rows if part.site and sites.get(row.lesion_id.data) is part.site]
        if len(fitting) == 1:
            pairs.append((fitting[0], values))
            rows.remove(fitting[0])
        else:
            left.append(values)
    if len(left) == 1 and len(rows) == 1:
        pairs.append((rows[0], left[0]))
    return pairs


def _row_for(rows: Any, values: list[Any], key: str) -> Any:
    """The row that these values are about: one that says the same place, an empty one, or a new one."""
    said = next((one.value for one in values if one.field == key), None)
    for row in rows.entries:
        if row.form.blank or (
            said is not None and row.form._fields[key].data is said and not row.form.read_in
        ):
            row.form.read_in = True
            return row.form
    row = rows.append_entry({}).form
    row.read_in = True
    return row


def _operator(examination: Any, words: str | None) -> list[report.Filled]:
    """The doctor whom the report names, if that is one of this centre's."""
    user_id = staff_of(centre_here()).operator(words)
    if user_id is None or str(user_id) not in dict(examination.operator_id.offered):
        return []
    return [report.Filled("operator_id", user_id, words or "")]


def _refused(text: str, line: Strip, name: str | None, sex: Any) -> Label | None:
    """Why a text is not read in: it is empty, or about somebody else."""
    if not text.strip():
        return EMPTY
    if name and line.name and not _same_name(name, line.name):
        return SOMEBODY_ELSE % {"what": Label("姓名", "name")}
    if sex is not None and line.sex.code in "12" and sex.code in "12" and sex is not line.sex:
        return SOMEBODY_ELSE % {"what": Label("性别", "sex")}
    return None


def _same_name(told: str, known: str) -> bool:
    """Whether a name on a report, perhaps masked as 赵**, may be that of the person."""
    told, known = plain(told), plain(known)
    if any(sign in told for sign in "*＊某x"):
        return told[:1] == known[:1]
    return told == known or not any("\u4e00" <= sign <= "\u9fff" for sign in told)
