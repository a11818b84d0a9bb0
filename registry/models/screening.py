"""What comes before an examination: the invitation of a screening round and the risk assessed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.codes.risk import (
    Alcohol,
    Channel,
    HpTest,
    Instrument,
    PrimaryTest,
    Programme,
    Response,
    Smoking,
    TestResult,
    Tier,
)
from registry.models.base import Base, CentreOwned, Imported, Versioned
from registry.models.fields import coded, day, flag, measure, text, whole


class ScreeningRound(CentreOwned, Imported, Versioned, Base):
    """One invitation to screening, and what came of it."""

    __tablename__ = "screening_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    programme: Mapped[Programme | None] = coded(Programme, "筛查项目", "Programme")
    round: Mapped[int | None] = whole("轮次", "Round", limits=(1, 99))
    invited_on: Mapped[date | None] = day("邀请日期", "Invited on")
    channel: Mapped[Channel | None] = coded(Channel, "邀请方式", "Channel")
    response: Mapped[Response | None] = coded(Response, "应答", "Response")
    primary_test: Mapped[PrimaryTest | None] = coded(PrimaryTest, "初筛方法", "Primary test")
    test_sent_on: Mapped[date | None] = day("发放日期", "Test sent on")
    test_returned_on: Mapped[date | None] = day("回收日期", "Test returned on")
    referred_on: Mapped[date | None] = day("转诊日期", "Referred on")


class RiskAssessment(CentreOwned, Imported, Versioned, Base):
    """The risk of a person on a day, by an instrument, with the inputs that it used."""

    __tablename__ = "risk_assessment"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    assessed_on: Mapped[date] = day("评估日期", "Assessed on")
    instrument: Mapped[Instrument] = coded(Instrument, "评分工具", "Instrument")
    edition: Mapped[str | None] = text("版本", "Edition", 20)
    hp_test: Mapped[HpTest | None] = coded(HpTest, "幽门螺杆菌检测", "H. pylori test")
    hp_result: Mapped[TestResult | None] = coded(TestResult, "幽门螺杆菌结果", "H. pylori result")
    hp_eradicated_on: Mapped[date | None] = day("根除日期", "Eradicated on")
    pepsinogen_1: Mapped[float | None] = measure(
        "胃蛋白酶原 I", "Pepsinogen I", unit="µg/L", limits=(0, 1000)
    )
    pepsinogen_2: Mapped[float | None] = measure(
        "胃蛋白酶原 II", "Pepsinogen II", unit="µg/L", limits=(0, 500)
    )
    pepsinogen_ratio: Mapped[float | None] = measure(
        "PGR", "Pepsinogen ratio", limits=(0, 1000), usual=(0, 30)
    )
    gastrin_17: Mapped[float | None] = measure("胃泌素-17", "Gastrin-17", unit="pmol/L", limits=(0, 1000))
    fit_ug_g: Mapped[float | None] = measure("FIT", "FIT", unit="µg/g", limits=(0, 100_000))
    fit_cutoff: Mapped[float | None] = measure("FIT 界值", "FIT cut-off", unit="µg/g", limits=(0, 1000))
    fit_result: Mapped[TestResult | None] = coded(TestResult, "FIT 结果", "FIT result")
    on_ppi: Mapped[bool | None] = flag("正服 PPI", "On a PPI")
    relative_oesophagus: Mapped[bool | None] = flag("一级亲属食管癌", "First-degree relative, oesophagus")
    relative_stomach: Mapped[bool | None] = flag("一级亲属胃癌", "First-degree relative, stomach")
    relative_colorectum: Mapped[bool | None] = flag("一级亲属结直肠癌", "First-degree relative, colorectum")
    smoking: Mapped[Smoking | None] = coded(Smoking, "吸烟", "Smoking")
    alcohol: Mapped[Alcohol | None] = coded(Alcohol, "饮酒", "Alcohol")
    bmi: Mapped[float | None] = measure("体质指数", "BMI", unit="kg/m²", limits=(8, 90), usual=(14, 50))
    diet: Mapped[str | None] = text("饮食", "Diet", 200)
    total: Mapped[int | None] = whole("总分", "Total", limits=(0, 100))
    tier: Mapped[Tier | None] = coded(Tier, "风险分层", "Tier")
