"""The list of accounts: by centre, one of them opened by the address."""

import re


def groups(page):
    """Each group of accounts on the page: its id, whether it stands open, and the user names in it."""
    found = re.findall(r'<details class="more" id="at-(\w+)"( open)?>(.*?)</details>', page.text, re.DOTALL)
    return {code: (bool(opened), re.findall(r">([\w.]+)</a></th>", inside)) for code, opened, inside in found}


def test_accounts_stand_by_their_centre_and_an_address_opens_one(sign_in, alliance):
    browser = sign_in("alliance_admin")
    found = groups(browser.get("/admin/users"))
    assert list(found) == ["alliance", alliance.city.code, alliance.county_a.code, alliance.county_b.code]
    assert not any(opened for opened, _ in found.values())
    assert [key for key, (_, names) in found.items() if "expert" in names] == [
        alliance.city.code,
        alliance.county_a.code,
    ]
    linked = browser.get("/admin/centres").text
    assert f"/admin/users?at={alliance.county_a.code}" in linked
    found = groups(browser.get(f"/admin/users?at={alliance.county_a.code}"))
    assert [key for key, (opened, _) in found.items() if opened] == [alliance.county_a.code]


def test_a_manager_sees_the_own_house_alone(sign_in):
    page = sign_in("centre_manager", "county_a").get("/admin/users").text
    assert "recorder.county_a" in page
    assert "expert" in page
    assert "recorder.city" not in page
    assert "<details" not in page
