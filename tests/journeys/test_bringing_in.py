"""Files of three hospitals brought in at the browser, by those who work there and without any new code."""

from datetime import date

import openpyxl
import pytest
from sqlalchemy import func, select

from registry.codes.desk import SourceKind
from registry.exchange import worker
from registry.extensions import db
from registry.models import Enrolment, Examination, Report, SavedMapping, SourceCode, Specimen
from registry.services.unit import change
from tests.test_house import HOUSE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
GASTROSCOPIES = HOUSE / "tests" / "data" / "hospital_exports" / "workstation-a.xlsx"
# What goes wrong between a workstation and a registry, by column and the row of the sheet.
SPOILED = {("身份证号", 12): 1.1010519491231e17, ("检查日期", 40): "2024-13-45", ("性别", 77): "不明白"}
WORDS = {
    "zh": {
        "preview": "可以存入 417 例，退回 3 例；现在还什么都没有写入。",
        "first": "新增 417，更新 0，未变 0，退回 3。",
        "second": "新增 3，更新 0，未变 0，退回 0。",
        "again": "新增 0，更新 0，未变 420，退回 0。",
        "third": "新增 6，更新 0，未变 0，退回 0。",
    },
    "en": {
        "preview": "417 cases can be stored, 3 come back; nothing is stored yet.",
        "first": "417 new, 0 updated, 0 unchanged, 3 returned.",
        "second": "3 new, 0 updated, 0 unchanged, 0 returned.",
        "again": "0 new, 0 updated, 420 unchanged, 0 returned.",
        "third": "6 new, 0 updated, 0 unchanged, 0 returned.",
    },
}


