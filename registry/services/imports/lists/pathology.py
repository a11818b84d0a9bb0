"""A list of pathology by pathology number: waiting specimens get their report, a changed text revises it.

The number finds the specimen; where two bear it, name and date decide or the line is refused. A list
brings words, never codes: these are read from the words and confirmed by a person.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from registry.extensions import db
from registry.label import Label
from registry.models import Report, Specimen
from registry.queries.record.matching import plain
from registry.queries.record.people import enrolment_of
from registry.rules.problem import Invalid, Problem, refusal, refusals
from registry.rules.report import check
from registry.services.cases import proposals
from registry.services.cases.pathology import record_report
from registry.services.here import centre_here
from registry.services.imports.case import Case
from registry.services.unit import change
from registry.services.values import today

NUMBER = Label("病理号指本中心的一份标本", "A pathology number is one specimen of this centre")
PATH = "specimens-0-pathology_number"


@dataclass(frozen=True)
class Meant:
    """What a line would do: its specimen, and whether its report is "new", "updated" or "unchanged"."""

    specimen: Specimen
    outcome: str
    current: Report | None = None


def store(case: Case, *, run_id: int, source: str) -> str:
    """Give the specimen of a line its report: "new", "updated" (also a revision) or "unchanged".

    Raises
    ------
    Invalid
        Storing nothing: no such number, two specimens of it, another name, or a report that
        contradicts its specimen.
    """
    return take(case, source=source)


def take(case: Case, *, source: str) -> str:
    """As `store`; `source` says in the trail where a revision came from."""
    report = _report(case)
    with change("report.list") as unit:
        meant = find(case)
        if meant.outcome == "unchanged":
            return "unchanged"
        if meant.current is not None and not meant.current.wording:
            unit.edit(meant.current).wording = report["wording"]  # coded by hand; now its words come
            proposals.refresh(unit, meant.specimen.examination)
            return "updated"
        revised = Label(f"{source}：报告已更改", f"{source}: the report has changed")
        unit.reason = str(revised) if meant.current is not None else None
        told: dict[str, Any] = {
            name: report.get(name) for name in ("reported_on", "received_on", "laboratory", "wording")
        }
        record_report(meant.specimen, supersedes=meant.current, reason=unit.reason, **told)
        return meant.outcome


def find(case: Case) -> Meant:
    """The specimen of a line and what would become of its report; writes nothing.

    Raises
    ------
    Invalid
        When the line cannot be stored.
    """
    if stopping := refusals(case.problems):
        raise Invalid(stopping)
    report = _report(case)
    specimen = _specimen(case)
    arrived, reported = report.get("received_on"), report.get("reported_on")
    found = check(taken_on=specimen.taken_on, received_on=arrived, reported_on=reported, today=today())
    if wrong := refusals(found):
        raise Invalid([problem.under("specimens-0-report") for problem in wrong])
    reports = list(
        db.session.scalars(select(Report).where(Report.specimen_id == specimen.id).order_by(Report.id))
    )
    current = next((one for one in reversed(reports) if one.current), None)
    if any(_bare(one.wording) == _bare(report["wording"]) for one in reports):
        return Meant(specimen, "unchanged", current)
    return Meant(specimen, "new" if current is None else "updated", current)


def _report(case: Case) -> Mapping[str, Any]:
    first = case.specimens[0] if case.specimens else {}
    report: Mapping[str, Any] = first.get("report") or {}
    if not report.get("wording"):
        zh, en = (
            "没有报告内容；还没有报告的行请留在原处",
            "There is no text; leave out lines without a report",
        )
        raise Invalid([refusal("specimens-0-report-wording", zh, en, NUMBER)])
    return report


def _specimen(case: Case) -> Specimen:
    """The one specimen that the number means."""
    number = case.specimens[0].get("pathology_number")
    if not number:
        raise Invalid([refusal(PATH, "请填写病理号", "The pathology number is needed", NUMBER)])
    spelt = unicodedata.normalize("NFKC", number).strip()
    found = list(
        db.session.scalars(
            select(Specimen)
            .where(
                Specimen.centre_id == centre_here(),
                or_(*(Specimen.pathology_number == one for one in {number, spelt, spelt.upper()})),
            )
            .order_by(Specimen.id)
        )
    )
    if not found:
        zh, en = (
            f"病理号 {number} 还没有登记：请先录入检查和标本，或核对号码",
            f"No specimen has the number {number}: record its examination first, or check the number",
        )
        raise Invalid([refusal(PATH, zh, en, NUMBER)])
    fitting = [one for one in found if _fits(one, case)]
    if len(fitting) == 1:
        return fitting[0]
    raise Invalid([_unclear(number, len(found), fitting)])


def _unclear(number: str, count: int, fitting: list[Specimen]) -> Problem:
    if not fitting:
        return refusal(
            PATH,
            f"病理号 {number} 是另一人的或早于取材，请核对姓名和日期",
            f"The number {number} is somebody else's, or the report is older than the tissue: "
            "check name and dates",
            NUMBER,
        )
    return refusal(
        PATH,
        f"有 {count} 份标本用病理号 {number}，请加姓名或日期，或在病例中录入",
        f"{count} specimens have the number {number}: add name or date, or enter it on the case",
        NUMBER,
    )


def _fits(specimen: Specimen, case: Case) -> bool:
    """Whether name and dates of the line, as far as it tells them, go with a specimen."""
    examination = specimen.examination
    known = enrolment_of(examination.person_id)
    name, stored = case.enrolment.get("name"), known.name if known is not None else None
    if name and stored and plain(stored) != plain(name):
        return False
    if (performed := case.examination.get("performed_on")) and performed != examination.performed_on:
        return False
    taken = case.specimens[0].get("taken_on")
    reported = case.specimens[0]["report"].get("reported_on")
    return (not taken or taken == specimen.taken_on) and (not reported or reported >= specimen.taken_on)


def _bare(words: str | None) -> str:
    """A text as two versions are compared: without width, spaces and signs."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", words or "").casefold())
