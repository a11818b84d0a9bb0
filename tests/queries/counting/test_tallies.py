"""Tallies against a recount in plain Python over the same made-up records; scope, imports, few statements."""

import random
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, insert

from registry.access import Forbidden, act_as
from registry.codes.lesion import Organ, Site
from registry.codes.pathology import Depth, Vienna
from registry.extensions import db
from registry.indicators import FIRST, INDICATORS, Counts, State, indicator_called, nhc_2022
from registry.indicators.alliance import DETECTION
from registry.models import Enrolment, Examination, ImportRun, Lesion, Person, Specimen, Tumour
from registry.models.examination import UPPER_SITES
from registry.queries.counting.tallies import tally
from registry.rules.early import early
from registry.services.unit import batch
from tests.counted import case, change

BY = (None, "centre", "endoscopist", "month", "quarter", "year", "sex", "age", "age5")
PERSONS = [one.key for one in (*nhc_2022.SET.indicators, *nhc_2022.VARIANTS, *DETECTION) if one.persons]
BY_ROW = ("CDEI-04", "CDEI-05", "CDEI-06", "CDEI-07")


@pytest.fixture
def records(acting, alliance):
    """A few hundred made-up examinations at three centres, as the dictionaries that were stored."""
    with acting("endoscopist", "city"):
        yield Made(alliance)


