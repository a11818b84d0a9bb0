"""Checks of data quality judge in SQL what the rules of entry judge in Python: record by record the same."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import Boolean, Float, Integer, case, insert, select

from registry.codes.endoscopy import ExaminationType
from registry.codes.lesion import Organ
from registry.codes.outcome import ContactOutcome
from registry.codes.pathology import Method
from registry.codes.person import Precision, Sex, Vital
from registry.codes.review import QualityKind
from registry.codes.risk import Instrument
from registry.extensions import db
from registry.indicators.checks import CHECKS, check_called
from registry.models import (
    Examination,
    FollowUp,
    Lesion,
    Person,
    Report,
    Result,
    RiskAssessment,
    Specimen,
    Tumour,
)
from registry.queries.review.quality_records import KINDS
from registry.rules import completeness, examination, lesion, report, risk, specimen, tumour

TODAY, DAY = date(2002, 6, 1), date(2002, 1, 15)
CASES = 1500
# Beyond what a complete case needs by the rules: a query names the number, photographs and time are quality.
BEYOND = {
    "complete.examination.number",
    "complete.examination.photos",
    "complete.examination.upper_minutes",
    "complete.report.reported_on",
}
# What numbers of a column are drawn from: both sides of every limit.
DRAWN = {
    "age": (17, 18, 60, 100, 101),
    "upper_minutes": (1.5, 2.0, 7.0, 60.0, 61.0),
    "withdrawal_min": (1.5, 2.0, 7.0, 60.0, 61.0),
    "size_mm": (1, 9, 10, 150, 151),
    "depth_um": (0, 200, 1200),
    "pieces": (1, 2),
    "pepsinogen_ratio": (2.0, 30.0, 30.5),
    "bmi": (13.0, 14.0, 50.0, 51.0),
}


def drawn(model, rng, *without):
    """A record of random facts, each missing as often as not; what points elsewhere is left to the caller."""
    facts = {}
    for column in model.__table__.columns:
        if column.foreign_keys or column.primary_key or column.key in without or not column.nullable:
            continue
        choices = DRAWN.get(column.key)
        if codes := column.info.get("codes"):
            choices = list(codes)
        elif isinstance(column.type, Boolean):
            choices = (True, False)
        elif choices is None and isinstance(column.type, Integer | Float) and "limits" in column.info:
            choices = column.info["limits"]
        if choices:
            facts[column.key] = rng.choice(choices) if rng.random() < 0.6 else None
    return facts


@pytest.fixture
def records(app, alliance):
    """Records of the city that no rule has looked at, written past every service."""
    rng = Random(11)
    rows = {model: [] for model in (Person, Examination, Lesion, Specimen, Report, Result)}
    rows |= {model: [] for model in (Tumour, RiskAssessment, FollowUp)}
    here = {"centre_id": alliance.city.id}
    kinds = [*ExaminationType, ExaminationType.OGD, ExaminationType.COLONOSCOPY, ExaminationType.COLONOSCOPY]
    for key in range(1, CASES + 1):
        mine = here | {"person_id": key}
        rows[Person].append(
            {
                "id": key,
                "pseudonym": f"p{key}",
                "sex": rng.choice(list(Sex)),
                "born_on": rng.choice([None, date(1950, 1, 1)]),
                "died_on": rng.choice([None, DAY, DAY - timedelta(1)]),
                "died_precision": rng.choice([None, Precision.DAY, Precision.MONTH]),
                "vital": rng.choice(list(Vital)),
                "vital_conflict": False,
            }
        )
        facts = drawn(Examination, rng) | {"type": rng.choice(kinds), "performed_on": DAY, **mine}
        facts |= {"number": rng.choice([None, f"n{key}"]), "operator_id": rng.choice([None, 1])}
        rows[Examination].append({"id": key, **facts})
        settled = {"sampled": False, "awaited": False}
        rows[Lesion].append(
            drawn(Lesion, rng, *settled) | {"id": key, "examination_id": key, "number": 1, **here, **settled}
        )
        rows[Specimen].append(
            drawn(Specimen, rng)
            | {"id": key, "examination_id": key, "letter": "A", "method": rng.choice(list(Method)), **here}
            | {"taken_on": DAY - timedelta(rng.choice([0, 0, 1])), "reported": rng.random() < 0.7}
            | {"pathology_number": rng.choice([None, "b"])}
        )
        days = rng.choice([None, 14, 15, 30, 31])
        came = None if days is None else rows[Specimen][-1]["taken_on"] + timedelta(days)
        rows[Report].append(
            {"id": key, "specimen_id": key, "current": key % 5 > 0, "reported_on": came, **here}
        )
        links = {"report_id": key, "lesion_id": key if rng.random() < 0.8 else None}
        rows[Result].append(drawn(Result, rng) | {"id": key, **links, **here})
        rows[Tumour].append(
            drawn(Tumour, rng)
            | {"id": key, "sequence": 1, "organ": rng.choice(list(Organ)), "awaited": False, **mine}
            | {"detected_on": DAY, "incidence_on": rng.choice([None, DAY])}
        )
        rows[RiskAssessment].append(
            drawn(RiskAssessment, rng)
            | {"id": key, "assessed_on": DAY, "instrument": rng.choice(list(Instrument)), **mine}
        )
        rows[FollowUp].append(
            {"id": key, "contacted_on": DAY, "outcome": rng.choice([None, *ContactOutcome]), **mine}
            | {"next_due_on": rng.choice([None, TODAY - timedelta(30), TODAY - timedelta(31)])}
            | {"settled": rng.random() < 0.5}
        )
    with app.app_context(), db.engine.begin() as connection:
        for model, made in rows.items():
            connection.execute(insert(model.__table__), made)
    return {model: {row["id"]: row for row in made} for model, made in rows.items()}


def judged(key):
    """Of the records of a check: the ids of those that are fine, and of those that are not."""
    check = check_called(key)
    kind = KINDS[check.records]
    fine = case((check.fine, 1), else_=0)
    statement = kind.joined(select(kind.id, fine))
    if check.of is not None:
        statement = statement.where(check.of)
    found = ({}, {})
    for record_id, good in db.session.execute(statement, {"today": TODAY}):
        found[0 if good else 1][record_id] = True
    return set(found[0]), set(found[1])


def opened(records):
    """What the rules of completeness find open: ids by the key of the check."""
    found = {}

    def note(name, key, items):
        for item in items:
            found.setdefault(f"complete.{name}.{item.field}", set()).add(key)

    for key, row in records[Examination].items():
        note("examination", key, completeness.examination(**row))
        note("person", key, completeness.person(**records[Person][key]))
    for model, judge in ((Lesion, completeness.lesion), (Specimen, completeness.specimen)):
        for key, row in records[model].items():
            note(model.__tablename__, key, [item for item in judge(**row) if item.field != "reported"])
    for model, judge in ((Tumour, completeness.tumour), (FollowUp, completeness.follow_up)):
        for key, row in records[model].items():
            note(model.__tablename__, key, judge(**row))
    for key, row in records[Result].items():
        if records[Report][key]["current"]:
            site = records[Lesion][key].get("site") if row["lesion_id"] else None
            method = records[Specimen][key]["method"]
            note("result", key, completeness.result(organ=site.organ if site else None, method=method, **row))
    return found


def flagged(records):
    """What the rules of entry find wrong: ids by the key of the check."""
    found = {}

    def note(key, name, problems, *fields, clause=None):
        for one in problems:
            if one.field in fields and clause in (None, one.clause):
                found.setdefault(f"plausible.{name}", set()).add(key)

    for key, row in records[Examination].items():
        born = {name: records[Person][key][name] for name in ("died_on", "died_precision")}
        said = examination.check(**{**row, **born})
        for field in ("age", "caecum_reached", "caecum_photo", "withdrawal_min", "bbps_right"):
            note(key, f"examination.{field}", said, field)
        note(key, "examination.bbps_transverse", said, "bbps_transverse")
        if born["died_precision"] in (None, Precision.DAY):
            note(key, "person.died_on", said, "performed_on")
    for key, row in records[Lesion].items():
        said = lesion.check(**row, examination_type=records[Examination][key]["type"])
        for field in ("size_mm", "site", "jnet", "nice", "jes", "borrmann"):
            note(key, f"lesion.{field}", said, field)
        note(key, "lesion.lst", said, "lst", clause=lesion.SHAPE)
        note(key, "lesion.lst_size", said, "lst", clause=lesion.LST)
    for key, row in records[Specimen].items():
        said = specimen.check(**row, performed_on=DAY)
        note(key, "specimen.taken_on", said, "taken_on")
        note(key, "specimen.en_bloc", said, "en_bloc")
    for key, row in records[Result].items():
        if not records[Report][key]["current"]:
            continue
        site = records[Lesion][key].get("site") if row["lesion_id"] else None
        organ, method = site.organ if site else None, records[Specimen][key]["method"]
        vienna, version, depth = row["vienna"], row["vienna_version"], row["depth"]
        of_version = report.category(vienna, version, None)
        note(key, "result.vienna_version", of_version, "vienna")
        of_depth = [one for one in report.category(vienna, version, depth) if one not in of_version]
        note(key, "result.vienna", of_depth, "vienna", "depth")
        of_layers = report.invasion(depth, row["depth_um"], method, organ)
        note(key, "result.depth", of_layers, "depth", clause=report.BIOPSY)
        note(key, "result.depth_layer", of_layers, "depth", clause=report.LAYER)
        if depth is not None and depth.intramucosal:
            note(key, "result.depth_um", report.invasion(depth, row["depth_um"], None, None), "depth_um")
        note(key, "result.finding", report.conclusion(row["finding"], vienna), "vienna")
        said = report.residual(row["r0"], row["horizontal_margin"], row["vertical_margin"])
        for field in ("horizontal_margin", "vertical_margin"):
            note(key, f"result.{field}", said, field)
        note(key, "result.size_mm", report.size(row["size_mm"]), "size_mm")
    for key, row in records[Tumour].items():
        said = tumour.check(**row)
        for field in ("t", "stage_group", "summary_stage"):
            note(key, f"tumour.{field}", said, field)
    for key, row in records[RiskAssessment].items():
        note(key, "risk_assessment.pepsinogen_ratio", risk.check(**row), "pepsinogen_ratio")
    return found


def test_every_check_finds_what_the_rules_find(acting, records):
    wanted = opened(records) | flagged(records)
    by_limits_alone = {"plausible.examination.upper_minutes", "plausible.risk_assessment.bmi"}
    for model, column in ((Examination, "upper_minutes"), (RiskAssessment, "bmi")):
        low, high = model.__table__.columns[column].info["usual"]
        outside = {k for k, row in records[model].items() if row[column] and not low <= row[column] <= high}
        wanted[f"plausible.{model.__tablename__}.{column}"] = outside
    with acting("quality_reviewer", None):
        found = {key: judged(key) for key in CHECKS}
    ruled = {key for key, check in CHECKS.items() if check.kind is not QualityKind.TIMELY} - BEYOND
    assert wanted.keys() == ruled
    assert by_limits_alone <= wanted.keys()
    assert {key: found[key][1] ^ wanted[key] for key in ruled if found[key][1] != wanted[key]} == {}
    # and none of them is empty words: each has records on both sides
    assert [key for key, (fine, wrong) in found.items() if not (fine and wrong)] == [
        "timely.examination.entered_30_days"  # nobody typed these in, and no import brought them
    ]


def test_time_is_judged_by_the_first_report_and_by_today(acting, records):
    with acting("quality_reviewer", None):
        for days in (14, 30):
            fine, late = judged(f"timely.report.{days}_days")
            for key, row in records[Specimen].items():
                came, lost = records[Report][key]["reported_on"], row["retrieved"] is False
                if lost or (came is None and row["reported"]):
                    assert key not in fine | late
                elif came is None:
                    assert key in late
                else:
                    assert (key in fine) is ((came - row["taken_on"]).days <= days)
        fine, late = judged("timely.follow_up.overdue_30_days")
        for key, row in records[FollowUp].items():
            due = row["next_due_on"] == TODAY - timedelta(31)
            if due and records[Person][key]["vital"] is not Vital.DEAD:
                assert (key in fine) is row["settled"]
            else:
                assert key not in fine | late
