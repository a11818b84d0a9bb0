"""How many keys a day's work takes. docs/measured.md says what these tests print; seconds are a machine's."""

import pytest
from sqlalchemy import select

from registry.extensions import db
from registry.forms.fields import today
from registry.models import Examination, FollowUp

pytestmark = pytest.mark.browser


@pytest.fixture
def known(acting, book):
    """Somebody examined here a year ago by the doctor who now sits here, and due again today: the id."""
    with acting("endoscopist", "county_a") as scope:
        person = book.enrol(5, name="赵示例", phone="13800001234").person_id
        how = {"operator_id": scope.actor_id, "sedation": "sedation", "scope": "GIF-HQ290"}
        due = {"next_due_on": today(), "next_due_what": "ogd", "next_due_reason": "萎缩性胃炎"}
        book.examine(person, f"{today().replace(year=today().year - 1, day=1)}", next_due=due, **how)
        return person


@pytest.fixture
def counted(capsys):
    """Print what was counted, past pytest's capture, so that every run of the suite shows it."""

    def tell(what, keys):
        with capsys.disabled():
            told = f"{keys.pressed} keys, {keys.given} of them the person's data, {keys.seconds:.1f} s"
            print(f"\n{what}: {told} by machine")

    return tell


def test_a_normal_gastroscopy_of_a_known_person(reader, known, acting, counted):
    someone = reader("endoscopist", "county_a")
    someone.goes_to("/")
    keys = someone.keys
    keys.start()
    keys.press("Control+k")
    keys.type("zsl", given=True)  # the initials of 赵示例
    keys.turn("Enter")
    keys.turn("Alt+s")
    keys.press(
        "1", "2"
    )  # gastroscopy, opportunistic screening; who, sedation and scope stand from the last case
    keys.press("a")  # all eleven sites seen and photographed: one statement
    keys.type("8")  # minutes
    keys.press("Enter")
    keys.type("46")  # photographs
    keys.press("Enter", "1", "1", "2")  # good view, C-0, no adverse event
    keys.turn("Alt+s")
    counted("a normal gastroscopy of a known person, found by initials", keys)
    assert keys.pressed <= 25
    assert "待补" not in someone.reads(".spine")
    with acting("endoscopist", "county_a"):
        case = db.session.scalars(select(Examination).order_by(Examination.id.desc())).first()
        assert (case.type.code, case.indication.code) == ("ogd", "screening_opportunistic")
        assert (case.sedation.code, case.scope, case.performed_on) == ("sedation", "GIF-HQ290", today())
        assert (case.upper_minutes, case.photos, case.visibility.code) == (8, 46, "good")
        assert (case.seen_d2.code, case.background.kimura.code) == ("photographed", "C-0")
        assert case.any_adverse_event is False


def test_a_call_from_the_list_of_those_due(reader, known, acting, counted):
    someone = reader("endoscopist", "county_a")
    someone.goes_to("/")
    keys = someone.keys
    keys.start()
    keys.press("Alt+f")
    keys.turn("4")
    counted("a call recorded from the list of those due", keys)
    assert keys.pressed <= 15
    assert "无人接听" in someone.reads(".note.done")
    assert outcomes(acting) == ["attended", "no_answer"]


def test_a_contact_in_full(reader, known, acting, counted):
    someone = reader("endoscopist", "county_a")
    someone.goes_to("/")
    keys = someone.keys
    keys.start()
    keys.press("Control+k")
    keys.type("zsl", given=True)
    keys.turn("Enter")
    keys.turn("Alt+c")
    keys.press("8")  # alive; by telephone, today
    keys.turn("Alt+s")
    counted("a follow-up contact in full, the person found by initials", keys)
    assert keys.pressed <= 15
    assert outcomes(acting) == ["attended", "alive"]


def outcomes(acting):
    with acting("endoscopist", "county_a"):
        return [row.outcome.code for row in db.session.scalars(select(FollowUp).order_by(FollowUp.id))]
