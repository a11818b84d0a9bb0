"""The rows of one key put together: what they share, what each adds, and where they contradict."""

import math
from datetime import date

from registry.codes.person import DocumentOwner, Precision
from registry.exchange.cells.documents import doubt, told_by
from registry.exchange.gathering.merge import GROUP, Merge
from registry.exchange.gathering.parts import Parts
from registry.exchange.gathering.rows import CELL, RowReader, Told
from registry.exchange.mapping import Mapping
from registry.exchange.readers import Row
from registry.label import Label
from registry.rules import identity
from registry.rules.dates import partial
from registry.rules.problem import refusal, warning
from registry.services.imports.case import Case

AGE = Label("年龄由身份证号核对", "An age is checked against the identity number")


def assemble(key: tuple[str, ...], rows: list[Row], told: list[Told], reader: RowReader) -> Case:
    """One case from the rows of its key, whatever their order; identical rows are one."""
    case = _case(key, rows)
    merge = Merge(reader.mapping, case)
    parts = Parts(reader.mapping, case, merge)
    for one in _distinct(told):
        merge.shared(one)
        parts.add(one)
    parts.finish()
    _complete(case, reader.mapping, reader.today)
    case.problems = list(dict.fromkeys(case.problems))
    return case


def refused(key: tuple[str, ...], rows: list[Row], mapping: Mapping) -> Case:
    """Rows that cannot be told apart from others, or do not fit their header."""
    case = _case(key, rows)
    if rows[0].whole:
        columns = ", ".join(mapping.key)
        case.problems = [refusal("row", f"{columns} 为空", f"{columns} is empty", GROUP)]
    else:
        case.problems = [refusal("row", "单元格数与表头不同", "not as many cells as the header", CELL)]
    case.where["row"] = (rows[0].line, mapping.key[0])
    return case


def _case(key: tuple[str, ...], rows: list[Row]) -> Case:
    cells = [(row.line, dict(row.cells)) for row in rows]
    return Case("\x1f".join(key), [row.line for row in rows], {}, rows=cells)


def _distinct(told: list[Told]) -> list[Told]:
    """One of each row that says the same, in an order that is not the file's."""
    if len(told) == 1:
        return told
    seen: dict[str, Told] = {}
    for one in told:
        seen.setdefault(_canonical(one), one)
    return [seen[said] for said in sorted(seen, key=lambda said: (*_rank(seen[said]), said))]


def _rank(told: Told) -> tuple[float, str]:
    """Lesions by number, specimens by letter; those that have none afterwards."""
    number = told.records.get("lesion", {}).get("number")
    letter = told.records.get("specimen", {}).get("letter")
    return (math.inf if number is None else number), letter or "~"


def _canonical(told: Told) -> str:
    said = {record: sorted(values.items()) for record, values in told.records.items()}
    unread = [problem.message for problem in told.problems]
    return repr((sorted(said.items()), sorted(told.agrees.items()), unread))


def _complete(case: Case, mapping: Mapping, today: date) -> None:
    """What follows from the rest: birth from a sound number, enrolment from the examination."""
    if not case.document.get("value"):
        case.records.pop("document", None)
    for name in ("background", "tumour"):
        if not any(value is not None for value in case.records.get(name, {}).values()):
            case.records.pop(name, None)
    _own_number(case, today)
    day = case.examination.get("performed_on") or case.listed.get("listed_on")
    if day is not None and case.enrolment.get("enrolled_on") is None:
        case.records.setdefault("enrolment", {})["enrolled_on"] = day
    for specimen in case.specimens if mapping.about == "cases" else ():
        if specimen.get("taken_on") is None:
            specimen["taken_on"] = case.examination.get("performed_on")


def _own_number(case: Case, today: date) -> None:
    document = case.document
    if not document:
        return
    if document.get("doubtful"):
        said = doubt(document["value"], today) or Label("号码存疑", "the number is doubtful")
        zh, en = f"{said.zh}；已保留并标为存疑", f"{said.en}; kept and marked as doubtful"
        case.problems.append(warning("document-value", zh, en, identity.STANDARD))
        return
    if document.get("owner") not in {None, DocumentOwner.OWN}:
        return
    told = told_by(document["value"], today)
    if isinstance(told, Label):  # a passport or a permit says nothing of its owner
        return
    person = case.records.setdefault("person", {})
    born = partial(person.get("born_on"), person.get("born_precision"))
    if born is not None and born.precision is Precision.AGE and not born.first <= told.birth <= born.last:
        zh, en = "年龄与身份证号的出生日期不符", "the age does not fit the birth date in the identity number"
        case.problems.append(warning("person-born_on", zh, en, AGE))
    if born is None or born.precision is Precision.AGE:
        person["born_on"], person["born_precision"] = told.birth, Precision.DAY
    if person.get("sex") is None:
        person["sex"] = told.sex
