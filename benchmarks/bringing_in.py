"""A year's gastroscopies from a CSV file: read, checked, sealed, audited – against pandas that merely writes.

Twice pandas: once with the file's own columns, in the tables where they belong; and once with every row that
the import wrote, search words, keys and readings among them, each table from a CSV file of its own. All write
into a migrated SQLite registry, each in a process of its own, so that the memory of one does not count for
the other. During the import another process looks at something every 200 ms, each look leaving its entry
in the trail.
"""

import argparse
import csv
import multiprocessing
import os
import random
import resource
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import flask_migrate

from registry import create_app
from registry.access import Permission, Scope, act_as
from registry.codes.alliance import CentreKind, CentrePlace
from registry.exchange import mapping, readers
from registry.exchange.gathering import cases
from registry.extensions import db
from registry.models import Centre
from registry.rules.identity import check_character
from registry.services import imports
from registry.services.imports.ahead.rows import ORDER
from registry.services.unit import change, look
from registry.services.values import today

HEADER = (
    "检查号", "姓名", "性别", "年龄", "身份证号", "门诊/住院号", "联系电话", "检查项目", "检查日期",
    "检查医生", "麻醉", "内镜所见时间(分)", "图片数", "内镜诊断", "HP", "备注", "活检块数", "病理号",
    "病理诊断", "病理报告日期",
)  # fmt: skip
SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高梁郑谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
)
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国文玉林春红梅海云志晓东雪飞鹏宇浩然子涵欣怡"
FOUND = (
    "慢性非萎缩性胃炎伴糜烂", "慢性萎缩性胃炎（C-2）", "反流性食管炎（LA-A）", "胃窦息肉，约0.{0}×0.{1}cm",
    "胃角溃疡（A1期），大小约0.{0}cm", "慢性非萎缩性胃炎", "胃体后壁0-IIc病变，约{0}mm，早癌？",
    "十二指肠球部溃疡",
)  # fmt: skip
PROVED = (
    "（胃窦）慢性炎，轻度肠化", "（胃角）粘膜慢性炎伴轻度异型增生", "（胃体）管状腺瘤",
    "（胃窦）慢性炎，活动性，{0}块", "（胃窦）增生性息肉", "（胃体）高级别上皮内瘤变",
    "（胃角）粘膜慢性炎伴糜烂，{1}处",
)  # fmt: skip


