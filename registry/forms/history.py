"""The forms for what a person brings along, and for what a source says of life and death."""

import unicodedata
from typing import Any

from registry.codes.person import Vital
from registry.codes.risk import Instrument
from registry.forms.derive import field_for
from registry.forms.fields import AnyDay, Words
from registry.forms.page import Page, columns_of
from registry.label import Label
from registry.models import KnownSyndrome, PriorSurgery, RiskAssessment, ScreeningRound, VitalStatus
from registry.rules.outcome import ICD_10

COMPUTED = set(Instrument) - {Instrument.LI_GUT2019}
NO_DEATH = Label("没有死亡就没有死因", "No death, no cause of death")
ROUGHLY = Label("只知年或年月也可", "The year, or year and month, will do")


class Icd10(Words):
    """A code of ICD-10, in any case and width."""

    def read(self, typed: str) -> str:
        code = unicodedata.normalize("NFKC", typed).upper().replace(" ", "")
        if not ICD_10.fullmatch(code):
            raise ValueError(
                Label("请写 ICD-10 编码，如 C16.9", "Please write an ICD-10 code, such as C16.9")
            )
        return code


class Brought(Page):
    """One entry: its columns, and why it is changed where it stands already."""

    reason = Words(Label("修改理由", "Reason for the change"), length=200)

    @property
    def values(self) -> dict[str, Any]:
        """The columns of the record, as its service takes them."""
        return {name: value for name, value in columns_of(self).items() if name != "reason"}


class SurgeryForm(Brought):
    """An operation on the digestive tract."""

    kind = field_for(PriorSurgery.kind)
    operated_on = field_for(PriorSurgery.operated_on, partial=True, hint=ROUGHLY)


class SyndromeForm(Brought):
    """A syndrome that takes the person out of the rules for average risk."""

    syndrome = field_for(KnownSyndrome.syndrome)
    since = field_for(KnownSyndrome.since)


class RiskForm(Brought):
    """The inputs of a risk assessment. Total and tier follow from them, so nobody types those."""

    instrument = field_for(RiskAssessment.instrument, only=COMPUTED.__contains__, buttons=True)
    assessed_on = field_for(RiskAssessment.assessed_on)
    hp_test = field_for(RiskAssessment.hp_test)
    hp_result = field_for(RiskAssessment.hp_result)
    hp_eradicated_on = field_for(RiskAssessment.hp_eradicated_on)
    on_ppi = field_for(RiskAssessment.on_ppi)
    pepsinogen_1 = field_for(RiskAssessment.pepsinogen_1)
    pepsinogen_2 = field_for(RiskAssessment.pepsinogen_2)
    pepsinogen_ratio = field_for(
        RiskAssessment.pepsinogen_ratio,
        hint=Label("不填则由 PG I ÷ PG II 算出", "Left empty, it is PG I divided by PG II"),
    )
    gastrin_17 = field_for(RiskAssessment.gastrin_17)
    fit_ug_g = field_for(RiskAssessment.fit_ug_g)
    fit_cutoff = field_for(RiskAssessment.fit_cutoff)
    fit_result = field_for(RiskAssessment.fit_result)
    relative_oesophagus = field_for(RiskAssessment.relative_oesophagus)
    relative_stomach = field_for(RiskAssessment.relative_stomach)
    relative_colorectum = field_for(RiskAssessment.relative_colorectum)
    smoking = field_for(RiskAssessment.smoking)
    alcohol = field_for(RiskAssessment.alcohol)
    bmi = field_for(RiskAssessment.bmi)
    diet = field_for(RiskAssessment.diet)


class RoundForm(Brought):
    """One invitation to screening, and what came of it."""

    programme = field_for(ScreeningRound.programme)
    round = field_for(ScreeningRound.round)
    invited_on = field_for(ScreeningRound.invited_on)
    channel = field_for(ScreeningRound.channel)
    response = field_for(ScreeningRound.response)
    primary_test = field_for(ScreeningRound.primary_test)
    test_sent_on = field_for(ScreeningRound.test_sent_on)
    test_returned_on = field_for(ScreeningRound.test_returned_on)
    referred_on = field_for(ScreeningRound.referred_on)


class VitalForm(Brought):
    """What one source says of a person's life or death."""

    vital = field_for(VitalStatus.vital)
    as_of = AnyDay(
        Label("死亡或确知的日期", "Day of death, or on which this was known"),
        partial=True,
        required=True,
        hint=ROUGHLY,
    )
    source = field_for(VitalStatus.source)
    cause = Icd10(VitalStatus.cause.property.columns[0].info["label"])
    complete_until = field_for(VitalStatus.complete_until)

    def fits(self) -> bool:
        if not super().fits():
            return False
        if self.cause.data and self.vital.data is not Vital.DEAD:
            self.cause.errors, self.status = [NO_DEATH], 422
            return False
        return True
