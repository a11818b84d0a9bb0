"""Every page, made from the routes: for everybody, in both languages, on a desk and on a telephone.

Each is opened in Chinese, on white, on a desk, as the first role that may see it; and in English, in the
dark, on a telephone, as the last, who sees least of it (there one record of each kind will do). `axe` looks
at it, in the dark at one page of each part of the registry; and so does what `axe` cannot see: one heading, a
title, the page's language, nothing wider than the screen, no word left untranslated. Then the window becomes
the other one, and heading and width are looked at again. `THOROUGH=1` opens every page as
every role, with `axe` in both windows.
"""

import os
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import select

from registry.access import MAY
from registry.codes.alliance import Role
from registry.codes.review import AlertChart, AlertOutcome
from registry.exchange import worker
from registry.exchange.mapping import find as shipped
from registry.extensions import db
from registry.forms.fields import today
from registry.indicators import FIRST
from registry.label import Label
from registry.models import PossiblePair, Reading, User
from registry.queries.review import inquiries as asked
from registry.reports.papers.periods import last_full
from registry.rules.alarm import Alarm
from registry.services.course import history
from registry.services.course.outcome import vital_status
from registry.services.imports.uploads import mappings, runs
from registry.services.people import likeness
from registry.services.releases import making as releases
from registry.services.review import alerts, closed_months, inquiries, quality_notes
from tests.journeys import again

pytestmark = [pytest.mark.browser, pytest.mark.slow]
EXPORT = Path(__file__).parents[1] / "data" / "hospital_exports" / "workstation-b.csv"
WINDOWS = [(1366, "light"), (390, "dark")]
AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text("utf-8")
VIOLATIONS = """axe.run(document, {resultTypes: ['violations'], preload: false})
  .then((found) => found.violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`))"""
# Text nodes and spoken attributes that hold Chinese, outside of what is marked as Chinese.
CHINESE = """() => {
  const found = [], han = /\\p{Script=Han}/u;
  const tree = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (tree.nextNode()) {
    const { data, parentElement } = tree.currentNode;
    if (!parentElement.closest('[lang^=zh], script, style, textarea')) found.push(data.trim());
  }
  for (const name of ['title', 'aria-label', 'placeholder', 'alt'])
    for (const one of document.querySelectorAll(`[${name}]`))
      if (!one.closest('[lang^=zh]')) found.push(one.getAttribute(name));
  return [document.title, ...found].filter((text) => han.test(text));
}"""
WIDER = "() => document.documentElement.scrollWidth - innerWidth"
# Roles whose pages are those of another: what one sees, the other sees.
ROLES = [role for role in Role if role is not Role.RECORDER]
# These lead on to another page, or are part of one.
ELSEWHERE = {"sign_in.start", "sign_in.lock", "imports.progress", "again.onward"}
VARIANTS = {
    "quality.rates": (
        *("", "?unconfirmed=1", "?indicator=CDEI-13", "?indicator=CDEI-04&by=endoscopist"),
        *("?indicator=CDEI-14&unconfirmed=1", "?set=UK-KPI-2016", "?indicator=PCCRC-3Y"),
    ),
    "casebook.find": ("", "?indicator=CDEI-14&state=met"),
    "funnel.points": ("", f"?indicator=CDEI-04&by=endoscopist&adjusted=1&to={today()}"),
    "papers.choose": ("", "?kind=quarterly"),
    "charts.over_time": ("", "?indicator=CDEI-04&by=quarter&rules=nelson&baseline=1"),
    "compared.groups": ("", f"?indicator=CDEI-04&by=endoscopist&standard=segi&to={today()}", "?by=quarter"),
    "survival.curves": (
        "",
        "?by=none",
        "?by=detection&restricted=1",
        "?method=cif",
        "?method=cox&with=sex",
        "?method=pohar-perme",
    ),
    "doubles.index": ("", "?state=same"),
    "alerts.index": ("", "?state=ended"),
    "months.index": ("", "?only=changed"),
    "first_table.show": ("", "?year=2001"),
    "data_quality.index": ("", "?only=below&kind=complete", "?check=complete.lesion.impression"),
    "data_quality.rows": ("?check=complete.lesion.impression", "?check=plausible.lesion.nice"),
    "inquiries.index": ("", "?state=closed"),
    "inquiries.ask": ("", "?check=complete.lesion.impression&place=1"),
    "reports.enter": ("", "?revise=1"),
    "imports.choose": ("?use=draft",),
}


