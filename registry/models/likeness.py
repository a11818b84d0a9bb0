"""Whether two records are one person: keys that bring likely pairs together, pairs, and merges."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.codes.desk import PairState
from registry.models.base import Base, CentreOwned, PersonOwned, inside
from registry.models.fields import coded, instant, prose, text, whole


class MatchKey(CentreOwned, Base):
    """A keyed digest under which an enrolment is looked for among those of the whole alliance.

    Unlike search words it is equal across centres, so that pairs meet without a name being read.
    """

    __tablename__ = "match_key"
    __table_args__ = (inside("enrolment"), Index("ix_match_key_digest_person_id", "digest", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"))
    enrolment_id: Mapped[int] = mapped_column(index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(String(32), info={"identifier": True})


class PossiblePair(CentreOwned, Base):
    """Two persons who may be one, as seen from a centre that enrols one of them (`person_id`)."""

    __tablename__ = "possible_pair"
    __table_args__ = (
        UniqueConstraint("centre_id", "person_id", "other_id"),
        Index("ix_possible_pair_centre_id_state_score", "centre_id", "state", "score"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    score: Mapped[int] = whole("相似度", "Likeness", limits=(0, 1000))
    agreeing: Mapped[str] = prose("各项是否一致", "What agrees")
    state: Mapped[PairState] = coded(PairState, "判断", "Judgement", default=PairState.OPEN)
    found_at: Mapped[datetime] = instant("发现时间", "Found at")
    judged_at: Mapped[datetime | None] = instant("判断时间", "Judged at")


class Merge(PersonOwned, Base):
    """Two persons made one: `merged_id` became `person_id`. `moved` holds what goes back on un-merging."""

    __tablename__ = "merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    moved: Mapped[str] = prose("移动的记录", "Records moved")
    reason: Mapped[str | None] = text("理由", "Reason", 200)
    merged_at: Mapped[datetime] = instant("合并时间", "Merged at")
    undone_at: Mapped[datetime | None] = instant("撤销时间", "Undone at")
