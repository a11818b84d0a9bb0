"""The page of the own records: each reader the own part, and nobody else's name before its time."""

import re

import pytest

from registry.indicators.checks.timely import ENTRY_DAYS, ENTRY_OR_MEMORY
from registry.queries.review import integrity as queries
from registry.reports.papers.periods import days_of, last_full
from registry.reports.rates.quality import this_day
from registry.services.unit import change
from tests.services.review.test_integrity import entered

OWN = "/quality/own/"
TOLD = "45 次（"


@pytest.fixture
def heaped(acting, alliance):
    """Last month's withdrawals of the city's endoscopist, most of them in six minutes."""
    day = days_of("monthly", last_full("monthly", this_day()))[1]
    rows = [{"withdrawal_min": minutes} for minutes in [6] * 45 + [4, 5, 5, 7, 7, 8]]
    with acting("endoscopist"), change("test.cases") as unit:
        entered(unit, alliance.city.id, alliance.user("endoscopist"), rows, day=day)
    return alliance.user("endoscopist")


def test_the_person_reads_it_first_answers_and_then_the_manager(sign_in, heaped):
    doctor, manager = sign_in("endoscopist"), sign_in("centre_manager")
    reviewer = sign_in("quality_reviewer", None)
    assert TOLD in doctor.get(OWN).text
    assert "值得看一看" in doctor.get(OWN).text
    assert 'name="comment"' not in doctor.get(OWN).text
    assert doctor.post(f"{OWN}look").status_code == 403
    looked = reviewer.post(f"{OWN}look")
    assert looked.status_code == 303
    assert "先由本人看到" in reviewer.get(looked.location).text
    page = doctor.get(OWN).text
    action = re.search(r'action="(/quality/own/\d+/answer)"', page)[1]
    for other in (manager, sign_in("recorder"), sign_in("endoscopist", "county_a")):
        assert TOLD not in other.get(OWN).text
        assert other.post(action, data={"comment": "x", "version": "1"}).status_code == 404
    assert reviewer.post(action, data={"comment": "x", "version": "1"}).status_code == 403
    assert ">1</b>" not in reviewer.get(OWN).text
    refused = doctor.post(action, data={"comment": "", "version": "1"})
    assert (refused.status_code, "请写一句话" in refused.text) == (422, True)
    late = doctor.post(action, data={"comment": "计时器", "version": "7"})
    assert (late.status_code, "另一窗口" in late.text) == (409, True)
    assert doctor.post(action, data={"comment": "计时器", "version": "1"}).status_code == 303
    page = manager.get(OWN).text
    assert TOLD in page
    assert "计时器" in page
    assert "赵内镜医师" in page
    counts = reviewer.get(OWN).text
    assert "1/<b>1</b>" in counts
    assert "赵内镜医师" not in counts
    assert "计时器" not in counts
    for told in (page, counts, doctor.get(OWN).text):
        assert "造假" not in told
        assert "fraud" not in told


def test_its_history_is_on_no_page(sign_in, heaped, acting):
    sign_in("quality_reviewer", None).post(f"{OWN}look")
    with acting("endoscopist"):
        (mine,) = queries.own()
        number = mine.id
    for role, centre in (("centre_manager", "city"), ("recorder", "city"), ("quality_reviewer", None)):
        assert sign_in(role, centre).get(f"/history/integrity_signal/{number}").status_code == 404


def test_the_command_line_raises_and_names_nobody(app, heaped, sign_in, acting, alliance):
    def run(*args):
        return app.test_cli_runner().invoke(args=["review", "signals", *args])

    told = run()
    assert (told.exit_code, "还没有他人可知的" in told.output) == (0, True)
    with acting("endoscopist"):
        assert len(queries.own()) == 1
    app.config["INTEGRITY_DELAY_DAYS"] = -1
    told = run()
    assert alliance.city.name in told.output
    assert "赵内镜医师" not in told.output
    assert run("--month", "2001").exit_code == 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_pages_say_why_their_days_of_entry_differ(language, sign_in, heaped):
    doctor = sign_in("endoscopist")
    doctor.post("/language", data={"language": language})
    told = getattr(ENTRY_OR_MEMORY, language).replace("'", "&#39;")
    assert told in doctor.get(OWN).text
    assert told in doctor.get(f"/quality/data/?check=timely.examination.entered_{ENTRY_DAYS}_days").text


def test_who_examines_nobody_sees_nothing(sign_in, alliance):
    assert "没有由您做的" in sign_in("recorder").get(OWN).text
    assert sign_in("researcher", None).get(OWN).status_code == 403
    assert sign_in("quality_reviewer", None).get(f"{OWN}?period=2001").status_code == 200