@pytest.fixture
def names(app, alliance):
    """What stays Chinese on an English page: the language's own name, and those of people and places."""
    with app.app_context():
        people = list(db.session.scalars(select(User.name)))
    places = [place.name for place in (alliance.city, alliance.county_a, alliance.county_b)]
    return ["中文", "张三丰", "周芷若", "谢逊", "谢迅", *people, *places]


@pytest.fixture
def records(app, alliance, acting, book):
    """Somebody found in the county and cured in the city, a specimen that waits, a call overdue.

    What addresses may name, by the argument.
    """
    day = today()
    plan = {"next_due_on": day - timedelta(3), "next_due_what": "ogd", "next_due_reason": "Kyoto 2015"}
    waiting = {
        "lesions": [{"site": "C16.2", "size_mm": 4, "paris": "0-IIa", "impression": "benign"}],
        "specimens": [{"method": "forceps", "lesions": [1], "pathology_number": "B-1"}],
        "next_due": plan,
    }
    with acting("endoscopist", "county_a"):
        person = book.enrol(7, name="张三丰", phone="13900000000").person_id
        first = book.biopsy(person, f"{day - timedelta(90)}", f"{day - timedelta(85)}", vienna="4.2").id
        book.examine(person, f"{day}", **waiting)
    with acting("endoscopist", "city"):
        book.enrol(7, name="张三丰")
        book.examine(book.enrol(9, name="周芷若").person_id, f"{day}", **waiting)
        said = {
            "vienna": "4.4",
            "who_type": "adenocarcinoma",
            "differentiation": "well",
            "depth": "M",
            "size_mm": 12,
        }
        clear = {
            "horizontal_margin": "0",
            "vertical_margin": "0",
            "lymphatic": "0",
            "venous": "0",
            "ulceration": "0",
        }
        days = f"{day - timedelta(60)}", f"{day - timedelta(50)}"
        lesion = book.resect(person, *days, lesion={"same_as_id": first}, **said, **clear)
        colon = book.examine(
            person, f"{day - timedelta(55)}", kind="colonoscopy", lesions=[{"site": "C18.7", "size_mm": 9}]
        )
        brought = [
            history.surgery(person, kind="right_colectomy"),
            history.syndrome(person, syndrome="lynch"),
            history.assess(person, assessed_on=day, instrument="li_cn", hp_test="serology", gastrin_17=6),
            history.invite(person, round=1, invited_on=day),
            vital_status(person, vital="alive", as_of=day, source="family"),
        ]
        doubles = _doubles(book)
        again.before_closing(book, person)
        imported = _imported(app)
        said = {"findings": "胃窦见一0.8cm 0-IIa病变", "diagnosis": "胃窦早癌"}
        book.examine(person, f"{day - timedelta(40)}", **said)
        waiting_id = db.session.scalar(select(Reading.id).where(Reading.state == "unconfirmed"))
        made = {f"{row.__tablename__}_id": [row.id] for row in brought} | {
            "person_id": [person],
            "examination_id": [lesion.examination_id, colon.id],
            "reading_id": [waiting_id],
            "specimen_id": [lesion.examination.specimens[0].id],
            "tumour_id": [book.tumours(person)[0].id],
            "centre_id": [alliance.city.id],
            "user_id": [alliance.user("recorder", "city")],
            "key": ["CDEI-13"],
            "subject": ["examination"],
            "subject_id": [lesion.examination_id],
            **doubles,
            **imported,
        }
    made |= {"alert_id": _reviewed(acting, alliance)}
    _released(acting)
    queries = _asked(acting, alliance, made["examination_id"][0])
    return made | {"inquiry_id": queries, "reabstraction_id": again.entered_again(acting, alliance)}


def _released(acting):
    """What a researcher has asked for this year."""
    year = today().year
    with acting("researcher", None):
        for part in ("whole", "centre"):
            releases.release(year, ["CDEI-07", "CDEI-13"], part)


