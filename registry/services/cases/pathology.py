"""Pathology reports, and what they prove of each lesion."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from registry.codes.pathology import Vienna, ViennaVersion
from registry.extensions import db
from registry.label import Label
from registry.models import Covering, Examination, Lesion, Report, Result, Specimen
from registry.queries.record.tissue import current_results
from registry.rules import report as rules
from registry.rules.problem import Problem, refusal
from registry.rules.problem import demand as stop_at
from registry.rules.summary import ResultFacts, Summary, summarise
from registry.services.cases import flags, proposals
from registry.services.course import tumours
from registry.services.unit import Unit, change
from registry.services.values import image, put, read, today

COVERED = Label("结果所指的病变在该标本之内", "A result is about a lesion that the specimen covers")
REVISION = Label(
    "修订取代同一标本的现行报告，并说明理由",
    "A revision replaces a current report of the same specimen, with a reason",
)
SAYS = Label("报告要有内容", "A report says something")


def record_report(
    specimen: Specimen,
    *,
    reported_on: date | None = None,
    received_on: date | None = None,
    laboratory: str | None = None,
    wording: str | None = None,
    results: Iterable[Mapping[str, Any]] = (),
    supersedes: Report | int | None = None,
    seen: int | None = None,
    reason: str | None = None,
    accepted: Iterable[Mapping[str, str]] = (),
    ask: bool = False,
) -> Report:
    """Store a pathology report on a specimen, with one result per lesion or site.

    Each result is a dict of the columns of Result with `lesion_id`, or `origin` where the tissue
    came from no lesion. `supersedes` names the current report that this one revises: it stays
    readable and counts no more. `seen` is the version of the examination that the reader had.

    Raises
    ------
    Invalid
        Changing nothing, when the report contradicts the examination or itself; `Unaccepted` where
        only flags are left, `ask` is true, and they are not among `accepted`.
    Overtaken
        When somebody else changed the case since `seen`.
    """
    values, problems = read(
        Report,
        {
            "reported_on": reported_on,
            "received_on": received_on,
            "laboratory": laboratory,
            "wording": wording,
        },
    )
    given = []
    for place, result in enumerate(results):
        columns, wrong = read(Result, result, path=f"results-{place}")
        given.append(columns)
        problems += wrong
    with change("report.record", seen=seen, root=specimen.examination, reason=reason) as unit:
        examination = specimen.examination
        covered = {lesion.id: lesion for lesion in specimen.lesions}
        old, wrong = _superseded(specimen, supersedes, reason)
        problems += [*wrong, *_about(given, covered), *_empty(given, values)]
        sites = [covered[row["lesion_id"]].site if row.get("lesion_id") in covered else None for row in given]
        problems += rules.check(
            taken_on=specimen.taken_on,
            received_on=received_on,
            reported_on=reported_on,
            method=specimen.method,
            results=[
                row | {"organ": site.organ if site else None} for row, site in zip(given, sites, strict=True)
            ],
            today=today(),
        )
        shown = flags.settle_accepted(stop_at(problems), accepted, ask=ask)
        report = unit.add(Report(specimen=specimen, current=True, **values))
        if old is not None:
            unit.edit(old).current = False
            report.supersedes_id = old.id
        for row in given:
            unit.add(Result(report=report, **row))
        unit.session.flush()
        flags.store(unit, examination, shown, under=f"report-{report.id}")
        settle(unit, examination)
        tumours.settle(unit, examination.person_id)
        proposals.refresh(unit, examination)
    return report


def code(
    unit: Unit,
    report: Report,
    values: Mapping[str, Any],
    *,
    lesion: Lesion | None = None,
    origin: str | None = None,
    result: Result | None = None,
) -> tuple[Result, list[Problem]]:
    """Code what a report's words say, inside a change: a new result, or one that is completed; and what
    is unlikely about it since.

    The report stays the same one, for coding is no revision. Whoever calls settles the case after.

    Raises Invalid where the result would contradict itself or its specimen.
    """
    specimen = report.specimen
    given = {name: value for name, value in values.items() if value is not None}
    if "vienna" in given and (result is None or result.vienna_version is None):
        original = given["vienna"] is Vienna.INTRAMUCOSAL_ORIGINAL
        given["vienna_version"] = ViennaVersion.SCHLEMPER_2000 if original else ViennaVersion.DIXON_2002
    before = image(result) if result is not None else {}
    organ = lesion.site.organ if lesion is not None and lesion.site is not None else None
    beside: dict[str, Any] = {"method": specimen.method, "organ": organ}
    known = rules.check_result(**before, **beside) if result is not None else []
    unlikely = [flag for flag in stop_at(rules.check_result(**before | given | beside)) if flag not in known]
    if result is not None:
        put(unit.edit(result), given)
        return result, unlikely
    return unit.add(
        Result(report=report, lesion=lesion, origin=None if lesion else origin, **given)
    ), unlikely


def settle(unit: Unit, examination: Examination) -> None:
    """Settle what the current reports prove of each lesion of an examination, and which are awaited."""
    unit.session.flush()
    specimens = db.session.scalars(
        select(Specimen).where(Specimen.examination_id == examination.id).order_by(Specimen.id)
    ).all()
    reported = set(
        db.session.scalars(
            select(Report.specimen_id)
            .join(Specimen, Specimen.id == Report.specimen_id)
            .where(Specimen.examination_id == examination.id, Report.current)
        )
    )
    for specimen in specimens:
        unit.edit(specimen).reported = specimen.id in reported
    covering: dict[int, list[Specimen]] = defaultdict(list)
    by_id = {specimen.id: specimen for specimen in specimens}
    for row in db.session.execute(
        select(Covering.lesion_id, Covering.specimen_id).where(Covering.specimen_id.in_(by_id))
    ):
        covering[row.lesion_id].append(by_id[row.specimen_id])
    facts = _facts(examination.id)
    for lesion in db.session.scalars(select(Lesion).where(Lesion.examination_id == examination.id)):
        _settle_lesion(unit, lesion, covering[lesion.id], facts[lesion.id])


def _settle_lesion(unit: Unit, lesion: Lesion, taken: list[Specimen], facts: list[ResultFacts]) -> None:
    found: Summary = summarise(facts, lesion.site.organ if lesion.site else None)
    unit.edit(lesion)
    put(
        lesion,
        {
            "sampled": bool(taken),
            "awaited": any(not each.reported and each.retrieved is not False for each in taken),
            "worst": found.worst,
            "deepest": found.deepest,
            "adenoma": found.adenoma,
            "serrated": found.serrated,
            "cancer": found.cancer,
        },
    )


def _facts(examination_id: int) -> dict[int, list[ResultFacts]]:
    """What current reports say, by lesion."""
    rows = db.session.execute(
        current_results(Result.lesion_id).where(Specimen.examination_id == examination_id)
    )
    found: dict[int, list[ResultFacts]] = defaultdict(list)
    for row in rows:
        values: list[Any] = list(row)
        lesion_id, *said = values
        found[lesion_id].append(ResultFacts(*said))
    return found


def _superseded(
    specimen: Specimen, supersedes: Report | int | None, reason: str | None
) -> tuple[Report | None, list[Problem]]:
    if supersedes is None:
        return None, []
    wanted = supersedes if isinstance(supersedes, int) else supersedes.id
    old = next((report for report in specimen.reports if report.id == wanted), None)
    problems = []
    if old is None or not old.current:
        problems.append(
            refusal(
                "supersedes", "被修订的报告不是现行报告", "Only a current report can be revised", REVISION
            )
        )
    if not (reason and reason.strip()):
        problems.append(refusal("reason", "请写明修订理由", "Say why the report is revised", REVISION))
    return old, problems


def _about(given: list[dict[str, Any]], covered: Mapping[int, Lesion]) -> list[Problem]:
    return [
        refusal(
            f"results-{place}-lesion_id",
            "该标本未包含此病变",
            "The specimen does not cover this lesion",
            COVERED,
        )
        for place, row in enumerate(given)
        if row.get("lesion_id") is not None and row["lesion_id"] not in covered
    ]


def _empty(given: list[dict[str, Any]], values: Mapping[str, Any]) -> list[Problem]:
    if given or values.get("wording"):
        return []
    return [refusal("results", "请填写至少一条结果或报告原文", "Give a result or the wording", SAYS)]
