"""A person at one centre: names, documents, phones and consent, all encrypted, all that house's own."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.codes.person import Consent, DocumentOwner, DocumentType, Relation
from registry.models.base import Base, CentreOwned, Imported, Versioned, contains, inside
from registry.models.fields import Sealed, coded, day, digest, flag, sealed, text
from registry.models.person import Person


class Enrolment(CentreOwned, Imported, Versioned, Base):
    """A person as known to one centre.

    After two persons turned out to be one, an enrolment of the other belongs to the one that was kept,
    and stays sealed under the key of the other (`sealed_for_id`): nothing is ever sealed anew.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        contains(),
        UniqueConstraint("person_id", "centre_id"),
        Index("ix_enrolment_centre_id_person_id", "centre_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sealed_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    record_number_sealed: Mapped[bytes | None] = sealed("登记号", "Record number")
    record_number_digest: Mapped[str | None] = digest("登记号摘要", "Record number digest", index=True)
    name_sealed: Mapped[bytes | None] = sealed("姓名", "Name")
    phone_sealed: Mapped[bytes | None] = sealed("电话", "Phone")
    address_sealed: Mapped[bytes | None] = sealed("住址", "Address")
    region: Mapped[str | None] = text("住址区划", "Region of residence (GB/T 2260)", 6)
    consent: Mapped[Consent | None] = coded(Consent, "知情同意", "Consent")
    consent_version: Mapped[str | None] = text("同意书版本", "Consent version", 20)
    consented_on: Mapped[date | None] = day("同意日期", "Consented on")
    enrolled_on: Mapped[date] = day("建档日期", "Enrolled on")

    record_number = Sealed()
    name = Sealed()
    phone = Sealed()
    address = Sealed()

    person: Mapped[Person] = relationship(lazy="joined", foreign_keys=[person_id])
    sealed_for: Mapped[Person | None] = relationship(foreign_keys=[sealed_for_id])
    documents: Mapped[list[IdentityDocument]] = relationship(
        back_populates="enrolment",
        primaryjoin="foreign(IdentityDocument.enrolment_id) == Enrolment.id",
        order_by="IdentityDocument.id",
    )
    contacts: Mapped[list[Contact]] = relationship(
        back_populates="enrolment",
        primaryjoin="foreign(Contact.enrolment_id) == Enrolment.id",
        order_by="Contact.id",
    )

    @property
    def key_holder(self) -> Person:
        """The person under whose data key this enrolment is sealed."""
        return self.sealed_for or self.person


class IdentityDocument(CentreOwned, Base):
    """A document shown at enrolment: own, a parent's, or none. The digest matches across centres."""

    __tablename__ = "identity_document"
    __table_args__ = (inside("enrolment"), Index("ix_identity_document_digest_owner", "digest", "owner"))

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    type: Mapped[DocumentType] = coded(DocumentType, "证件类型", "Document type")
    owner: Mapped[DocumentOwner] = coded(
        DocumentOwner, "证件属于", "Whose document", default=DocumentOwner.OWN
    )
    value_sealed: Mapped[bytes | None] = sealed("证件号码", "Document number")
    digest: Mapped[str | None] = digest("证件摘要", "Document digest")
    doubtful: Mapped[bool] = flag("号码存疑", "Number doubtful", default=False)
    valid_until: Mapped[date | None] = day("有效期至", "Valid until")

    value = Sealed()

    enrolment: Mapped[Enrolment] = relationship(
        back_populates="documents", primaryjoin="foreign(IdentityDocument.enrolment_id) == Enrolment.id"
    )
    person: Mapped[Person] = relationship(lazy="joined")

    @property
    def key_holder(self) -> Person:
        return self.enrolment.key_holder


class Contact(CentreOwned, Base):
    """Somebody who can be reached about the person."""

    __tablename__ = "contact"
    __table_args__ = (inside("enrolment"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(index=True)
    relation: Mapped[Relation] = coded(Relation, "关系", "Relation")
    name_sealed: Mapped[bytes | None] = sealed("联系人姓名", "Contact's name")
    phone_sealed: Mapped[bytes | None] = sealed("联系人电话", "Contact's phone")

    name = Sealed()
    phone = Sealed()

    enrolment: Mapped[Enrolment] = relationship(
        back_populates="contacts", primaryjoin="foreign(Contact.enrolment_id) == Enrolment.id"
    )

    @property
    def key_holder(self) -> Person:
        return self.enrolment.key_holder


class SearchToken(CentreOwned, Base):
    """One way a centre may look an enrolment up: name, pinyin, initials, last four, record number.

    The digest is keyed and differs by centre, so equal names in two houses do not show as equal.
    """

    __tablename__ = "search_token"
    __table_args__ = (inside("enrolment"), Index("ix_search_token_centre_id_digest", "centre_id", "digest"))

    id: Mapped[int] = mapped_column(primary_key=True)
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"))
    enrolment_id: Mapped[int] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(String(32), info={"identifier": True})