def write(path: Path, rows: int) -> None:
    """A made-up export of so many rows; one person in eight comes twice."""
    chance = random.Random(5)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for row in range(rows):
            out.writerow(row_of(row, row - row // 8 if row % 8 else max(row - row // 8 - 1, 0), chance))


def row_of(row: int, person: int, chance: random.Random) -> list[Any]:
    own = random.Random(person)
    born = date(1940, 1, 1) + timedelta(days=own.randrange(20_000))
    male = own.random() < 0.5
    first = f"999999{born:%Y%m%d}{own.randrange(500) * 2 + male:03d}"
    on = date(2024, 1, 2) + timedelta(days=row % 360)
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    sizes = chance.randrange(2, 10), chance.randrange(2, 10)
    tissue: list[Any] = ["", "", "", ""]
    if chance.random() < 0.4:
        reported = (on + timedelta(days=chance.randrange(2, 9))).isoformat()
        tissue = [chance.randrange(1, 5), f"B{row:07d}", chance.choice(PROVED).format(*sizes), reported]
    return [
        f"G{row:07d}",
        own.choice(SURNAMES) + "".join(own.choices(GIVEN, k=own.choice((1, 2, 2)))),
        "男" if male else "女",
        f"{age}岁",
        f"{first}{check_character(first)}",
        f"M{person:07d}",
        f"139{own.randrange(10**8):08d}",
        "电子胃镜",
        on.isoformat(),
        f"{chance.choice('赵钱孙李')}医生",
        chance.choice(("是", "否")),
        chance.randrange(4, 12),
        chance.randrange(20, 60),
        chance.choice(FOUND).format(*sizes),
        chance.choice(("阳性", "阴性", "")),
        "",
        *tissue,
    ]


def measure(asked: argparse.Namespace, place: Path) -> None:
    """Print rows a second of both, their ratio, the memory of ours, and how long a look had to wait."""
    path = place / "gastroscopies.csv"
    write(path, asked.rows)
    ours = apart(_ours, place / "ours", path)
    bare = apart(_bare, place / "bare", path)
    whole = apart(_whole, place / "whole", place / "ours")
    print(
        f"import of {asked.rows:,} rows with checks and audit: {ours['seconds']:.1f} s ({ours['told']}); "
        f"read_csv + to_sql of the same rows of every table: {whole['seconds']:.1f} s, "
        f"ratio {ours['seconds'] / whole['seconds']:.2f}; of the file's own columns alone: "
        f"{bare['seconds']:.1f} s, ratio {ours['seconds'] / bare['seconds']:.2f}"
    )
    print(
        f"memory after a tenth of it {ours['early']} MB, at the end {ours['peak']} MB; "
        f"{ours['looks']} audited looks meanwhile, the longest took {1000 * ours['longest']:.0f} ms"
    )


def apart(work: Callable[..., None], place: Path, *more: Any) -> dict[str, Any]:
    """What a piece of work says when it is done in a process of its own."""
    place.mkdir()
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=work, args=(place, *more, there))
    process.start()
    there.close()
    told: dict[str, Any] = here.recv()
    process.join()
    return told


def registry(place: Path, *, empty: bool) -> Any:
    app = create_app(
        {
            "DATABASE": f"sqlite:///{place / 'registry.sqlite'}",
            "KEYS": place / "keys.json",
            "AUDIT_HEADS": place / "heads",
        }
    )
    app.app_context().push()
    if empty:
        flask_migrate.upgrade()
        act_as(Scope(None, "benchmarks", may=frozenset(Permission), everywhere=True))
        with change("benchmark") as unit:
            unit.add(Centre(code="B1", name_zh="B1", kind=CentreKind.CITY, place=CentrePlace.LEAD))
        db.session.rollback()
    act_as(Scope(None, "benchmarks", frozenset({1}), frozenset(Permission)))
    return app


def _ours(place: Path, path: Path, pipe: Any) -> None:
    registry(place, empty=True)
    chosen = mapping.load(mapping.find("workstation_a"))
    rows = sum(1 for _ in path.open(encoding="utf-8")) - 1
    context = multiprocessing.get_context("spawn")
    enough, answers = context.Event(), context.Queue()
    looker = context.Process(target=_look, args=(place, enough, answers))
    looker.start()
    answers.get()
    memory, done = [0], [0]

    def progress(many: int, _rows: int) -> None:
        done[0] += many
        if done[0] <= rows // 10:
            memory[0] = _megabytes()

    began = time.perf_counter()
    table = readers.open_table(path)
    found = cases.gather(table, chosen, today=today())
    origin = imports.Origin(chosen.source, chosen.name, chosen.digest, "0" * 64)
    receipt = imports.bring_in(found, origin, processes=os.cpu_count() or 1, progress=progress)
    seconds = time.perf_counter() - began
    enough.set()
    looks, longest = answers.get()
    looker.join()
    peak = _megabytes()
    _dump(place)
    pipe.send(
        {
            "seconds": seconds, "early": memory[0], "peak": peak, "looks": looks, "longest": longest,
            "told": f"{receipt.new:,} new, {len(receipt.refused):,} refused",
        }
    )  # fmt: skip


def _look(place: Path, enough: Any, answers: Any) -> None:
    """Look every 200 ms until it is enough; say how often, and how long the longest took."""
    registry(place, empty=False)
    looks, longest = 0, 0.0
    look("worklist")
    answers.put("ready")
    while not enough.wait(0.2):
        began = time.perf_counter()
        look("worklist")
        looks, longest = looks + 1, max(longest, time.perf_counter() - began)
    answers.put((looks, longest))


def _dump(place: Path) -> None:
    """Every row of the registry as CSV, a file for each table."""
    for model in ORDER:
        columns = [column.name for column in model.__table__.columns]
        with (
            db.engine.connect() as connection,
            (place / f"{model.__tablename__}.csv").open("w", encoding="utf-8", newline="") as file,
        ):
            out = csv.writer(file)
            out.writerow(columns)
            rows = connection.exec_driver_sql(f"SELECT {', '.join(columns)} FROM {model.__tablename__}")  # noqa: S608 – our own table's name
            for row in rows:
                out.writerow([value.hex() if isinstance(value, bytes) else value for value in row])


def _whole(place: Path, dumped: Path, pipe: Any) -> None:
    """The rows that the import wrote, table by table, by pandas."""
    import pandas

    registry(place, empty=True)
    began = time.perf_counter()
    with db.engine.begin() as connection:  # a run of its own for what the rows point to
        connection.exec_driver_sql(
            "INSERT INTO import_run (id, centre_id, mapping, mapping_digest, file_digest, source, actor, "
            "started_at, seen_at, rows, new, unchanged, updated, refused) "
            "VALUES (1, 1, '', '', '', '', '', '2024-01-01', '2024-01-01', 0, 0, 0, 0, 0)"
        )
    for model in ORDER:
        name = model.__tablename__
        told = pandas.read_csv(dumped / f"{name}.csv", dtype=str)
        told.to_sql(name, db.engine, if_exists="append", index=False)
    pipe.send({"seconds": time.perf_counter() - began})


def _bare(place: Path, path: Path, pipe: Any) -> None:
    """The same columns into the same tables by pandas, with what the tables cannot be without."""
    import pandas

    registry(place, empty=True)
    began = time.perf_counter()
    told = pandas.read_csv(path, dtype=str)
    ids = pandas.Series(range(1, len(told) + 1))
    day = pandas.to_datetime(told["检查日期"])
    said = [text.encode() for text in told["姓名"]]
    person = {
        "id": ids, "pseudonym": told["检查号"], "sex": told["性别"].map({"男": "1", "女": "2"}),
        "born_on": pandas.to_datetime(told["身份证号"].str[6:14]).dt.date, "born_precision": "day",
        "vital": "unknown", "vital_conflict": False,
    }  # fmt: skip
    enrolment = {
        "id": ids, "person_id": ids, "centre_id": 1, "name_sealed": said, "enrolled_on": day.dt.date,
        "record_number_sealed": [text.encode() for text in told["门诊/住院号"]],
        "phone_sealed": [text.encode() for text in told["联系电话"]],
    }  # fmt: skip
    document = {
        "id": ids, "enrolment_id": ids, "person_id": ids, "centre_id": 1, "type": "resident_id",
        "owner": "own", "value_sealed": [text.encode() for text in told["身份证号"]], "doubtful": False,
    }  # fmt: skip
    examination = {
        "id": ids, "person_id": ids, "centre_id": 1, "type": "ogd", "performed_on": day.dt.date,
        "number": told["检查号"], "age": told["年龄"].str[:-1].astype(int),
        "operator_words": told["检查医生"], "sedation": told["麻醉"].map({"是": "sedation", "否": "none"}),
        "upper_minutes": told["内镜所见时间(分)"].astype(float), "photos": told["图片数"].astype(int),
        "diagnosis": told["内镜诊断"], "findings": told["HP"],
    }  # fmt: skip
    tables = {
        "person": person, "enrolment": enrolment, "identity_document": document, "examination": examination
    }  # fmt: skip
    for name, columns in tables.items():
        pandas.DataFrame(columns).to_sql(name, db.engine, if_exists="append", index=False)
    taken = told["病理号"].notna()
    specimen = pandas.DataFrame(
        {
            "id": ids[taken], "examination_id": ids[taken], "centre_id": 1, "letter": "A",
            "method": "forceps", "taken_on": day[taken].dt.date,
            "pieces": told["活检块数"][taken].astype(int),
            "pathology_number": told["病理号"][taken], "reported": True,
        }
    )  # fmt: skip
    specimen.to_sql("specimen", db.engine, if_exists="append", index=False)
    report = pandas.DataFrame(
        {
            "id": ids[taken], "specimen_id": ids[taken], "centre_id": 1, "current": True,
            "wording": told["病理诊断"][taken],
            "reported_on": pandas.to_datetime(told["病理报告日期"][taken]).dt.date,
        }
    )  # fmt: skip
    report.to_sql("report", db.engine, if_exists="append", index=False)
    pipe.send({"seconds": time.perf_counter() - began})


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
