"""The row under the bar: how much is to be done, for those who do it."""

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