class Made:
    """Random records, with gaps everywhere a gap may be."""

    def __init__(self, alliance):
        self.chance, self.sequence = random.Random(7), Counter()
        pick = self.chance.choice
        centres = [alliance.city.id, alliance.county_a.id, alliance.county_b.id]
        operators = [None, *(alliance.user("endoscopist", key) for key in ("city", "county_a", "county_b"))]
        self.people = [{"id": n, "pseudonym": f"p{n}", "sex": pick("120")} for n in range(1, 81)]
        self.imports = [self._import(n, centres[0], finished=n == 1) for n in (1, 2)]
        self.examinations = [
            {
                "id": n,
                "person_id": pick(self.people)["id"],
                "centre_id": pick(centres),
                "type": pick(["ogd", "ogd", "colonoscopy", "colonoscopy", "therapeutic_upper"]),
                "performed_on": date(2024, 1, 1) + timedelta(days=self.chance.randrange(700)),
                "operator_id": pick(operators),
                "age": pick([None, 34, 40, 49, 50, 54, 55, 71]),
                "import_id": pick([None, None, None, 1, 2]),
                "bbps_right": pick([None, 1, 2, 3]),
                "bbps_transverse": pick([2, 3]),
                "bbps_left": pick([None, 2, 3]),
                "caecum_reached": pick([None, True, True, False]),
                "caecum_photo": pick([None, True, True, False]),
                "withdrawal_min": pick([None, 4, 6, 9]),
                **{site: pick(["photographed"] * 30 + ["seen", None]) for site in UPPER_SITES},
            }
            for n in range(1, 401)
        ]
        self.lesions = [self._lesion(n) for n in range(1, 301)]
        self.tumours = [self._tumour(n) for n in range(1, 121)]
        self.specimens = [
            {
                "id": n,
                "examination_id": (own := pick(self.examinations))["id"],
                "centre_id": own["centre_id"],
                "letter": "A",
                "method": "forceps",
                "taken_on": own["performed_on"],
                "reported": pick([True, True, True, False]),
                "retrieved": pick([None, True, True, False]),
            }
            for n in range(1, 301)
        ]
        seen_at = {(one["person_id"], one["centre_id"]) for one in self.examinations}
        with batch("test", "made-up alliance") as session:
            for model, rows in (
                (ImportRun, self.imports),
                (Person, self.people),
                (Examination, self.examinations),
                (Lesion, self.lesions),
                (Tumour, self.tumours),
                (Specimen, self.specimens),
            ):
                session.execute(insert(model), rows)
            enrolled = {"enrolled_on": date(2024, 1, 1)}
            session.execute(
                insert(Enrolment),
                [{"person_id": who, "centre_id": where, **enrolled} for who, where in sorted(seen_at)],
            )

    def _import(self, number, centre_id, *, finished):
        now = datetime.now(UTC)
        digests = dict.fromkeys(("mapping_digest", "file_digest"), "0" * 64)
        named = dict.fromkeys(("mapping", "source", "actor"), "test")
        times = {"started_at": now, "seen_at": now, "finished_at": now if finished else None}
        return {"id": number, "centre_id": centre_id, **digests, **named, **times}

    def _lesion(self, number):
        own, sampled = self.chance.choice(self.examinations), self.chance.random() < 0.8
        awaited = sampled and self.chance.random() < 0.2
        return {
            "id": number,
            "examination_id": own["id"],
            "centre_id": own["centre_id"],
            "number": number % 99 + 1,
            "site": self.chance.choice([None, "C15.4", "C16.3", "C18.7", "C20.9"]),
            "sampled": sampled,
            "awaited": awaited,
            "adenoma": self.chance.choice([None, True, False]) if sampled else None,
            "cancer": self.chance.choice([None, True, False]) if sampled else None,
        }

    def _next_of(self, person_id):
        self.sequence[person_id] += 1
        return self.sequence[person_id]

    def _tumour(self, number):
        own = self.chance.choice(self.examinations)
        return {
            "id": number,
            "sequence": self._next_of(own["person_id"]),
            "person_id": own["person_id"],
            "centre_id": own["centre_id"],
            "import_id": self.chance.choice([None, None, 2]),
            "detecting_examination_id": self.chance.choice([own["id"], own["id"], own["id"], None]),
            "organ": self.chance.choice(["oesophagus", "stomach", "colon", "rectum", "duodenum"]),
            "invasive": self.chance.choice([None, True, True, False]),
            "worst": self.chance.choice([None, "3", "4.2", "4.4", "5.2"]),
            "deepest": self.chance.choice([None, None, "M", "LPM", "SM1", "MP"]),
            "awaited": self.chance.choice([True, False, False]),
        }

    # ---- the recount --------------------------------------------------------------------------------

    def recount(self, by, centres=None):
        """{(indicator, group value): Counter of states} in plain Python."""
        people = {one["id"]: one for one in self.people}
        counted = [one for one in self.examinations if one["import_id"] != 2]
        if centres is not None:
            counted = [one for one in counted if one["centre_id"] in centres]
        by_id = {one["id"]: one for one in counted}
        rows, votes = defaultdict(Counter), defaultdict(list)

        def group(one):
            return self.value(by, one, people)

        for one in counted:
            for key, state in self.by_row(one).items():
                rows[key, group(one)][state] += 1
            for key, kind in (
                ("EARLY-OESOPHAGUS", "ogd"),
                ("EARLY-STOMACH", "ogd"),
                ("CDEI-14", "colonoscopy"),
                ("EARLY-COLORECTUM", "colonoscopy"),
            ):
                if one["type"] == kind:
                    votes[key, group(one), one["person_id"]].append(State.NOT_MET)
        for one in self.lesions:
            at = by_id.get(one["examination_id"])
            for key, state in self.of_lesion(one, at).items() if at else ():
                votes[key, group(at), at["person_id"]].append(state)
        for one in self.tumours:
            at = by_id.get(one["detecting_examination_id"])
            for key, state in self.of_tumour(one, at).items() if at and one["import_id"] != 2 else ():
                votes[key, group(at), at["person_id"]].append(state)
        for (key, value, _), states in votes.items():
            rows[key, value][max(states)] += 1
        return {place: dict(counts) for place, counts in rows.items()}

    @staticmethod
    def value(by, one, people):
        day, age = one["performed_on"], one["age"]
        return {
            None: lambda: "all",
            "centre": lambda: one["centre_id"],
            "endoscopist": lambda: "unknown" if one["operator_id"] is None else str(one["operator_id"]),
            "month": lambda: f"{day:%Y-%m}",
            "quarter": lambda: f"{day.year}-Q{(day.month + 2) // 3}",
            "year": lambda: str(day.year),
            "sex": lambda: people[one["person_id"]]["sex"],
            "age": lambda: band(age, 10),
            "age5": lambda: band(age, 5),
        }[by]()

    @staticmethod
    def by_row(one):
        def three(answers):
            if False in answers:
                return State.NOT_MET
            return State.UNKNOWN if None in answers else State.MET

        if one["type"] == "ogd":
            seen = [None if one[site] is None else one[site] == "photographed" for site in UPPER_SITES]
            return {"CDEI-04": three(seen)}
        if one["type"] != "colonoscopy":
            return {}
        segments = [one["bbps_right"], one["bbps_transverse"], one["bbps_left"]]
        minutes = one["withdrawal_min"]
        return {
            "CDEI-05": three([None if score is None else score >= 2 for score in segments]),
            "CDEI-06": three([one["caecum_reached"], one["caecum_photo"]]),
            "CDEI-07": three([None if minutes is None else minutes >= 6]),
        }

    @staticmethod
    def of_lesion(one, at):
        said = {}
        if at["type"] == "colonoscopy":
            if one["adenoma"]:
                said["CDEI-14"] = State.MET
            elif one["awaited"]:
                said["CDEI-14"] = State.AWAITED
            elif one["sampled"] and one["adenoma"] is None:
                said["CDEI-14"] = State.UNKNOWN
        if one["awaited"] or (one["sampled"] and one["cancer"] is None):
            state = State.AWAITED if one["awaited"] else State.UNKNOWN
            organ = Site(one["site"]).organ if one["site"] else None
            if at["type"] == "ogd":
                said |= {"EARLY-OESOPHAGUS": state} if organ in (None, Organ.OESOPHAGUS) else {}
                said |= {"EARLY-STOMACH": state} if organ in (None, Organ.STOMACH) else {}
            if at["type"] == "colonoscopy" and (organ is None or organ.colorectal):
                said["EARLY-COLORECTUM"] = state
        return said

    @staticmethod
    def of_tumour(one, at):
        organ = Organ(one["organ"])
        worst = Vienna(one["worst"]) if one["worst"] else None
        cancer = bool(one["invasive"] or (worst and worst.carcinoma))
        high = bool(worst and worst.high_grade and not one["invasive"])
        share, detected, kind = {
            Organ.OESOPHAGUS: ("CDEI-12", "EARLY-OESOPHAGUS", "ogd"),
            Organ.STOMACH: ("CDEI-13", "EARLY-STOMACH", "ogd"),
            Organ.COLON: ("CDEI-15", "EARLY-COLORECTUM", "colonoscopy"),
            Organ.RECTUM: ("CDEI-15", "EARLY-COLORECTUM", "colonoscopy"),
        }.get(organ, (None, None, None))
        if at["type"] != kind:
            return {}
        answer = early(organ, Depth(one["deepest"]) if one["deepest"] else None)
        state = {True: State.MET, False: State.NOT_MET}.get(answer)
        if state is None:
            state = State.AWAITED if one["awaited"] else State.UNKNOWN
        said = {share: state, f"{share}.known": state, detected: state} if cancer else {}
        if f"{share}.hgin" in INDICATORS and (cancer or high):
            said[f"{share}.hgin"] = State.MET if high else state
        return said