def _asked(acting, alliance, examination_id):
    """Queries about a case: one that waits for the centre, one that was answered, one closed; and a note."""
    with acting("quality_reviewer", None):
        quality_notes.note("complete.lesion.impression", alliance.city.id, text="checked")
        made = [
            inquiries.ask(examination_id, field=field, place=place, said="checked").id
            for field, place in (("lesion.size_mm", "1"), ("examination.photos", None), ("case", None))
        ]
    with acting("recorder", "city"):
        inquiries.answer(asked.inquiry(made[1]), said="checked")
    with acting("quality_reviewer", None):
        inquiries.close(asked.inquiry(made[2]), said="checked")
    return made


def _reviewed(acting, alliance):
    """A month that was closed; an alert that is open, and one about an endoscopist that has ended."""
    day, place = today(), alliance.city.id
    said = Label("低于界限，请一起看。", "Below the limits: look at it together.")
    with acting("quality_reviewer", None):
        closed_months.close(last_full("monthly", day), FIRST)
        (first, last) = (
            alerts.raise_alerts(
                [Alarm("CDEI-07", "2022", place, who, AlertChart.FUNNEL, "below 99.8", day, day, said)]
            )[0]
            for who in (None, alliance.user("endoscopist", "city"))
        )
        reviewer = alliance.user("quality_reviewer", None)
        alerts.tend(last, owner_id=reviewer, note="checked", plan=None, due_on=None)
        alerts.end(last, outcome=AlertOutcome.CHANCE, conclusion="checked")
        return [first.id, last.id]


def _doubles(book):
    """A pair to be judged and one that was merged, all enrolled in the city without documents."""
    known = {"sex": "1", "born_on": date(1958, 3, 4), "phone": "13900000001"}
    first, *_ = (book.enrol(None, name=name, **known) for name in ("谢逊", "谢逊", "谢迅"))
    pairs = db.session.scalars(select(PossiblePair.id).order_by(PossiblePair.id)).all()
    merged = likeness.judge(pairs[0], "same").merge
    assert merged.person_id == first.person_id
    return {"possible_pair_id": [pairs[0], pairs[1]], "merge_id": [merged.id]}


def _imported(app):
    """A file that waits for its columns, one stopped, one with rows that came back, and a mapping."""
    content = shipped("workstation_b").read_text("utf-8")
    saved = mappings.save(name="肠镜", source="工作站", content=content)
    lines = EXPORT.read_text("gb18030").splitlines(keepends=True)[:30]
    lines[3] = lines[3].replace(",男,", ",不明白,").replace(",女,", ",不明白,")
    made = [runs.upload(name="2024年肠镜.csv", content="".join(lines).encode("gb18030")) for _ in range(3)]
    for run_id, *steps in ((made[1], runs.cancel), (made[2], runs.bring)):
        runs.choose(run_id, name="肠镜", source="工作站", content=content)
        for step in steps:
            worker.worker(app).wake()
            worker.worker(app).wait()
            step(run_id)
    worker.worker(app).wake()
    worker.worker(app).wait()
    return {"import_run_id": made, "saved_mapping_id": [saved.id]}


def addresses(app, records):
    """Every page by its endpoint, with records that there are; a new argument has to be taught here."""
    with app.test_request_context():
        build = app.url_map.bind("localhost").build
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
            no_page = "GET" not in rule.methods or "file_format" in rule.arguments
            if no_page or rule.endpoint in {"static", *ELSEWHERE}:
                continue
            arguments = sorted(rule.arguments)
            choices = [
                sorted(getattr(rule._converters[name], "items", ())) or records[name] for name in arguments
            ]
            for values in product(*choices):
                path = build(rule.endpoint, dict(zip(arguments, values, strict=True)))
                for more in VARIANTS.get(rule.endpoint, ("",)):
                    yield rule.endpoint, path + more


def firsts(app, records):
    """One address of every page."""
    found = {}
    for endpoint, path in addresses(app, records):
        found.setdefault(endpoint, path)
    return found.items()


def may_see(app, endpoint, role):
    needed = app.view_functions[endpoint].needs
    return needed is not None and (not needed or any(one in MAY[role] for one in needed))


def wrong_with_width(page):
    """What is wrong with the page in a window of this width."""
    found = []
    if (headings := page.locator("h1:visible").count()) != 1:
        found.append(f"{headings} h1")
    if (wider := page.evaluate(WIDER)) > 0:
        found.append(f"{wider} px too wide")
    return found


