"""The small alliance of the tests: three centres, who works there, and who works for all of them."""

from dataclasses import dataclass
from typing import Any

from flask import Flask

from registry.access import ALLIANCE_ROLES, Permission, Scope, act_as
from registry.codes.alliance import CentreKind, CentrePlace, Role
from registry.models import Appointment, Centre, User
from registry.services.unit import change

CENTRES = {
    "city": ("370001", "示例市人民医院", "Example City Hospital", CentreKind.CITY, CentrePlace.LEAD),
    "county_a": ("370002", "甲县人民医院", "County A Hospital", CentreKind.COUNTY, CentrePlace.MEMBER),
    "county_b": ("370003", "乙县人民医院", "County B Hospital", CentreKind.COUNTY, CentrePlace.MEMBER),
}
CENTRE_ROLES = (Role.RECORDER, Role.ENDOSCOPIST, Role.CENTRE_MANAGER)


@dataclass(frozen=True)
class Place:
    """A centre as tests name it."""

    id: int
    key: str
    code: str
    name: str


@dataclass(frozen=True)
class Alliance:
    """Three centres, with a recorder, an endoscopist and a manager each; and the alliance's own staff.

    `users` gives user ids by role and centre key (None at the alliance). `expert` is an endoscopist at
    the city hospital and at county A.
    """

    city: Place
    county_a: Place
    county_b: Place
    users: dict[tuple[Role, str | None], int]
    expert: int

    def place(self, named: Any) -> Place:
        """The centre meant by a key, an id, a Place or a Centre."""
        for place in (self.city, self.county_a, self.county_b):
            if named in (place, place.key, place.id, place.code) or getattr(named, "id", None) == place.id:
                return place
        raise KeyError(named)

    def user(self, role: Role | str, centre: Any = "city") -> int:
        """The id of who has this role there."""
        role = Role(role)
        return self.users[role, None if role in ALLIANCE_ROLES else self.place(centre).key]


def make(app: Flask, password_hash: str) -> Alliance:
    """Make it in an empty registry; everybody has the password with this hash."""
    with app.app_context():
        act_as(Scope(None, "test", may=frozenset({Permission.ALLIANCE})))
        places, users = {}, {}
        with change("test.alliance") as unit:
            for key, (code, zh, en, kind, place) in CENTRES.items():
                places[key] = unit.add(Centre(code=code, name_zh=zh, name_en=en, kind=kind, place=place))

            def employ(username: str, name: str, *held: tuple[Role, str | None]) -> User:
                user = unit.add(User(username=username, name=name, password_hash=password_hash))
                for role, key in held:
                    unit.add(Appointment(user=user, centre=places[key] if key else None, role=role))
                return user

            for number, key in enumerate(CENTRES):
                for role in CENTRE_ROLES:
                    name = "赵钱孙"[number] + str(role.label.zh)
                    users[role, key] = employ(f"{role.code}.{key}", name, (role, key))
            for role in sorted(ALLIANCE_ROLES, key=lambda role: role.code):
                users[role, None] = employ(role.code, "李" + str(role.label.zh), (role, None))
            expert = employ("expert", "周专家", (Role.ENDOSCOPIST, "city"), (Role.ENDOSCOPIST, "county_a"))
        found = {key: Place(row.id, key, row.code, row.name_zh) for key, row in places.items()}
        made = Alliance(**found, users={held: user.id for held, user in users.items()}, expert=expert.id)
        act_as(None)
    return made