def band(age, width):
    if age is None or age < 40:
        return "unknown" if age is None else "<40"
    return f"{age // width * width}–{age // width * width + width - 1}"


def counted(by, keys=(*BY_ROW, *PERSONS)):
    found = tally([indicator_called(key) for key in keys], by=by)
    return {
        (one.indicator.key, one.group.code): {state: n for state, n in one.counts.items() if n}
        for one in found
        if one.eligible
    }


def of_centres(expected, alliance):
    codes = {place.id: place.code for place in (alliance.city, alliance.county_a, alliance.county_b)}
    return {(key, codes.get(value, value)): counts for (key, value), counts in expected.items()}


@pytest.mark.parametrize("by", BY)
def test_tallies_equal_a_recount_in_python(by, records, acting, alliance):
    with acting("quality_reviewer", None):
        assert counted(by) == of_centres(records.recount(by), alliance)


@pytest.mark.parametrize("by", [None, "centre", "month", "sex"])
def test_a_centre_counts_its_own_records_only(by, records, acting, alliance):
    for key in ("city", "county_a"):
        with acting("endoscopist", key):
            own = records.recount(by, centres={alliance.place(key).id})
            assert counted(by) == of_centres(own, alliance)


def test_specimens_that_are_reported_are_counted(records, acting):
    at = {one["id"]: one for one in records.examinations if one["import_id"] != 2}
    mine = [
        one
        for one in records.specimens
        if at.get(one["examination_id"], {}).get("type") == "colonoscopy"
        and (one["reported"] or one["retrieved"] is not False)  # what was lost is not waited for
    ]
    with acting("quality_reviewer", None):
        (one,) = tally([indicator_called("CDEI-14")])
    assert one.tissue == (len(mine), sum(specimen["reported"] for specimen in mine))


