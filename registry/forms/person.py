"""The forms about a person: finding by a document, enrolling, amending."""

from typing import Any

from wtforms import FieldList, FormField

from registry.codes.person import DocumentOwner, DocumentType, Sex
from registry.forms.choices import Choice
from registry.forms.derive import field_for
from registry.forms.fields import AnyDay, KeptWords, Words
from registry.forms.page import Page, Part
from registry.label import Label
from registry.models import Contact, Enrolment, IdentityDocument, Person
from registry.rules import identity
from registry.services.values import today

CHECKED = {DocumentType.RESIDENT_ID, DocumentType.HMT_RESIDENCE, DocumentType.FOREIGN_PERMANENT}


class DocumentNumber(Words):
    """A document number; those that carry a check character are checked."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.identity: identity.Identity | None = None
        super().process_formdata(valuelist)

    def process_data(self, value: Any) -> None:
        self.identity = None
        super().process_data(value)

    def read(self, typed: str) -> str:
        return identity.clean(super().read(typed))

    def check(self, kind: DocumentType | None) -> None:
        """Read the number as the chosen document has it; what is wrong is said at the field."""
        old_card = kind is DocumentType.FOREIGN_PERMANENT and len(self.data or "") != 18
        if self.data is None or kind not in CHECKED or old_card:
            return
        try:
            self.identity = identity.read(self.data, today=today())
        except ValueError as wrong:
            self.errors = [*self.errors, wrong.args[0]]


class ContactForm(Part):
    """Somebody who can be reached about the person."""

    relation = field_for(Contact.relation, required=False)
    name = Words(Label("联系人姓名", "Contact's name"), length=80)
    phone = Words(Label("联系人电话", "Contact's phone"), length=40)


class EnrolmentForm(Page):
    """Who somebody is, at this centre. The document comes first: it may say the rest."""

    document_type = field_for(
        IdentityDocument.type, label=Label("证件类型", "Document type"), buttons=False, required=True
    )
    document_value = DocumentNumber(Label("证件号码", "Document number"), length=40, essential=True)
    document_owner = field_for(IdentityDocument.owner, required=False)
    name = Words(Label("姓名", "Name"), length=80, essential=True)
    sex = field_for(Person.sex, required=False, only=lambda member: member is not Sex.NOT_STATED)
    born_on = AnyDay(
        Label("出生日期", "Birth date"),
        partial=True,
        essential=True,
        hint=Label("只知年或年月也可", "The year, or year and month, will do"),
    )
    phone = Words(Label("电话", "Phone"), length=40, essential=True)
    address = Words(Label("住址", "Address"), length=200)
    region = field_for(Enrolment.region, hint=Label("六位区划代码", "Six digits, GB/T 2260"))
    record_number = Words(
        Label("登记号", "Record number"),
        length=40,
        hint=Label("本院已有编号可填；留空则自动编号", "Your own number, or leave empty for the next one"),
    )
    consent = field_for(Enrolment.consent)
    consent_version = field_for(Enrolment.consent_version)
    consented_on = field_for(Enrolment.consented_on)
    contacts = FieldList(FormField(ContactForm))
    reason = Words(Label("修改理由", "Reason for the change"), length=200)

    def fits(self) -> bool:
        return super().fits() and self.document_fits()

    def at(self, path: str) -> Any:
        """The one document of this form answers for all that is said of documents."""
        name = path.rpartition("-")[2] if path.startswith("documents-") else path
        named = {"value": "document_value", "type": "document_type", "owner": "document_owner"}
        return super().at(named.get(name, path))

    def document_fits(self) -> bool:
        """Whether the number can belong to such a document."""
        kind = self.document_type.data
        if kind not in {None, DocumentType.NONE} and not self.document_value.data:
            self.document_value.errors = [
                Label("请填写证件号码；没有证件请选“无证件”", "Fill in the number, or choose “No document”")
            ]
        self.document_value.check(kind)
        if self.document_value.errors or self.document_type.errors:
            self.status = 422
            return False
        return True

    @property
    def documents(self) -> list[dict[str, Any]]:
        """The document as `services.people.enrolling.enrol` takes it; none where there is none."""
        kind = self.document_type.data
        if kind is None or (kind is not DocumentType.NONE and not self.document_value.data):
            return []
        owner = self.document_owner.data or DocumentOwner.OWN
        return [{"type": kind, "value": self.document_value.data, "owner": owner}]

    @property
    def owner(self) -> DocumentOwner:
        return self.document_owner.data or DocumentOwner.OWN

    def take_from_number(self) -> None:
        """Fill in birth date and sex from the person's own number, where they are still empty."""
        known = self.document_value.identity
        if known is None or self.owner is not DocumentOwner.OWN:
            return
        for field, value in ((self.born_on, known.birth), (self.sex, known.sex)):
            if field.data is None:
                field.data, field.raw_data = value, None

    @property
    def values(self) -> dict[str, Any]:
        """What `services.people.enrolling.enrol` takes beside the documents."""
        found = {
            name: self._fields[name].data
            for name in (
                *("name", "sex", "phone", "address", "region", "record_number"),
                *("consent", "consent_version", "consented_on"),
            )
        }
        born = self.born_on.data
        found["born_on"] = getattr(born, "day", None) if hasattr(born, "precision") else born
        found["born_precision"] = getattr(born, "precision", None)
        found["contacts"] = [row.form.values for row in self.kept(self.contacts)]
        return found


class ReasonForm(Page):
    """A reason given before something is opened."""

    why = Choice(
        Label("理由", "Reason"),
        required=True,
        options_=lambda: [
            ("referral", Label("转诊接诊", "Referred to us")),
            ("care", Label("本次诊疗需要", "Needed for this care")),
            ("follow_up", Label("随访需要", "Needed for follow-up")),
        ],
    )
    more = Words(Label("说明", "Details"), length=200)
    subject = KeptWords()

    @property
    def words(self) -> str:
        """The reason as the trail keeps it."""
        said = str(dict(self.why.listed())[str(self.why.data)])
        return f"{said}：{self.more.data}" if self.more.data else said
