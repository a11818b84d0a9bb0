"""The codebook: every field of the record with its codes, limits and unit, read off the models."""

from dataclasses import dataclass
from typing import Any

from registry.codes.code_set import CodeSet
from registry.label import Label
from registry.models import Base

TABLES = {
    "person": Label("受检者", "Person"),
    "prior_surgery": Label("既往手术", "Earlier operation"),
    "known_syndrome": Label("已知综合征", "Known syndrome"),
    "vital_status": Label("生存状态", "Vital status"),
    "enrolment": Label("建档", "Enrolment"),
    "identity_document": Label("证件", "Identity document"),
    "contact": Label("联系人", "Contact"),
    "risk_assessment": Label("风险评估", "Risk assessment"),
    "screening_round": Label("筛查轮次", "Screening round"),
    "examination": Label("内镜检查", "Examination"),
    "background": Label("背景黏膜", "Background"),
    "adverse_event": Label("不良事件", "Adverse event"),
    "accepted_flag": Label("已接受的提醒", "Accepted warning"),
    "lesion": Label("病变", "Lesion"),
    "specimen": Label("标本", "Specimen"),
    "report": Label("病理报告", "Pathology report"),
    "result": Label("病理结果", "Pathology result"),
    "tumour": Label("肿瘤", "Tumour"),
    "treatment": Label("治疗", "Treatment"),
    "follow_up": Label("随访", "Follow-up"),
    "centre": Label("成员单位", "Centre"),
}
_KINDS = {
    "Boolean": Label("是／否", "yes / no"),
    "Integer": Label("整数", "whole number"),
    "Float": Label("数值", "number"),
    "Date": Label("日期", "date"),
    "Time": Label("时刻", "time of day"),
    "Instant": Label("时间（UTC）", "moment (UTC)"),
    "String": Label("文字", "text"),
    "Text": Label("长文字", "longer text"),
    "Coded": Label("代码", "code"),
    "LargeBinary": Label("密文", "ciphertext"),
}


@dataclass(frozen=True)
class Field:
    """One column as a reader of the data needs to know it."""

    table: str
    name: str
    label: Label
    kind: Label
    unit: str
    limits: tuple[Any, Any] | None
    codes: type[CodeSet] | None
    identifies: bool
    required: bool

    @property
    def range(self) -> str:
        return "" if self.limits is None else f"{self.limits[0]}–{self.limits[1]}"

    def as_dict(self) -> dict[str, Any]:
        """The field as files hold it, in both languages."""
        return {
            "table": self.table,
            "field": self.name,
            "zh": self.label.zh,
            "en": self.label.en,
            "kind": self.kind.en,
            "unit": self.unit,
            "limits": self.range,
            "codes": "" if self.codes is None else self.codes.__name__,
            "identifies": self.identifies,
            "required": self.required,
        }


def fields() -> list[Field]:
    """Every labelled column of the clinical record, table by table."""
    tables = Base.metadata.tables
    return [
        _field(name, column) for name in TABLES for column in tables[name].columns if "label" in column.info
    ]


def _field(table: str, column: Any) -> Field:
    info = column.info
    return Field(
        table,
        column.name,
        info["label"],
        _KINDS[type(column.type).__name__],
        info.get("unit", ""),
        info.get("limits"),
        info.get("codes"),
        bool(info.get("identifier")),
        not column.nullable and column.default is None,
    )


def code_sets() -> dict[str, type[CodeSet]]:
    """The code sets that fields use, by name, in the order in which the fields use them."""
    return {field.codes.__name__: field.codes for field in fields() if field.codes is not None}


def set_as_dict(codes: type[CodeSet]) -> dict[str, Any]:
    """A code set as files hold it."""
    return {
        "name": codes.__name__,
        "source": codes.source,
        "edition": codes.edition,
        "checked": codes.checked,
        "codes": [
            {
                "code": member.code,
                "zh": member.label.zh,
                "en": member.label.en,
                "aliases": list(member.aliases),
            }
            for member in codes
        ],
    }