def wrong_on(page, *, language, names, axe):
    """What is wrong with the page as it stands."""
    found = wrong_with_width(page)
    if not page.title().strip():
        found.append("no title")
    if page.locator("html").get_attribute("lang") != {"zh": "zh-CN", "en": "en"}[language]:
        found.append("the page says another language")
    if language == "en":
        for text in page.evaluate(CHINESE):
            rest = text
            for name in names:
                rest = rest.replace(name, "")
            found += (
                [f"untranslated: {text[:60]}"] if any("\u4e00" <= sign <= "\u9fff" for sign in rest) else []
            )
    if axe:
        page.evaluate(AXE)
        found += page.evaluate(VIOLATIONS)
    return found


def in_window(page, width, scheme):
    """Make the window of a page another one."""
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)


def wrong_in_windows(page, windows, *, axe_in, **sight):
    """What is wrong with the page in the window that it was opened in, and when that becomes another."""
    found = []
    for number, (width, scheme) in enumerate(windows):
        if number:
            in_window(page, width, scheme)
        axe = (width, scheme) in axe_in
        complaints = wrong_on(page, axe=axe, **sight) if axe or not number else wrong_with_width(page)
        found += [f"{width} {scheme}: {complaint}" for complaint in complaints]
    return found


@pytest.mark.parametrize(("language", "windows"), [("zh", WINDOWS), ("en", WINDOWS[::-1])])
def test_every_page_is_for_everybody(app, reader, records, names, language, windows):
    wrong, looked = [], set()
    thorough = "THOROUGH" in os.environ
    (width, scheme), *_ = windows
    opened = addresses if thorough or language == "zh" else firsts
    pages = [
        (role, path)
        for endpoint, path in opened(app, records)
        if (seen_by := [role for role in ROLES if may_see(app, endpoint, role)])
        for role in (seen_by if thorough else seen_by[:1] if language == "zh" else seen_by[-1:])
    ]
    for role in ROLES:
        someone = reader(role.code, "city", language=language, width=width, scheme=scheme)
        for path in (path for reads, path in pages if reads is role):
            in_window(someone.page, width, scheme)
            someone.goes_to(path)
            kind = path.partition("?")[0] if language == "zh" else path.split("/")[1]
            axe_in = windows if thorough else windows[: kind not in looked]
            looked.add(kind)
            complaints = wrong_in_windows(
                someone.page, windows, axe_in=axe_in, language=language, names=names
            )
            wrong += [f"{role.code} {path} {complaint}" for complaint in complaints]
    assert not wrong, "\n".join(wrong)


def test_what_is_empty_refused_or_missing_is_for_everybody_too(reader, names, acting, book):
    with acting("endoscopist", "county_a"):
        person = book.enrol(7, name="张三丰").person_id
        book.enrol(9, name="张三丰")
    windows = WINDOWS[::-1]
    sight = {"language": "en", "width": windows[0][0], "scheme": windows[0][1]}
    stranger, doctor = reader(**sight), reader("endoscopist", "county_a", **sight)
    doctor.refusals = {404, 422}
    wrong = []

    def looked_at(someone, what):
        found = wrong_in_windows(someone.page, windows, axe_in=windows[:1], language="en", names=names)
        wrong.extend(f"{what} {complaint}" for complaint in found)
        in_window(someone.page, *windows[0])

    stranger.goes_to("/sign-in")
    looked_at(stranger, "sign-in")
    for path in (
        "/",
        "/to-do/specimens",
        "/to-do/due",
        "/to-do/incomplete",
        "/quality",
        "/survival",
        "/nowhere",
    ):
        doctor.goes_to(path)
        looked_at(doctor, path)
    doctor.keys.press("Control+k")
    doctor.keys.type("zsf")
    doctor.keys.turn("Enter")
    looked_at(doctor, "two found")
    doctor.goes_to("/people/find")
    doctor.keys.type("123")
    doctor.keys.turn("Alt+s")
    looked_at(doctor, "a number refused")
    doctor.goes_to(f"/people/{person}/cases/new")
    doctor.keys.press("1", "Alt+l", "Alt+b")
    doctor.keys.fill("#examination-photos", "9999", back=True)
    doctor.keys.turn("Alt+s")
    looked_at(doctor, "a case refused")
    assert not wrong, "\n".join(wrong)
