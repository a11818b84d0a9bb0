"""What tests of pages share: the verbs that record, and a reader of the forms on a page."""

from html.parser import HTMLParser

import pytest
from werkzeug.datastructures import MultiDict

from tests.book import book as book
from tests.conftest import PASSWORD
from tests.queries.conftest import statements as statements


@pytest.fixture(params=["sqlite"])
def engine(request):
    """A page says the same on both engines."""
    return request.param


class FormOnPage(HTMLParser):
    """What a browser without scripts would send from the form with a given action."""

    def __init__(self, action):
        super().__init__()
        self.action, self.inside, self.templates = action, False, 0
        self.fields, self.list, self.area = MultiDict(), None, None

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "template":
            self.templates += 1
        elif tag == "form":
            self.inside = found.get("action") == self.action
        if not self.inside or self.templates:
            return
        name = found.get("name")
        if tag == "input" and found.get("type") in ("radio", "checkbox"):
            if "checked" in found:
                self.fields.add(name, found.get("value", "on"))
        elif tag == "input":
            self.fields.add(name, found.get("value") or "")
        elif tag == "select":
            self.list = name
            self.fields[name] = ""
        elif tag == "option" and self.list and "selected" in found:
            self.fields[self.list] = found["value"]
        elif tag == "textarea":
            self.area, self.fields[name] = name, ""

    def handle_data(self, data):
        if self.area:
            self.fields[self.area] += data

    def handle_endtag(self, tag):
        if tag == "template":
            self.templates -= 1
        elif tag == "form":
            self.inside = False
        elif tag == "select":
            self.list = None
        elif tag == "textarea":
            self.area = None


@pytest.fixture
def filled():
    """`filled(page, action, **changes)`: the form as it stands on a page, with some of it filled in anew."""

    def read(page, action, changes=(), **more):
        reader = FormOnPage(action)
        reader.feed(page.text)
        assert reader.fields, f"no form with the action {action} is on the page"
        for name, value in {**dict(changes), **more}.items():
            reader.fields.setlist(name, value if isinstance(value, list) else [value])
        return reader.fields

    return read


@pytest.fixture
def enrolled(acting, book):
    """A person enrolled at county A: the id."""
    with acting("endoscopist", "county_a"):
        return book.enrol(5, name="赵示例", phone="13800001234").person_id


@pytest.fixture
def sampled(acting, book, enrolled):
    """A gastroscopy with a biopsied lesion whose report is awaited: ids of examination, lesion, specimen."""
    with acting("endoscopist", "county_a") as scope:
        case = book.examine(
            enrolled,
            "2024-02-03",
            operator_id=scope.actor_id,
            sedation="sedation",
            scope="GIF-HQ290",
            photos=46,
            lesions=[{"site": "C16.3", "paris": "0-IIc", "size_mm": 12, "impression": "early"}],
            specimens=[{"method": "forceps", "pieces": 3, "lesions": [1], "pathology_number": "H26-1"}],
        )
        return case.id, case.lesions[0].id, case.specimens[0].id


@pytest.fixture
def reader(browser, live, alliance):
    """`reader("endoscopist.county_a")` signs in with a real browser; what it complains of fails the test."""
    contexts, complaints = [], []

    def signed_in(username, **options):
        context = browser.new_context(locale="zh-CN", base_url=live, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if _complains(said) else None)
        page.on("request", lambda asked: None if asked.url.startswith(live) else complaints.append(asked.url))
        page.goto("/sign-in")
        page.fill("#username", username)
        page.fill("#password", PASSWORD)
        page.click(".button.primary")
        page.wait_for_url(lambda url: "sign-in" not in url)
        page.goto("/")
        return page

    yield signed_in
    for context in contexts:
        context.close()
    assert complaints == []


def _complains(said):
    """Whether the console says something that is no answer of ours: a refused form is answered by 422."""
    return said.type == "error" and "status of 422" not in said.text