def sheet_of(path):
    """The first sheet of a workbook, and its columns by name."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    header = next(row for row in sheet.iter_rows() if any(cell.value == "身份证号" for cell in row))
    return book, sheet, {cell.value: cell.column for cell in header}


def spoiled(folder):
    """The year of gastroscopies with three cells gone wrong: where it lies, and what they were."""
    book, sheet, columns = sheet_of(GASTROSCOPIES)
    before = {}
    for (name, row), wrong in SPOILED.items():
        cell = sheet.cell(row, columns[name])
        before[name] = cell.value
        cell.value = wrong
    path = folder / "2024年胃镜.xlsx"
    book.save(path)
    return path, before


def corrected(path, before):
    """What a nurse does in a spreadsheet: the red cells are put right, the rest is left alone."""
    book, sheet, columns = sheet_of(path)
    red = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.comment is not None]
    names = {number: name for name, number in columns.items()}
    assert sorted(names[cell.column] for cell in red) == sorted(before)
    for cell in red:
        cell.value = str(before[names[cell.column]])
    book.save(path)


class Desk:
    """What is done with files at the desk."""

    def __init__(self, someone, language, waits=None):
        self.someone, self.page, self.words = someone, someone.page, WORDS[language]
        self.waits = waits  # without scripts: until the worker is done

    def presses(self, key):
        """Press what Alt and a letter lead to; without scripts it is clicked."""
        if not self.waits:
            self.someone.keys.turn(f"Alt+{key}")
            return
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator(f"main [accesskey={key}]").click()

    def uploads(self, path):
        self.someone.goes_to("/imports")
        self.page.set_input_files("#file", path)
        self.presses("s")

    def takes_the_mapping_that_fits(self):
        self.page.locator(".note.done button").wait_for()
        self.presses("s")

    def sees(self, expected):
        """The page turns to its result by itself; without scripts its reader opens it again."""
        self.turns()
        assert self.words[expected] in self.someone.reads(".lead-in")

    def turns(self):
        if self.waits:
            self.waits()
            self.page.reload()
        self.page.locator(".lead-in").wait_for(timeout=60_000)
        self.page.wait_for_load_state("load")  # its keys are there from now on

    def brings_in(self, expected):
        self.turns()
        self.presses("s")
        self.sees(expected)

    def picks(self, column, part, value):
        """Choose something in the line of a column."""
        self.line(column).locator(f"[name$={part}]").select_option(value)

    def line(self, column):
        """The line of a column of the file, or of what every row has in common ("enrolment.sex")."""
        if "." in column:
            chosen = f"option[value='{column}']:checked"
            return self.page.locator(".columns tr", has=self.page.locator(chosen)).first
        named = self.page.locator(f"input[name$=column][value='{column}']")
        return self.page.locator(".columns tr", has=named).first

    def tries(self):
        self.presses("t")


@pytest.mark.parametrize(("language", "width"), [("zh", 1366), ("en", 390)])
def test_a_nurse_brings_in_a_year_of_gastroscopies(reader, acting, tmp_path, language, width):
    someone = reader("recorder", "county_a", language=language, width=width)
    desk = Desk(someone, language)
    path, before = spoiled(tmp_path)
    desk.uploads(path)
    desk.takes_the_mapping_that_fits()
    desk.sees("preview")
    reasons = desk.page.locator("section:has(#refused) tbody tr")
    assert [row.locator("td").first.inner_text() for row in reasons.all()] == ["12", "40", "77"]
    assert counted(acting, Examination) == 0
    desk.brings_in("first")
    assert counted(acting, Examination) == 417
    with desk.page.expect_download() as download:
        desk.page.click("section:has(#refused) a.button")
    back = tmp_path / "back.xlsx"
    download.value.save_as(back)
    corrected(back, before)
    desk.uploads(back)
    desk.takes_the_mapping_that_fits()
    desk.brings_in("second")
    counts = {model: counted(acting, model) for model in (Enrolment, Examination, Specimen, Report)}
    assert counts == {Enrolment: 420, Examination: 420, Specimen: 184, Report: 173}
    desk.uploads(GASTROSCOPIES)
    desk.takes_the_mapping_that_fits()
    desk.brings_in("again")
    assert {model: counted(acting, model) for model in counts} == counts


def counted(acting, model):
    with acting("recorder", "county_a"):
        return db.session.scalar(select(func.count()).select_from(model))


def third_shape():
    """A shape that no mapping knows: UTF-16, tabs, d/m/y, coded sexes, doctor codes, a row per specimen."""
    columns = (
        "Exam no", "Pat ID", "Patient", "Sex", "DOB", "Date", "Procedure", "Endoscopist", "Path no", "Site",
        "Taken by", "Path text", "Path date",
    )  # fmt: skip
    taken = [("ANT", "胃窦：慢性炎"), ("BODY", "胃体：低级别上皮内瘤变")]
    rows = [
        (
            f"E{number:03d}", f"P{number:03d}", f"示例{number}", "AB"[number % 2], f"{number:02d}/11/1958",
            f"{20 + number}/03/2024", "GAS", f"D0{1 + number % 2}", f"B24-{number}{letter}", site, "FB",
            words, f"{24 + number}/03/2024",
        )
        for number in range(1, 7)
        for letter, (site, words) in enumerate(taken[: 1 + number % 2])
    ]  # fmt: skip
    return ("\r\n".join("\t".join(row) for row in (columns, *rows)) + "\r\n").encode("utf-16")


@pytest.mark.parametrize(("language", "scripts"), [("zh", True), ("en", False)])
def test_a_shape_that_nobody_has_seen_needs_a_mapping_and_no_code(
    reader, acting, alliance, app, tmp_path, language, scripts
):
    doctor = alliance.user("endoscopist", "county_a")
    with acting("centre_manager", "county_a") as scope, change("test.codes") as unit:
        unit.add(SourceCode(centre_id=scope.centre_id, kind=SourceKind.DOCTOR, code="D01", user_id=doctor))
    someone = reader("endoscopist", "county_a", language=language, scripts=scripts)
    desk = Desk(someone, language, None if scripts else worker.worker(app).wait)
    path = tmp_path / "endo_export.txt"
    path.write_bytes(third_shape())
    desk.uploads(path)
    desk.picks("Pat ID", "target", "enrolment.record_number")
    desk.picks("Sex", "target", "person.sex")
    desk.picks("Procedure", "target", "examination.type")
    desk.picks("Taken by", "target", "specimen.method")
    desk.picks("Site", "target", "specimen.origin")
    desk.picks("Path text", "target", "report.wording")
    desk.picks("Path date", "target", "report.reported_on")
    for same in desk.page.locator(
        ".columns tr:has(input[name$=column][value='']) select[name$=target]"
    ).all():
        same.select_option("")
    desk.tries()
    assert desk.page.locator(".sampled td.wrong").count() > 0
    desk.picks("Path date", "order", "dmy")
    for column, words in (
        ("Sex", "A = 男\nB = 女"),
        ("Procedure", "GAS = ogd"),
        ("Taken by", "FB = forceps"),
    ):
        desk.line(column).locator("textarea").fill(words)
    desk.tries()
    assert desk.page.locator(".sampled td.wrong").count() == 0
    desk.page.fill("#name", "Third hospital")
    desk.presses("s")
    desk.brings_in("third")
    with acting("endoscopist", "county_a"):
        cases = db.session.scalars(select(Examination).order_by(Examination.number)).all()
        assert [case.performed_on for case in cases] == [date(2024, 3, 20 + number) for number in range(1, 7)]
        assert [case.operator_id for case in cases] == [None, doctor] * 3
        assert [case.operator_words for case in cases] == ["D02", "D01"] * 3
        assert [case.person.sex.label.en for case in cases] == ["Female", "Male"] * 3
        assert [len(case.specimens) for case in cases] == [2, 1] * 3
        assert cases[0].person.born_on == date(1958, 11, 1)
        reports = db.session.scalars(select(Report).order_by(Report.id)).all()
        assert {(one.reported_on.day, one.wording) for one in reports if one.reported_on.day < 27} == {
            (25, "胃窦：慢性炎"), (25, "胃体：低级别上皮内瘤变"), (26, "胃窦：慢性炎"),
        }  # fmt: skip
        numbers = {one.record_number for one in db.session.scalars(select(Enrolment))}
        assert numbers == {f"P{number:03d}" for number in range(1, 7)}
        saved = db.session.scalars(select(SavedMapping)).one()
        assert (saved.name, saved.version, saved.source) == ("Third hospital", 1, "endo_export")
