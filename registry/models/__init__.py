"""The record: what the registry stores, one noun a file. Import a model from its own module or here."""

from registry.models.alliance import Appointment, Centre, SetupCode, SignIn, User, UserSession
from registry.models.base import Base, CentreOwned, Imported, PersonOwned, Versioned
from registry.models.data_quality import Inquiry, InquiryStep, QualityNote
from registry.models.desk import Draft, ImportedCase, ImportFile, ImportRun
from registry.models.enrolment import Contact, Enrolment, IdentityDocument, SearchToken
from registry.models.examination import AcceptedFlag, AdverseEvent, Background, Examination
from registry.models.followup import FollowUp
from registry.models.integrity import IntegritySignal
from registry.models.lesion import Lesion
from registry.models.life_table import LifeTable, MortalityRate
from registry.models.likeness import MatchKey, Merge, PossiblePair
from registry.models.listed import Listed
from registry.models.pathology import Covering, Report, Result, Specimen
from registry.models.person import KnownSyndrome, Person, PersonKey, PriorSurgery, VitalStatus
from registry.models.question import Question
from registry.models.reabstraction import ReabstractedField, Reabstraction, ReabstractionSample
from registry.models.reading import Proposal, Reading
from registry.models.release import CountedTable, Release, ReleasedPart
from registry.models.review import Alert, ClosedMonth, ReportedFigure
from registry.models.screening import RiskAssessment, ScreeningRound
from registry.models.source import SavedMapping, SourceCode
from registry.models.trail import AuditEntry
from registry.models.tumour import Sighting, Treatment, Tumour

__all__ = [
    "AcceptedFlag",
    "AdverseEvent",
    "Alert",
    "Appointment",
    "AuditEntry",
    "Background",
    "Base",
    "Centre",
    "CentreOwned",
    "ClosedMonth",
    "Contact",
    "CountedTable",
    "Covering",
    "Draft",
    "Enrolment",
    "Examination",
    "FollowUp",
    "IdentityDocument",
    "ImportFile",
    "ImportRun",
    "Imported",
    "ImportedCase",
    "Inquiry",
    "InquiryStep",
    "IntegritySignal",
    "KnownSyndrome",
    "Lesion",
    "LifeTable",
    "Listed",
    "MatchKey",
    "Merge",
    "MortalityRate",
    "Person",
    "PersonKey",
    "PersonOwned",
    "PossiblePair",
    "PriorSurgery",
    "Proposal",
    "QualityNote",
    "Question",
    "ReabstractedField",
    "Reabstraction",
    "ReabstractionSample",
    "Reading",
    "Release",
    "ReleasedPart",
    "Report",
    "ReportedFigure",
    "Result",
    "RiskAssessment",
    "SavedMapping",
    "ScreeningRound",
    "SearchToken",
    "SetupCode",
    "Sighting",
    "SignIn",
    "SourceCode",
    "Specimen",
    "Treatment",
    "Tumour",
    "User",
    "UserSession",
    "Versioned",
    "VitalStatus",
]