def test_however_many_indicators_a_base_is_read_once(records, acting):
    statements = []
    with acting("quality_reviewer", None):
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
        tally([one for one in FIRST if one.counts is not Counts.PROCEDURES_A_YEAR], by="month")
        everything = len(statements)
        statements.clear()
        tally([indicator_called(key) for key in BY_ROW[:2]], by="month")
    # imports; the trail's newest entry; rows of examinations, resections, plans; persons; what
    # operations, events and specimens say of examinations, and lesions with tumours, assessments and what
    # came later of persons; specimens
    assert everything == 13
    assert len(statements) == 3


def test_persons_are_counted_once_however_often_they_come(acting, alliance):
    """A repeat after an incomplete colonoscopy counts twice for the caecum and once for adenomas."""
    with acting("endoscopist", "city"):
        with change("test.cases") as unit:
            first = case(unit, alliance.city.id, kind="colonoscopy", caecum_reached=False)
            case(
                unit, alliance.city.id, person=first.person, kind="colonoscopy", caecum_reached=True,
                caecum_photo=True, lesions=[{"sampled": True, "adenoma": True}],
            )  # fmt: skip
        assert counted(None, ["CDEI-06", "CDEI-14"]) == {
            ("CDEI-06", "all"): {State.NOT_MET: 1, State.MET: 1},
            ("CDEI-14", "all"): {State.MET: 1},
        }


def test_workload_divides_by_the_endoscopists_on_the_list(records, acting, alliance):
    with acting("quality_reviewer", None):
        found = {one.group.code: one for one in tally([indicator_called("CDEI-01")], by="centre")}
    with acting("endoscopist", "county_a"):
        (own,) = tally([indicator_called("CDEI-01")])
    assert found[alliance.city.code].endoscopists == 2  # with the visiting expert
    assert own.endoscopists == found[alliance.county_a.code].endoscopists == 2
    assert found[alliance.county_b.code].endoscopists == 1
    assert own.met == found[alliance.county_a.code].met > 0


def test_who_may_not_see_rates_is_refused(records, acting):
    for role in ("alliance_admin", "auditor"):
        with acting(role, None), pytest.raises(Forbidden):
            tally([indicator_called("CDEI-04")])
    with acting("researcher", None), pytest.raises(Forbidden):
        tally([indicator_called("CDEI-04")], by="endoscopist")


def test_without_a_scope_nothing_is_counted(records, app):
    with app.app_context():
        act_as(None)
        with pytest.raises(Forbidden):
            tally([indicator_called("CDEI-04")])
