"""Fields read off columns, and what they understand of what is typed."""

from datetime import date, time

import pytest
from wtforms import Form

from registry.codes.lesion import Jnet, Paris, Site
from registry.codes.person import Precision
from registry.forms import fields
from registry.forms.case import CaseForm, LesionForm, Shape
from registry.forms.choices import Few, YesNo
from registry.forms.derive import field_for
from registry.forms.fields import AnyDay, Clock
from registry.forms.shown import keys_of, short_label
from registry.label import Label, reading
from registry.models import Examination, Lesion
from registry.rules.dates import PartialDate


class Typing(dict):
    """What a browser sends."""

    def getlist(self, name):
        found = self[name]
        return found if isinstance(found, list) else [found]


def read(field, typed):
    """One field as it stands after something was typed."""
    form = type("One", (Form,), {"one": field})(
        Typing({"one": typed} if typed is not None else {"other": ""})
    )
    form.validate()
    return form.one


@pytest.fixture(autouse=True)
def friday(monkeypatch):
    monkeypatch.setattr(fields, "today", lambda: date(2026, 11, 20))


def test_a_column_says_what_its_field_asks():
    size = read(field_for(Lesion.size_mm), "１２")
    assert (str(size.label.text), size.unit, size.limits, size.data) == ("病变大小", "mm", (1, 300), 12)
    assert read(field_for(Lesion.site), "C16.3").kind == "select"
    assert read(field_for(Lesion.jnet), "2A").kind == "buttons"
    assert isinstance(read(field_for(Examination.bbps_right), "2"), Few)
    assert isinstance(read(field_for(Examination.caecum_reached), "no"), YesNo)


@pytest.mark.parametrize(
    ("typed", "words"), [("301", "1–300"), ("-1", "1–300"), ("十二", "整数"), ("1.5", "整数")]
)
def test_a_number_outside_its_limits_is_refused_in_words(typed, words):
    field = read(field_for(Lesion.size_mm), typed)
    assert field.data is None
    assert words in str(field.errors[0])


def test_what_was_typed_stays_in_the_box():
    assert read(field_for(Lesion.size_mm), "四百").typed == "四百"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1118", date(2026, 11, 18)),
        ("11-18", date(2026, 11, 18)),
        ("2026年11月18日", date(2026, 11, 18)),
        ("２０２６１１１８", date(2026, 11, 18)),
        ("今天", date(2026, 11, 20)),
        ("1225", date(2025, 12, 25)),
    ],
)
def test_a_day_is_understood_in_any_spelling(typed, day):
    field = read(AnyDay("day"), typed)
    assert field.data == day
    assert field.told.zh.startswith(day.isoformat())


def test_a_day_to_come_is_refused_where_the_past_is_asked_and_read_where_the_future_is():
    assert "还没有到" in str(read(AnyDay("day"), "2026-11-21").errors[0])
    assert read(AnyDay("day", future=True), "2027-02-01").data == date(2027, 2, 1)
    assert read(AnyDay("day", future=True), "0201").data == date(2027, 2, 1)


def test_a_month_will_do_only_where_it_may():
    assert "请填到日" in str(read(AnyDay("day"), "2026-10").errors[0])
    field = read(AnyDay("day", partial=True), "2026-10")
    assert field.data == PartialDate(date(2026, 10, 1), Precision.MONTH)
    assert (field.show(field.data), field.told.zh) == ("2026-10", "2026-10，精确到月")


def test_every_month_end_has_a_next_year(monkeypatch):
    monkeypatch.setattr(fields, "today", lambda: date(2028, 2, 29))
    assert read(AnyDay("day", future=True), "2029-01-31").data == date(2029, 1, 31)


@pytest.mark.parametrize("typed", ["0912", "912", "9:12", "09：12", "９:12"])
def test_a_time_is_read_as_typed(typed):
    assert read(Clock("at"), typed).data == time(9, 12)


@pytest.mark.parametrize("typed", ["2460", "25:00", "noon"])
def test_a_time_that_is_none_is_refused(typed):
    assert read(Clock("at"), typed).errors


def test_unknown_is_not_no():
    assert read(YesNo("x"), "no").data is False
    assert read(YesNo("x"), "unknown").data is None
    assert read(YesNo("x"), None).data is None
    assert read(YesNo("x"), "perhaps").errors


@pytest.mark.parametrize(
    ("pressed", "paris"),
    [(["0-IIc"], Paris.IIC), (["0-IIc", "0-IIa"], Paris.IIC_IIA), (["0-IIa", "0-IIc"], Paris.IIA_IIC)],
)
def test_a_combined_shape_keeps_the_order_of_the_keys(pressed, paris):
    assert read(Shape("paris"), pressed).data is paris


def test_a_shape_that_no_one_describes_is_refused():
    field = read(Shape("paris"), ["0-Ip", "0-III"])
    assert field.data is None
    assert "没有这种组合" in str(field.errors[0])


def test_messages_are_in_the_language_of_the_reader():
    with reading("en"):
        assert str(read(field_for(Lesion.size_mm), "400").errors[0]) == "Between 1 and 300"


def test_a_list_is_found_by_initials_code_and_english():
    keys = keys_of(Site.ANTRUM.label, "C16.3").split("|")
    assert {"wd", "gastric antrum", "c16.3", "c163"} <= set(keys)
    assert keys_of("何医师", "7").startswith("hys")


def test_buttons_say_the_code_where_doctors_do():
    assert short_label(Jnet.TYPE_2A) == Label("2A", "2A")
    assert short_label(Paris.IIC).zh == "IIc"


def test_a_lesion_form_knows_whether_anything_stands_in_it():
    assert LesionForm(Typing({"number": "1", "site": ""})).blank
    assert not LesionForm(Typing({"number": "1", "size_mm": "x"})).blank


def test_the_path_of_a_problem_counts_the_rows_that_were_kept(app):
    sent = {"lesions-0-number": "1", "lesions-0-site": "", "lesions-1-number": "2", "lesions-1-size_mm": "9"}
    with app.test_request_context(method="POST", data=sent):
        form = CaseForm(meta={"csrf": False})
        assert form.at("lesions-0-size_mm").id == "lesions-1-size_mm"
        assert form.at("lesions-1-size_mm") is None
        assert form.at("examination-no_such_field") is None
        assert [lesion["number"] for lesion in form.record["lesions"]] == [2]


def test_what_does_not_apply_to_the_examination_is_not_sent(app):
    sent = {
        "examination-type": "colonoscopy",
        "examination-performed_on": "2026-11-18",
        "examination-seen_antrum": "photographed",
        "examination-bbps_right": "2",
        "examination-bbps_left_missing": "not_applicable",
        "background-kimura": "O-1",
    }
    with app.test_request_context(method="POST", data=sent):
        record = CaseForm(meta={"csrf": False}).record
    assert record["examination"]["seen_antrum"] is None
    assert record["examination"]["bbps_right"] == 2
    assert record["examination"]["bbps_left_missing"].code == "not_applicable"
    assert record["background"] is None
