"""Cases as a file's reader hands them over, made by hand: a register's, and a workstation's."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from registry.codes.endoscopy import ExaminationType, Kimura
from registry.codes.lesion import Organ, Paris, Site
from registry.codes.pathology import Depth, Method, Vienna
from registry.codes.person import DocumentOwner, DocumentType, Precision, Sex, Vital, VitalSource
from registry.codes.tumour import SummaryStage
from registry.rules.identity import check_character
from registry.services.imports import Case

COLREC = Path(__file__).parents[2] / "data" / "colrec.csv"
STAGES = {
    "1": SummaryStage.LOCALISED,
    "2": SummaryStage.REGIONAL,
    "3": SummaryStage.DISTANT,
    "99": SummaryStage.UNKNOWN,
}


def register(most: int | None = None) -> Iterator[Case]:
    """The first cases of the Slovene register of colorectal cancer, as its mapping reads them."""
    with COLREC.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(islice(csv.DictReader(file), most), 2):
            yield _registered(line, row)


def _registered(line: int, row: dict[str, str]) -> Case:
    diagnosed, day = date.fromisoformat(row["diag_date"]), Precision.DAY
    colon = row["site"] == "colon"
    records = {
        "enrolment": {"record_number": row["id"], "enrolled_on": diagnosed},
        "person": {
            "sex": Sex.MALE if row["sex"] in {"1", "male"} else Sex.FEMALE,
            "born_on": date.fromisoformat(row["birth_date"]),
            "born_precision": day,
        },
        "tumour": {
            "organ": Organ.COLON if colon else Organ.RECTUM,
            "topography": Site("C18.9") if colon else Site("C20.9"),
            "incidence_on": diagnosed,
            "incidence_precision": day,
            "invasive": True,
            "summary_stage": STAGES[row["stage_code"]],
        },
        "vital_status": {
            "vital": Vital.DEAD if row["dead"] == "1" else Vital.ALIVE,
            "as_of": date.fromisoformat(row["exit_date"]),
            "as_of_precision": day,
            "source": VitalSource.REGISTER,
        },
    }
    return Case(row["id"], [line], records, {"followed_days": int(row["time_days"])})


def identity(serial: int, born: date) -> str:
    """A made-up identity number of a region that nobody's number bears, with a true check character."""
    first = f"999999{born:%Y%m%d}{serial % 1000:03d}"
    return first + check_character(first)


def gastroscopy(serial: int, *, visit: int = 0, **more: Any) -> Case:
    """A case of a workstation: one person, one gastroscopy, every seventh with a reported lesion.

    `more` are records that replace or add to it, by name.
    """
    born = date(1950, 1, 1) + timedelta(days=serial * 97 % 15_000)
    on = date(2024, 1, 2) + timedelta(days=(serial + 40 * visit) % 300)
    sex = Sex.MALE if serial % 2 else Sex.FEMALE
    records: dict[str, Any] = {
        "person": {"sex": sex, "born_on": born, "born_precision": Precision.DAY},
        "enrolment": {
            "name": f"{SURNAMES[serial % 20]}{GIVEN[serial // 20 % 25]}",
            "record_number": f"M{serial}",
        },
        "document": {"type": DocumentType.PASSPORT, "value": f"E{serial:08d}", "owner": DocumentOwner.OWN},
        "examination": {
            "type": ExaminationType.OGD,
            "performed_on": on,
            "number": f"G{serial}-{visit}",
            "operator_words": "赵内镜医师 主任" if serial % 3 else "某某",
            "findings": "胃窦黏膜充血，未见溃疡。",
            "diagnosis": "慢性非萎缩性胃炎",
            "any_adverse_event": False,
        },
        "background": {"kimura": list(Kimura)[serial % 5] if serial % 4 else None},
    }
    if serial % 7 == 0:
        cancer = serial % 21 == 0
        result = {
            "lesion": 1,
            "vienna": Vienna.INTRAMUCOSAL if cancer else Vienna.LOW_GRADE,
            "depth": Depth.M if cancer else None,
        }
        records["lesions"] = [{"number": 1, "site": Site("C16.3"), "size_mm": 8, "paris": Paris.IIA}]
        records["specimens"] = [
            {
                "method": Method.ESD if cancer else Method.FORCEPS,
                "pathology_number": f"B{serial}-{visit}",
                "lesions": [1],
                "report": {
                    "reported_on": on + timedelta(days=4),
                    "wording": "（胃窦）粘膜慢性炎",
                    "results": [result],
                },
            }
        ]
    records |= more
    return Case(f"G{serial}-{visit}", [serial * 2 + visit + 2], records)


SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华"
