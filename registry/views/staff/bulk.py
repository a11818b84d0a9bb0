"""Centres, accounts and source codes from a workbook: looked over cell by cell, then applied."""

import json
import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from registry.access import Permission, may, needs
from registry.exchange import staff
from registry.exchange.readers import Unreadable
from registry.label import LANGUAGES, Label
from registry.queries.staff import alliance
from registry.services.staff import bulk, source_codes
from registry.services.staff.bulk import SHEETS, Entry

bp = Blueprint("bulk", __name__, url_prefix="/admin/bulk")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {".xlsx", ".csv", ".tsv", ".txt"}
MOST = 600
YES_NO = {True: Label("是", "yes"), False: Label("否", "no")}


@bp.route("", methods=["GET", "POST"])
@needs(Permission.ALLIANCE, Permission.CENTRE_USERS)
def upload() -> ResponseReturnValue:
    """Send a workbook, look over what each row comes to, apply it. Nothing is kept until then."""
    wish = request.form.get("do") if request.method == "POST" else None
    entries: list[Entry] = []
    wrong: Label | None = None
    if wish == "apply":
        outcome = bulk.apply(_sent_rows())
        return render_template("staff/bulk_done.html", outcome=outcome, sheets=staff.SHEETS), 201
    if wish:
        entries, wrong = _uploaded()
    rows = bulk.judge(entries)
    page = render_template(
        "staff/bulk.html", wrong=wrong, rows=rows, sheets=staff.SHEETS,
        counts=bulk.Outcome(rows).counts(),
        content=json.dumps([[one.sheet, one.line, dict(one.cells)] for one in entries], ensure_ascii=False),
    )  # fmt: skip
    return page, 422 if wrong else 200


@bp.route("/template.<any(xlsx):file_format>")
@needs(Permission.ALLIANCE, Permission.CENTRE_USERS)
def template(file_format: str) -> ResponseReturnValue:
    """The workbook to fill in, with what there is already."""
    sheets = SHEETS if may(Permission.ALLIANCE) else SHEETS[1:]
    answer = Response(staff.template(stored(), sheets=sheets), content_type=XLSX)
    answer.headers["Content-Disposition"] = 'attachment; filename="staff.xlsx"'
    return answer


def stored() -> dict[str, list[dict[str, Any]]]:
    """What is stored as rows of the workbook."""
    code_of = {one.id: one.code for one in alliance.centres()}
    return {
        "centres": [
            {"code": one.code, "name_zh": one.name_zh, "name_en": one.name_en, "kind": one.kind.label,
             "place": one.place.label, "region": one.region, "active": YES_NO[one.active]}
            for one in alliance.centres()
        ],
        "users": [
            {"username": one.username, "name": one.name, "role": held.role.label,
             "centre": held.centre.code if held.centre else None, "language": LANGUAGES[one.language],
             "active": YES_NO[one.active]}
            for one in alliance.users()
            for held in one.appointments
            if may(Permission.ALLIANCE) or held.centre_id in alliance.own_centres()
        ],
        "codes": [
            {"centre": code_of.get(one.centre_id), "kind": one.kind.label, "code": one.code,
             "username": one.user.username if one.user else None, "meaning": one.meaning,
             "active": YES_NO[one.active]}
            for one in source_codes.every()
        ],
    }  # fmt: skip


def _uploaded() -> tuple[list[Entry], Label | None]:
    """The rows of the file that was sent, or what is wrong with it."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return [], Label("请先选择文件", "Choose a file first")
    kind = Path(sent.filename).suffix.casefold()
    if kind not in KINDS:
        return [], Label("请用 .xlsx、.csv 或 .tsv 文件", "Please send an .xlsx, .csv or .tsv file")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"staff{kind}"
        sent.save(path)
        try:
            entries = staff.read(path)
        except Unreadable as unreadable:
            return [], unreadable.said
    if len(entries) > MOST:  # each new account takes its password's hash
        zh = f"一次最多 {MOST} 行，请分次，或在服务器上用 flask staff import"
        en = f"At most {MOST} rows at a time: send parts, or use flask staff import on the server"
        return [], Label(zh, en)
    return entries, None


def _sent_rows() -> list[Entry]:
    """The rows as they were looked over; they are judged anew, so nothing rests on them."""
    try:
        rows = json.loads(request.form.get("content", ""))
        json.dumps(rows, ensure_ascii=False).encode()
        entries = [Entry(sheet, int(line), cells) for sheet, line, cells in rows]
    except (ValueError, TypeError):
        abort(400)
    if len(entries) > MOST or not all(_shaped(one) for one in entries):
        abort(400)
    return entries


def _shaped(entry: Entry) -> bool:
    """Whether this is a row that the page has shown."""
    if entry.sheet not in SHEETS or not isinstance(entry.cells, dict):
        return False
    return all(isinstance(text, str) and "\0" not in text for pair in entry.cells.items() for text in pair)
