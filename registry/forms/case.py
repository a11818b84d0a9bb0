"""The form of a case: examination, background, lesions, specimens, adverse events, what is next."""

from collections.abc import Iterable
from typing import Any

from wtforms import FieldList, FormField

from registry.codes.endoscopy import ExaminationType, SiteSeen
from registry.codes.lesion import Paris
from registry.forms.choices import Choice, Pick, Tick
from registry.forms.derive import field_for
from registry.forms.fields import AnyDay, Clock, Kept, KeptWords, Typed, Words
from registry.forms.page import Page, Part
from registry.label import Label
from registry.models import AdverseEvent, Background, Examination, FollowUp, Lesion, Specimen
from registry.models.examination import IMAGING, UPPER_SITES
from registry.rules.problem import Problem

SEGMENTS = ("bbps_right", "bbps_transverse", "bbps_left")
UPPER_ONLY = frozenset({*UPPER_SITES, "upper_minutes", "visibility"})
LOWER_ONLY = frozenset(
    {
        *SEGMENTS,
        *(f"{segment}_missing" for segment in SEGMENTS),
        *("bbps_total", "withdrawal_min", "withdrawal_missing", "caecum_reached", "caecum_photo"),
    }
)
SELDOM = (
    *("distance_cm", "size_mm_upper", "size_missing", "jnet", "nice", "lst", "jes", "borrmann", "note"),
    "same_as_id",
)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LETTERS = [*ALPHABET, *(a + b for a in ALPHABET for b in ALPHABET)]
REASONS = {
    "checked": Label("已核对，如实记录", "Checked, recorded as it was"),
    "patient": Label("受检者的原因", "Because of the patient"),
    "other": Label("其他", "Other"),
}


class Shape(Typed):
    """The Paris type: one part, or two in the order in which they were pressed."""

    kind = "shape"
    parts = tuple(member for member in Paris if "+" not in member.code)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        pressed = [str(value) for value in valuelist if value]
        if not pressed:
            return
        tails = [pressed[0], *(value.removeprefix("0-") for value in pressed[1:])]
        turned = [pressed[-1], *(value.removeprefix("0-") for value in reversed(pressed[:-1]))]
        for spelling in ("+".join(tails), "+".join(turned)):
            if spelling in {member.code for member in Paris}:
                self.data = Paris(spelling)
                return
        raise ValueError(Label("没有这种组合，请核对巴黎分型", "There is no such combination of Paris types"))

    @property
    def pressed(self) -> list[str]:
        """The parts as they stand, first the one that fills more."""
        if self.raw_data:
            return [str(value) for value in self.raw_data if value]
        if self.data is None:
            return []
        return [f"0-{part.removeprefix('0-')}" for part in self.data.code.split("+")]

    def plain(self) -> str:
        return self.data.code if self.data else ""


class Numbers(Typed):
    """The lesions that a specimen takes in, by their number."""

    kind = "numbers"

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [int(value) for value in valuelist if str(value).isdigit()]

    def process_data(self, value: Any) -> None:
        self.data = [getattr(lesion, "number", lesion) for lesion in value or ()]

    def plain(self) -> str:
        return ", ".join(str(number) for number in self.data or ())


