"""Bringing files in on the page: who may, what is taken, what is refused, and work that was cut off."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from registry import create_app
from registry.codes.desk import FileKind, RunState
from registry.exchange import worker
from registry.exchange.mapping import find
from registry.extensions import db
from registry.label import language
from registry.models import Enrolment, ImportFile, ImportRun, SavedMapping
from registry.services import imports
from registry.services.imports.uploads import runs
from registry.services.unit import keep
from tests.lives import Life

COLREC = Path(__file__).parents[2] / "data" / "colrec.csv"


@pytest.fixture
def register():
    """The first 40 patients of a public register, one of them dead before the diagnosis."""
    lines = COLREC.read_text("utf-8").splitlines(keepends=True)
    return "".join(lines[:41]).encode()


@pytest.fixture
def nurse(sign_in):
    return sign_in("recorder", "county_a")


@pytest.fixture
def works(app):
    """Wait until the worker has nothing left to do."""
    yield lambda: worker.worker(app).wait()
    worker.worker(app).wait()


def upload(browser, content, name="登记.csv"):
    return browser.post("/imports", data={"file": (BytesIO(content), name)})


def sent_whole(browser, content):
    """The same for a large file, whose form the test client would write to a file that it leaves open."""
    head = b'--cut\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    kind = "multipart/form-data; boundary=cut"
    return browser.post("/imports", data=head + content + b"\r\n--cut--\r\n", content_type=kind)


def uploaded(browser, content, name="登记.csv"):
    """Upload a file and give the address of its run."""
    answer = upload(browser, content, name)
    assert answer.status_code == 302, answer.text
    return answer.location.removesuffix("/columns")


def previewed(browser, content, works, use="shipped-colrec"):
    """Upload a file, take a mapping as it is, and wait for the preview."""
    address = uploaded(browser, content)
    assert browser.post(f"{address}/columns", data={"do": "use", "use": use}).status_code == 302
    works()
    return address


def stored(acting, model=Enrolment, centre="county_a"):
    with acting("recorder", centre):
        return db.session.scalars(select(model)).all()


def test_a_recorder_brings_a_file_in(nurse, register, works, acting, audit_entries):
    address = previewed(nurse, register, works)
    page = nurse.get(address).text
    assert "可以存入 40 例，退回 0 例" in page
    assert stored(acting) == []
    assert nurse.post(f"{address}/bring").status_code == 302
    works()
    assert "新增 40，更新 0，未变 0，退回 0" in nurse.get(address).text
    assert len(stored(acting)) == 40
    told = [entry.action for entry in audit_entries("import.")]
    assert told[:2] == ["import.upload", "import.start"]
    assert told[-1] == "import.finish"
    assert {entry.actor for entry in audit_entries("import.")} == {"recorder.county_a"}


def test_a_second_reading_of_the_file_changes_nothing(nurse, register, works, acting):
    for expected in ("新增 40，更新 0，未变 0", "新增 0，更新 0，未变 40"):
        address = previewed(nurse, register, works)
        nurse.post(f"{address}/bring")
        works()
        assert expected in nurse.get(address).text
    assert len(stored(acting)) == 40


def test_a_foreign_centres_import_does_not_exist(sign_in, nurse, register):
    address = uploaded(nurse, register)
    other = sign_in("centre_manager", "county_b")
    for path in ("", "/columns", "/progress", "/returned.xlsx"):
        assert other.get(address + path).status_code == 404
    for path in ("/columns", "/bring", "/cancel", "/resume"):
        assert other.post(address + path).status_code == 404
    assert address not in other.get("/imports").text
    assert address in sign_in("endoscopist", "county_a").get("/imports").text


@pytest.mark.parametrize("role", ["quality_reviewer", "researcher", "auditor", "alliance_admin"])
def test_who_records_nothing_imports_nothing(sign_in, role, register):
    browser = sign_in(role)
    assert browser.get("/imports").status_code == 403
    assert upload(browser, register).status_code == 403
    assert 'href="/imports"' not in browser.get("/codebook").text


def test_a_file_is_taken_with_its_token_only(nurse, register, acting):
    answer = nurse.open("/imports", method="POST", token=False, data={"file": (BytesIO(register), "a.csv")})
    assert answer.status_code == 400
    assert stored(acting, ImportRun) == []


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"", "文件是空的"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "另存为 .xlsx"),
        ("a.pdf", b"%PDF-1.4", "只能导入"),
        ("a.xlsx", b"\x89PNG\r\n\x1a\n\x00\x00", None),
        ("a.xlsx", b"PK\x03\x04 and no more", None),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(nurse, acting, name, content, told):
    answer = upload(nurse, content, name)
    assert answer.status_code == 422
    reason = re.search(r'<span class="told wrong" id="file-wrong">(.+?)</span>', answer.text)
    assert reason
    assert told is None or told in reason[1]
    assert stored(acting, ImportRun) == []


def test_nothing_chosen_is_asked_for(nurse):
    answer = nurse.post("/imports", data={})
    assert answer.status_code == 422
    assert "请选择文件，或粘贴表格" in answer.text


def test_a_large_file_is_taken_and_a_larger_one_refused_in_clear_words(app, nurse, acting):
    app.config.update(IMPORT_MEGABYTES=1, MAX_CONTENT_LENGTH=200_000)
    row = b"1,2," + b"x" * 1000 + b"\n"
    assert sent_whole(nurse, b"a,b,c\n" + row * 900).status_code == 302
    answer = sent_whole(nurse, b"a,b,c\n" + row * 1100)
    assert answer.status_code == 422
    assert "文件超过 1 MB" in answer.text
    assert sent_whole(nurse, b"a,b,c\n" + row * 2200).status_code == 413
    assert nurse.post("/people/find", data={"document_value": "x" * 300_000}).status_code == 413
    assert len(stored(acting, ImportRun)) == 1


def test_a_table_is_pasted(nurse, register, works):
    answer = nurse.post("/imports", data={"pasted": register.decode()})
    assert answer.status_code == 302
    address = answer.location.removesuffix("/columns")
    nurse.post(f"{address}/columns", data={"do": "use", "use": "shipped-colrec"})
    works()
    assert "可以存入 40 例" in nurse.get(address).text


def test_the_file_is_kept_sealed_and_for_its_time_only(app, nurse, register, acting):
    address = uploaded(nurse, register)
    with app.app_context(), keep() as session:
        [kept] = session.scalars(select(ImportFile)).all()
        assert register[:200] not in kept.content
        days = kept.kept_until - datetime.now(UTC)
        assert timedelta(days=13) < days <= timedelta(days=14)
        kept.kept_until = datetime.now(UTC) - timedelta(seconds=1)
    assert nurse.get(f"{address}/columns").location == "/imports"
    with app.app_context(), keep() as session:
        assert len(session.scalars(select(ImportFile)).all()) == 1
    assert nurse.get("/imports").status_code == 200
    with app.app_context(), keep() as session:
        assert session.scalars(select(ImportFile)).all() == []


def test_the_template_is_there_for_who_has_nothing(nurse, works):
    answer = nurse.get("/imports/template.xlsx")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="template.xlsx"'
    address = uploaded(nurse, answer.data, "模板.xlsx")
    page = nurse.get(f"{address}/columns").text
    assert '<option value="shipped-template" selected>' in page


def bring(say, settings):
    """What another process does: work on what waits, and say how far it is."""
    imports.BATCH = 5
    app = create_app(settings)
    worker.BEAT = 0
    beat = runs.beat

    def told(job, *, done, total):
        say(done)
        return beat(job, done=done, total=total)

    runs.beat = told
    worker.worker(app).wake()
    worker.worker(app).wait()


def test_a_process_killed_on_the_way_loses_and_doubles_nothing(
    app, settings, nurse, register, acting, works, monkeypatch
):
    address = previewed(nurse, register, works)
    with monkeypatch.context() as nobody_works:
        nobody_works.setattr(worker.Worker, "wake", lambda self: None)
        nurse.post(f"{address}/bring")
    process = Life.begin(bring, settings)
    while process.hears() < 12:  # then two batches are stored, the third is on its way
        pass
    process.kill()
    before = len(stored(acting))
    assert 10 <= before < 40
    [run] = stored(acting, ImportRun)
    assert (run.state, run.finished_at) == (RunState.RUNNING, None)
    assert "正在导入" in nurse.get(address).text
    works()
    assert len(stored(acting)) == before  # its lease is not over
    app.config["IMPORT_LEASE_SECONDS"] = 0
    nurse.get(address)
    works()
    app.config["IMPORT_LEASE_SECONDS"] = 60
    assert "新增 40，更新 0，未变 0，退回 0" in nurse.get(address).text
    assert len(stored(acting)) == 40


def killed(app, address, state):
    """Leave a run as a process does that is killed while it works on it."""
    with app.app_context(), keep() as session:
        run = session.get_one(ImportRun, int(address.rpartition("/")[2]))
        run.state = state
        lease = timedelta(seconds=app.config["IMPORT_LEASE_SECONDS"] + 1)
        run.seen_at = datetime.now(UTC) - lease


def test_a_killed_run_goes_on_when_its_page_is_opened(app, nurse, register, works, acting):
    address = previewed(nurse, register, works)
    killed(app, address, RunState.RUNNING)
    assert "正在导入" in nurse.get(f"{address}/progress").text
    works()
    assert nurse.get(f"{address}/progress").text == ""
    assert "新增 40" in nurse.get(address).text
    assert len(stored(acting)) == 40


def test_a_run_that_somebody_works_on_is_left_to_them(app, nurse, register, works, acting):
    address = previewed(nurse, register, works)
    killed(app, address, RunState.RUNNING)
    with app.app_context():
        job = runs.claim()
        assert job is not None
        assert runs.claim() is None
        assert runs.beat(job, done=5, total=40)
    assert "已处理 5 / 40 行" in nurse.get(address).text
    nurse.post(f"{address}/cancel")
    with app.app_context():
        assert not runs.beat(job, done=6, total=40)
        runs.stopped(job)
    page = nurse.get(address).text
    assert "已停下" in page
    nurse.post(f"{address}/resume")
    works()
    assert "新增 40" in nurse.get(address).text


def test_what_waits_is_cancelled_at_once(nurse, register, works, acting):
    address = previewed(nurse, register, works)
    nurse.post(f"{address}/cancel")
    assert "已停下" in nurse.get(address).text
    assert stored(acting) == []
    nurse.post(f"{address}/bring")
    works()
    assert stored(acting) == []


def test_why_it_failed_is_told_in_each_readers_language(nurse, register, works):
    address = previewed(nurse, register.replace(b"diag_date", b"day"), works)
    assert all("缺少列" in nurse.get(path).text for path in (address, "/imports"))
    nurse.post("/language", data={"language": "en"})
    for path in (address, "/imports"):
        page = nurse.get(path).text
        assert "there is no column" in page
        assert "缺少列" not in page


def test_who_may_no_longer_import_brings_nothing_in(app, nurse, register, works, acting, alliance):
    address = previewed(nurse, register, works)
    with acting("alliance_admin"):
        from registry.queries.staff import alliance as staff
        from registry.services.staff import accounts

        accounts.close_account(staff.user(alliance.user("recorder", "county_a")))
    killed(app, address, RunState.RUNNING)
    worker.worker(app).wake()
    works()
    [run] = stored(acting, ImportRun)
    assert (run.state, run.finished_at) == (RunState.FAILED, None)
    assert "不再有导入权限" in run.why.zh
    assert "may no longer import" in run.why.en
    assert stored(acting) == []


def test_a_mapping_saved_here_is_the_centres_own(nurse, sign_in, register, works, acting):
    address = uploaded(nurse, register)
    content = find("colrec").read_text("utf-8")
    form = {"do": "save-text", "text_name": "本县登记", "text": content}
    assert nurse.post(f"{address}/columns", data=form).status_code == 302
    assert nurse.post(f"{address}/columns", data=form | {"text": content + "\n# 再版"}).status_code == 302
    works()
    saved = stored(acting, SavedMapping)
    assert [(one.name, one.version) for one in saved] == [("本县登记", 1), ("本县登记", 2)]
    assert stored(acting, SavedMapping, "county_b") == []
    page = nurse.get(f"/imports/mappings/{saved[1].id}").text
    assert "再版" in page
    assert f"/imports/mappings/{saved[0].id}" in page
    assert sign_in("recorder", "county_b").get(f"/imports/mappings/{saved[1].id}").status_code == 404
    again = uploaded(nurse, register)
    assert "本县登记" in nurse.get(f"{again}/columns").text
    assert "本县登记" not in sign_in("recorder", "county_b").get("/imports").text


def test_a_mapping_with_a_fault_is_said_and_kept_on_the_page(nurse, register, acting):
    address = uploaded(nurse, register)
    form = {"do": "save-text", "text_name": "坏", "text": "source = \n"}
    answer = nurse.post(f"{address}/columns", data=form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "source = \n" in answer.text
    assert stored(acting, SavedMapping) == []


def test_refused_rows_come_back_and_the_corrected_ones_go_in(nurse, register, works, acting, audit_entries):
    bad = register.replace(b"\n", b"\n", 1).decode().splitlines()
    header, first = bad[0].split(","), bad[1].split(",")
    column = header.index('"sex"') if '"sex"' in header else header.index("sex")
    first[column] = "不是性别"
    address = previewed(nurse, "\n".join([bad[0], ",".join(first), *bad[2:]]).encode() + b"\n", works)
    assert "退回 1 例" in nurse.get(address).text
    nurse.post(f"{address}/bring")
    works()
    assert len(stored(acting)) == 39
    answer = nurse.get(f"{address}/returned.xlsx")
    assert [entry.kind for entry in audit_entries("import.download")] == ["file"]
    book = openpyxl.load_workbook(BytesIO(answer.data))
    sheet = book.active
    assert sheet.max_row == 2
    [wrong] = [cell for cell in sheet[2] if cell.value == "不是性别"]
    assert wrong.comment is not None
    wrong.value = register.decode().splitlines()[1].split(",")[column].strip('"')
    corrected = BytesIO()
    book.save(corrected)
    again = uploaded(nurse, corrected.getvalue(), "改好.xlsx")
    nurse.post(f"{again}/columns", data={"do": "use", "use": "shipped-colrec"})
    works()
    nurse.post(f"{again}/bring")
    works()
    assert "新增 1，更新 0，未变 0，退回 0" in nurse.get(again).text
    assert len(stored(acting)) == 40


def test_the_workbook_speaks_its_readers_language(nurse, register, works):
    text = register.decode().splitlines()
    address = previewed(nurse, ("\n".join([*text[:2], text[2] + ",more"]) + "\n").encode(), works)
    nurse.post("/language", data={"language": "en"})
    book = openpyxl.load_workbook(BytesIO(nurse.get(f"{address}/returned.xlsx").data))
    assert book.sheetnames[0] == "Rows returned"
    assert language.get() == "zh"


def test_a_file_of_no_run_is_not_found(nurse, register):
    address = uploaded(nurse, register)
    assert nurse.get(f"{address}/returned.xlsx").status_code == 404
    assert FileKind.RETURNED.label.zh == "退回的行"
