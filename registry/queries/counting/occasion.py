"""When, where and by whom what is counted took place: an examination, or a record that needs none."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, String, cast, null

from registry.indicators import Source
from registry.models import Examination, FollowUp, RiskAssessment, ScreeningRound

NO_NUMBER: Any = cast(null(), Integer)
NO_CODE: Any = cast(null(), String)


@dataclass(frozen=True, eq=False)
class Occasion:
    """The columns by which everything is grouped and limited, named as an examination names them."""

    id: Any
    person_id: Any
    centre_id: Any
    performed_on: Any
    import_id: Any
    operator_id: Any = NO_NUMBER
    age: Any = NO_NUMBER
    indication: Any = NO_CODE


ROUND = Occasion(
    ScreeningRound.id,
    ScreeningRound.person_id,
    ScreeningRound.centre_id,
    ScreeningRound.invited_on,
    ScreeningRound.import_id,
)
ASSESSMENT = Occasion(
    RiskAssessment.id,
    RiskAssessment.person_id,
    RiskAssessment.centre_id,
    RiskAssessment.assessed_on,
    RiskAssessment.import_id,
)
PLAN = Occasion(FollowUp.id, FollowUp.person_id, FollowUp.centre_id, FollowUp.next_due_on, FollowUp.import_id)
_OCCASIONS: dict[Source, Any] = {Source.ROUND: ROUND, Source.ASSESSMENT: ASSESSMENT, Source.PLAN: PLAN}


def occasion(source: Source) -> Any:
    """The examination that a source's records belong to, or what stands for it."""
    return _OCCASIONS.get(source, Examination)
