"""Where a source and a correction differ: the list, the case, the two answers, and nobody else's."""

import re

import pytest
from sqlalchemy import select

from registry.codes.alliance import Role
from registry.codes.desk import QuestionState
from registry.extensions import db
from registry.models import Lesion, Question
from registry.services import imports
from registry.services.cases import recording
from tests.services.imports.imported import gastroscopy

ORIGIN = imports.Origin("workstation", "w", "0" * 64, "1" * 64)


@pytest.fixture
def asked(acting):
    """A question on the size of a lesion: the record says 12 mm, the source 15; (question, case) ids."""
    with acting(Role.CENTRE_MANAGER):
        case = gastroscopy(7)
        imports.bring_in([case], ORIGIN)
        lesion = db.session.scalars(select(Lesion)).one()
        examination = lesion.examination
        recording.record_case(
            person_id=examination.person_id,
            existing=examination,
            examination={},
            lesions=[{"id": lesion.id, "size_mm": 12}],
            specimens=[{"id": row.id} for row in examination.specimens],
        )
        case.lesions[0]["size_mm"] = 15
        imports.bring_in([case], ORIGIN)
        question = db.session.scalars(select(Question)).one()
        return question.id, question.examination_id


def state(acting, question_id):
    with acting(Role.CENTRE_MANAGER):
        question = db.session.get(Question, question_id)
        return question.state, db.session.scalars(select(Lesion)).one().size_mm


def test_it_stands_on_the_list_and_on_its_case(sign_in, asked):
    question_id, examination_id = asked
    browser = sign_in(Role.RECORDER)
    for address in ("/to-do/questions", f"/cases/{examination_id}"):
        page = browser.get(address)
        assert page.status_code == 200
        assert "病变大小" in page.text
        assert re.search(r"12 mm.*15 mm", page.text, re.DOTALL)
        assert f"/to-do/questions/{question_id}/take" in page.text


@pytest.mark.parametrize(
    ("answer", "left", "size"),
    [("keep", QuestionState.KEPT, 12), ("take", QuestionState.TAKEN, 15)],
)
def test_one_button_answers_it(sign_in, acting, asked, answer, left, size):
    browser = sign_in(Role.RECORDER)
    sent = browser.post(f"/to-do/questions/{asked[0]}/{answer}", data={"back": f"/cases/{asked[1]}"})
    assert (sent.status_code, sent.location) == (303, f"/cases/{asked[1]}")
    assert state(acting, asked[0]) == (left, size)
    assert "没有待答的问题" in browser.get("/to-do/questions").text
    again = browser.post(f"/to-do/questions/{asked[0]}/{answer}", follow_redirects=True)
    assert "已有答复" in again.text


def test_another_centres_question_does_not_exist(sign_in, acting, asked):
    browser = sign_in(Role.RECORDER, "county_a")
    assert browser.post(f"/to-do/questions/{asked[0]}/take").status_code == 404
    assert "病变大小" not in browser.get("/to-do/questions").text
    assert state(acting, asked[0]) == (QuestionState.OPEN, 12)
