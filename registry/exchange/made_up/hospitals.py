"""The hospitals of the made-up alliance and their doctors, who differ as real ones do."""

from dataclasses import dataclass, field
from random import Random

from registry.codes.alliance import CentreKind, CentrePlace, Role
from registry.codes.person import Sex
from registry.exchange.made_up import names
from registry.exchange.made_up.chance import Among, around
from registry.services.made_up.seed import Member


@dataclass(eq=False)
class Doctor:
    """An endoscopist: which way the day's work falls out, on average. Shares lie in [0, 1]."""

    name: str
    username: str = ""
    user_id: int = 0
    thorough: float = 0.9  # gastroscopies with all sites photographed
    detects: float = 1.0  # times the usual number of lesions found
    reaches: float = 0.95  # colonoscopies to the caecum
    withdrawal: float = 7.5  # minutes
    share: float = 1.0  # of the house's examinations


@dataclass(eq=False)
class Hospital:
    """A member hospital with its staff; `weight` is its part of all examinations."""

    code: str
    name_zh: str
    name_en: str
    kind: CentreKind
    place: CentrePlace
    weight: float
    id: int = 0
    doctors: list[Doctor] = field(default_factory=list)
    recorders: list[Doctor] = field(default_factory=list)
    head: Doctor = field(init=False)
    reports_in: tuple[int, int] = (3, 8)  # days until pathology answers
    reports_lost: float = 0.01  # share of specimens never reported
    prepares: float = 0.85  # share of bowels well prepared
    calls_back: float = 0.8  # share contacted within 30 days
    rota: Among[Doctor] = field(init=False)

    def open(self) -> None:
        """Draw up who works how much."""
        self.rota = Among({doctor: doctor.share for doctor in self.doctors})


_STAFF = {
    CentreKind.CITY: (9, 3),
    CentreKind.COUNTY: (4, 2),
    CentreKind.TOWNSHIP: (2, 1),
    CentreKind.PRIVATE: (3, 1),
}
_SKILL = {
    CentreKind.CITY: 0.05,
    CentreKind.COUNTY: 0.0,
    CentreKind.TOWNSHIP: -0.08,
    CentreKind.PRIVATE: -0.02,
}


def hospitals(rng: Random) -> list[Hospital]:
    """The 22 members, the leading city hospital first."""
    found = []
    for code, zh, en, kind, place, weight in names.HOSPITALS:
        house = Hospital(code, zh, en, kind, place, weight)
        extra = _SKILL[kind] + rng.gauss(0, 0.02)
        many, writing = _STAFF[kind]
        house.doctors = [_doctor(rng, extra) for _ in range(many + (place is CentrePlace.LEAD) * 4)]
        house.recorders = [Doctor(_name(rng)) for _ in range(writing)]
        house.head = Doctor(_name(rng))
        slow = 2 if kind in (CentreKind.TOWNSHIP, CentreKind.PRIVATE) else 1
        house.reports_in = (2 + slow, 5 + 3 * slow)
        house.reports_lost = max(0.002, 0.008 * slow + rng.gauss(0, 0.003))
        house.prepares = around(rng, 0.84 + extra, 0.04, 0.6, 0.96)
        house.calls_back = around(rng, 0.8 + extra, 0.1, 0.4, 0.98)
        house.open()
        found.append(house)
    return found


def _doctor(rng: Random, extra: float) -> Doctor:
    return Doctor(
        _name(rng),
        thorough=around(rng, 0.86 + extra, 0.09, 0.5, 0.99),
        detects=around(rng, 1.0 + 2 * extra, 0.22, 0.5, 1.6),
        reaches=around(rng, 0.945 + extra / 2, 0.025, 0.85, 0.995),
        withdrawal=around(rng, 7.4 + 8 * extra, 1.1, 5.0, 11.0),
        share=around(rng, 1.0, 0.4, 0.3, 2.0),
    )


def _name(rng: Random) -> str:
    return names.name(rng, Sex.MALE if rng.random() < 0.55 else Sex.FEMALE)


def staff(houses: list[Hospital], rng: Random) -> list[Member]:
    """Everybody who works there, with the alliance's own; one expert of the lead visits a county."""
    members = []
    for house in houses:
        for number, doctor in enumerate(house.doctors, 1):
            doctor.username = f"{house.code.lower()}.d{number}"
            roles: tuple[tuple[Role, str | None], ...] = ((Role.ENDOSCOPIST, house.code),)
            if house is houses[0] and number == 1:
                roles += ((Role.ENDOSCOPIST, "QH01"),)
            members.append(Member(doctor.username, doctor.name, roles))
        for number, recorder in enumerate(house.recorders, 1):
            recorder.username = f"{house.code.lower()}.r{number}"
            members.append(Member(recorder.username, recorder.name, ((Role.RECORDER, house.code),)))
        house.head.username = f"{house.code.lower()}.m1"
        members.append(Member(house.head.username, house.head.name, ((Role.CENTRE_MANAGER, house.code),)))
    for role in (Role.QUALITY_REVIEWER, Role.RESEARCHER, Role.ALLIANCE_ADMIN, Role.AUDITOR):
        members.append(Member(role.code.replace("_", "."), _name(rng), ((role, None),)))
    return members


def number(houses: list[Hospital], centres: dict[str, int], users: dict[str, int]) -> None:
    """Give hospitals and doctors the ids under which they were stored."""
    for house in houses:
        house.id = centres[house.code]
        for person in (*house.doctors, *house.recorders, house.head):
            person.user_id = users[person.username]
