"""The record: what the registry stores, one noun a file. Import a model from its own module or here."""

from registry.models.alliance import Appointment, Centre, SetupCode, SignIn, User, UserSession
from registry.models.base import Base, CentreOwned, Imported, PersonOwned, Versioned
from registry.models.desk import Draft, ImportedCase, ImportRun
from registry.models.enrolment import Contact, Enrolment, IdentityDocument, SearchToken
from registry.models.examination import AcceptedFlag, AdverseEvent, Background, Examination
from registry.models.followup import FollowUp
from registry.models.lesion import Lesion
from registry.models.pathology import Covering, Report, Result, Specimen
from registry.models.person import KnownSyndrome, Person, PersonKey, PriorSurgery, VitalStatus
from registry.models.screening import RiskAssessment, ScreeningRound
from registry.models.trail import AuditEntry
from registry.models.tumour import Sighting, Treatment, Tumour

__all__ = [
    "AcceptedFlag",
    "AdverseEvent",
    "Appointment",
    "AuditEntry",
    "Background",
    "Base",
    "Centre",
    "CentreOwned",
    "Contact",
    "Covering",
    "Draft",
    "Enrolment",
    "Examination",
    "FollowUp",
    "IdentityDocument",
    "ImportRun",
    "Imported",
    "ImportedCase",
    "KnownSyndrome",
    "Lesion",
    "Person",
    "PersonKey",
    "PersonOwned",
    "PriorSurgery",
    "Report",
    "Result",
    "RiskAssessment",
    "ScreeningRound",
    "SearchToken",
    "SetupCode",
    "Sighting",
    "SignIn",
    "Specimen",
    "Treatment",
    "Tumour",
    "User",
    "UserSession",
    "Versioned",
    "VitalStatus",
]
