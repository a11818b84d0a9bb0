"""The row under the bar: how much is to be done, for those who do it."""

import re

import pytest


@pytest.fixture
def waiting(sampled):
    """A case at county A whose report is awaited, long enough ago to be on no other list."""
    return sampled


def counted(page):
    return '<span class="count"' in page.text


def test_who_records_sees_how_much_waits(sign_in, waiting):
    page = sign_in("endoscopist", "county_a").get("/codebook")
    assert "1 项待办" in page.text
    assert not counted(sign_in("endoscopist", "city").get("/codebook"))
    assert not counted(sign_in("auditor").get("/codebook"))


def test_a_page_about_a_failure_counts_nothing(sign_in, waiting):
    page = sign_in("endoscopist", "county_a").get("/no/such/page")
    assert page.status_code == 404
    assert not counted(page)


@pytest.mark.parametrize(
    "path", ["/", "/day", "/to-do/specimens", "/to-do/due", "/readings", "/doubles/", "/to-do/questions"]
)
def test_every_list_stands_under_what_is_to_be_done(sign_in, path):
    page = sign_in("endoscopist", "city").get(path, follow_redirects=True)
    assert re.search(r'<a href="/"[^>]* aria-current="page">待办', page.text)
    assert len(re.findall(r'accesskey="\d+" aria-current="page"', page.text)) == 1
