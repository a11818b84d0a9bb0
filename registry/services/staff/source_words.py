"""Who is meant by a source's words for a doctor, and which device by its words for one."""

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import select

from registry.codes.alliance import Role
from registry.codes.desk import SourceKind
from registry.extensions import db
from registry.models import Appointment, SourceCode, User

TITLES = re.compile(
    r"(?:主任医师|副主任医师|主治医师|住院医师|副主任|主任|医师|医生|大夫|教授|dr\.?)+$|^dr\.?\s*"
)


@dataclass(frozen=True)
class Staff:
    """What this centre's tables and names say; `doctors` and `devices` by their words made plain."""

    doctors: dict[str, int]
    devices: dict[str, str]

    def operator(self, words: str | None) -> int | None:
        """The user meant, or None where nobody or more than one is."""
        if not words:
            return None
        return self.doctors.get(bare(words)) or self.doctors.get(untitled(words))

    def device(self, words: str | None) -> str | None:
        """The device meant; the words themselves where no table says."""
        return self.devices.get(bare(words), words) if words else words


def bare(words: str) -> str:
    """Words as they are compared: without width, case and spaces.

    >>> bare(" 赵 医生 ")
    '赵医生'
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", words)).casefold()


def untitled(words: str) -> str:
    """A name as it is compared, without the title behind or before it.

    >>> untitled("钱二 副主任医师"), untitled("Dr. Lee"), untitled("周专家")
    ('钱二', 'lee', '周专家')
    """
    return TITLES.sub("", bare(words))


def staff_of(centre_id: int) -> Staff:
    """The doctors and devices of a centre: its own table first, then active endoscopists of one name."""
    named: dict[str, int | None] = {}
    users = select(User.id, User.name).join(Appointment, Appointment.user_id == User.id)
    users = users.where(User.active, Appointment.centre_id == centre_id, Appointment.role == Role.ENDOSCOPIST)
    for row in db.session.execute(users.distinct().order_by(User.id)):
        name = untitled(row.name)
        named[name] = None if name in named else row.id
    doctors = {name: user_id for name, user_id in named.items() if name and user_id is not None}
    devices: dict[str, str] = {}
    codes = select(SourceCode.kind, SourceCode.code, SourceCode.meaning, SourceCode.user_id)
    codes = codes.where(SourceCode.centre_id == centre_id, SourceCode.active)
    for kind, code, meaning, user_id in db.session.execute(codes):
        if kind is SourceKind.DOCTOR and user_id is not None:
            doctors[bare(code)] = user_id
        elif kind is SourceKind.DEVICE and meaning:
            devices[bare(code)] = meaning
    return Staff(doctors, devices)