class ExaminationForm(Part):
    """Who, where, how; how far, how well."""

    type = field_for(Examination.type, buttons=True, essential=True)
    performed_on = field_for(Examination.performed_on, essential=True)
    started_at = Clock(Label("开始", "Start"))
    ended_at = Clock(Label("结束", "End"))
    number = field_for(Examination.number)
    operator_id = Pick(Label("操作者", "Operator"), essential=True)
    supervisor_id = Pick(Label("上级医师", "Supervisor"))
    indication = field_for(Examination.indication, buttons=True, essential=True)
    sedation = field_for(Examination.sedation, essential="ask")
    scope = field_for(Examination.scope)
    extent = field_for(Examination.extent, buttons=False)
    incomplete_reason = field_for(Examination.incomplete_reason, buttons=False)
    continues_id = Kept()
    photos = field_for(Examination.photos, essential="ask")
    seen_upper_oesophagus = field_for(Examination.seen_upper_oesophagus)
    seen_middle_oesophagus = field_for(Examination.seen_middle_oesophagus)
    seen_lower_oesophagus = field_for(Examination.seen_lower_oesophagus)
    seen_cardia = field_for(Examination.seen_cardia)
    seen_fundus = field_for(Examination.seen_fundus)
    seen_body = field_for(Examination.seen_body)
    seen_angulus = field_for(Examination.seen_angulus)
    seen_antrum = field_for(Examination.seen_antrum)
    seen_pylorus = field_for(Examination.seen_pylorus)
    seen_bulb = field_for(Examination.seen_bulb)
    seen_d2 = field_for(Examination.seen_d2)
    upper_minutes = field_for(Examination.upper_minutes, essential="ask")
    visibility = field_for(Examination.visibility, essential="ask")
    imaging_wli = Tick(Examination.imaging_wli.info["label"])
    imaging_nbi = Tick(Examination.imaging_nbi.info["label"])
    imaging_bli = Tick(Examination.imaging_bli.info["label"])
    imaging_lci = Tick(Examination.imaging_lci.info["label"])
    imaging_lugol = Tick(Examination.imaging_lugol.info["label"])
    imaging_indigo = Tick(Examination.imaging_indigo.info["label"])
    imaging_acetic = Tick(Examination.imaging_acetic.info["label"])
    imaging_magnifying = Tick(Examination.imaging_magnifying.info["label"])
    imaging_ai = Tick(Examination.imaging_ai.info["label"])
    bbps_right = field_for(Examination.bbps_right, essential=True)
    bbps_right_missing = field_for(Examination.bbps_right_missing)
    bbps_transverse = field_for(Examination.bbps_transverse, essential=True)
    bbps_transverse_missing = field_for(Examination.bbps_transverse_missing)
    bbps_left = field_for(Examination.bbps_left, essential=True)
    bbps_left_missing = field_for(Examination.bbps_left_missing)
    bbps_total = field_for(Examination.bbps_total)
    withdrawal_min = field_for(Examination.withdrawal_min, essential=True)
    withdrawal_missing = field_for(Examination.withdrawal_missing, buttons=False)
    caecum_reached = field_for(Examination.caecum_reached, essential=True)
    caecum_photo = field_for(Examination.caecum_photo, essential=True)
    any_adverse_event = field_for(Examination.any_adverse_event, essential="ask")
    contact_30d = field_for(Examination.contact_30d)
    findings = field_for(Examination.findings)
    diagnosis = field_for(Examination.diagnosis)

    @property
    def kind(self) -> ExaminationType | None:
        """The type of examination, as far as it is chosen."""
        found: ExaminationType | None = self.type.data
        return found

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in and applies to this type of examination."""
        found = super().values
        found["continues_id"] = self.continues_id.data
        if self.kind is not None:
            gone = (LOWER_ONLY if self.kind.upper else frozenset()) | (
                UPPER_ONLY if self.kind.lower else frozenset()
            )
            found |= dict.fromkeys(gone)
        for segment in SEGMENTS:
            if found[segment] is not None:
                found[f"{segment}_missing"] = None
        if found["withdrawal_min"] is not None:
            found["withdrawal_missing"] = None
        return found

    @property
    def sites(self) -> list[Any]:
        """The fields of the eleven sites of a complete gastroscopy, in the order of the scope."""
        return [self._fields[name] for name in UPPER_SITES]

    @property
    def imaging(self) -> list[Any]:
        """The fields of what was imaged with."""
        return [self._fields[name] for name in IMAGING]

    def see_everything(self) -> None:
        """All eleven sites seen and photographed."""
        for field in self.sites:
            field.data, field.raw_data = SiteSeen.PHOTOGRAPHED, None


class BackgroundForm(Part):
    """The mucosa around any lesion."""

    kimura = field_for(Background.kimura, essential="ask")
    los_angeles = field_for(Background.los_angeles)
    prague_c = field_for(Background.prague_c)
    prague_m = field_for(Background.prague_m)
    eggim = field_for(Background.eggim)
    olga = field_for(Background.olga)
    olgim = field_for(Background.olgim)
    sydney_sites = field_for(Background.sydney_sites)
    seattle_done = field_for(Background.seattle_done)
    autoimmune_gastritis = field_for(Background.autoimmune_gastritis)


class LesionForm(Part):
    """One lesion as seen."""

    settled: Any = None  # what its tissue has shown so far, set by the page
    read_in = False  # whether a pasted report has spoken of it, set by the page

    id = Kept()
    number = Kept()
    site = field_for(Lesion.site, essential=True)
    size_mm = field_for(Lesion.size_mm, essential=True)
    size_mm_upper = field_for(Lesion.size_mm_upper)
    size_missing = field_for(Lesion.size_missing, buttons=False)
    distance_cm = field_for(Lesion.distance_cm)
    wall = field_for(Lesion.wall)
    paris = Shape(Label("巴黎分型 0-", "Paris type 0-"), essential=True)
    borrmann = field_for(Lesion.borrmann)
    lst = field_for(Lesion.lst)
    jnet = field_for(Lesion.jnet)
    nice = field_for(Lesion.nice)
    jes = field_for(Lesion.jes)
    impression = field_for(Lesion.impression, essential=True)
    same_as_id = Pick(Label("与先前病变相同", "The same as an earlier lesion"))
    note = field_for(Lesion.note)

    @property
    def more_open(self) -> bool:
        """Whether something stands in what is folded away at first."""
        return any(self._fields[name].data is not None for name in SELDOM)

    @property
    def values(self) -> dict[str, Any]:
        found = super().values
        if found["size_mm"] is not None:
            found["size_missing"] = None
        return found | _known(id=self.id.data, number=self.number.data)


class SpecimenForm(Part):
    """Tissue, and which lesions it takes in."""

    reported: Any = None  # whether its report has come, set by the page

    id = Kept()
    letter = KeptWords()
    lesions = Numbers(Label("取自病变", "From lesion"))
    origin = field_for(Specimen.origin, label=Label("或取自（无病变）", "Or taken from (no lesion)"))
    method = field_for(Specimen.method, buttons=False, required=False, essential=True)
    taken_on = field_for(Specimen.taken_on, required=False, essential=False)
    pieces = field_for(Specimen.pieces, essential="ask")
    en_bloc = field_for(Specimen.en_bloc)
    retrieved = field_for(Specimen.retrieved)
    pathology_number = field_for(Specimen.pathology_number, essential=True)

    @property
    def values(self) -> dict[str, Any]:
        return super().values | _known(id=self.id.data, letter=self.letter.data)


class AdverseEventForm(Part):
    """One adverse event, as facts."""

    id = Kept()
    kind = field_for(AdverseEvent.kind, required=False)
    onset_on = field_for(AdverseEvent.onset_on)
    agree = field_for(AdverseEvent.agree)
    intervention = field_for(AdverseEvent.intervention)
    outcome = field_for(AdverseEvent.outcome)
    haemoglobin_drop = field_for(AdverseEvent.haemoglobin_drop)
    transfusion = field_for(AdverseEvent.transfusion)
    sirs_criteria = field_for(AdverseEvent.sirs_criteria)
    severe_pancreatitis = field_for(AdverseEvent.severe_pancreatitis)

    @property
    def values(self) -> dict[str, Any]:
        return super().values | _known(id=self.id.data)


class NextForm(Part):
    """When the person is to come again, and why then."""

    next_due_on = AnyDay(Label("下次日期", "Next due on"), future=True)
    next_due_what = field_for(FollowUp.next_due_what, buttons=False)
    next_due_reason = field_for(FollowUp.next_due_reason)


class AcceptedForm(Part):
    """A warning that was seen, and the reason for storing the value all the same."""

    says: Any = None
    rule: Any = None
    place: str | None = None

    field = KeptWords()
    clause = KeptWords()
    because = Choice(
        Label("接受提醒的理由", "Why the warning is accepted"), options_=lambda: list(REASONS.items())
    )
    reason = Words(Label("理由", "Reason"), length=200)

    def concerns(self, problem: Problem) -> bool:
        return bool(self.field.data == problem.field and self.clause.data == problem.key)

    @property
    def values(self) -> dict[str, Any]:
        chosen = self.because.data
        words = self.reason.data or (str(REASONS[chosen]) if chosen and chosen != "other" else None)
        return {"field": self.field.data, "clause": self.clause.data, "reason": words}


class CaseForm(Page):
    """One case, saved whole or not at all."""

    earlier: Iterable[tuple[int, Any]] = ()  # lesions seen before, set by the page

    examination = FormField(ExaminationForm)
    background = FormField(BackgroundForm)
    lesions = FieldList(FormField(LesionForm))
    specimens = FieldList(FormField(SpecimenForm))
    adverse_events = FieldList(FormField(AdverseEventForm))
    next_due = FormField(NextForm)
    accepted = FieldList(FormField(AcceptedForm))
    reason = Words(Label("修改理由", "Reason for the change"), length=200)

    @property
    def record(self) -> dict[str, Any]:
        """What `cases.recording.record_case` takes, apart from the person and the case that exists."""
        examination = self.examination.form.values
        upper = self.examination.form.kind is None or not self.examination.form.kind.lower
        background = self.background.form
        specimens = [row.form.values for row in self.kept(self.specimens)]
        for specimen in specimens:
            specimen["taken_on"] = specimen["taken_on"] or examination["performed_on"]
        return {
            "examination": examination,
            "background": background.values if upper else None,
            "lesions": [row.form.values for row in self.kept(self.lesions)],
            "specimens": specimens,
            "adverse_events": [row.form.values for row in self.kept(self.adverse_events)],
            "next_due": None if self.next_due.form.blank else self.next_due.form.values,
            "accepted": self.reasons(),
        }

    def reasons(self) -> list[dict[str, str]]:
        """The warnings that somebody accepted, each with a reason."""
        accepted = [row.form.values for row in self.accepted.entries]
        return [one for one in accepted if one["field"] and one["reason"]]

    def number_rows(self) -> None:
        """Give every lesion its number and every specimen its letter, keeping those they have."""
        taken = [row.form.number.data or 0 for row in self.lesions.entries]
        for row in self.lesions.entries:
            if not row.form.number.data:
                row.form.number.data = max(taken, default=0) + 1
                row.form.number.raw_data = None
                taken.append(row.form.number.data)
        letters = {row.form.letter.data for row in self.specimens.entries}
        for row in self.specimens.entries:
            if not row.form.letter.data:
                row.form.letter.data = next(sign for sign in LETTERS if sign not in letters)
                row.form.letter.raw_data = None
                letters.add(row.form.letter.data)

    def drop(self, list_name: str, place: int) -> None:
        """Take a row out of one of the lists."""
        rows = getattr(self, list_name).entries
        if 0 <= place < len(rows):
            del rows[place]


def _known(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
