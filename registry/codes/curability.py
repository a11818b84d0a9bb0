"""Coded answers to whether an endoscopic resection has cured: derived by rules, never typed in."""

from registry.codes.code_set import CodeSet


class ECura(
    CodeSet, source="JGCA Gastric Cancer Treatment Guidelines; JGES ESD/EMR guidelines", edition="6th, 2021"
):
    """Endoscopic curability of early gastric cancer."""

    A = "A", "eCura A（治愈性切除）", "eCura A (curative)", ("eCuraA",)
    B = "B", "eCura B（扩大适应证治愈）", "eCura B (curative, expanded)", ("eCuraB",)
    C1 = "C-1", "eCura C-1（非治愈，局部）", "eCura C-1 (not curative, local)", ("eCuraC1",)
    C2 = "C-2", "eCura C-2（非治愈）", "eCura C-2 (not curative)", ("eCuraC2",)


class EsgeRisk(
    CodeSet, source="Pimentel-Nunes P et al., ESGE Guideline, Endoscopy 2022;54:591", edition="2022"
):
    """Risk after endoscopic submucosal dissection."""

    VERY_LOW = "very_low", "极低风险（治愈）", "Very low risk (curative)", ("极低风险",)
    LOW = "low", "低风险（治愈）", "Low risk (curative)", ("低风险",)
    LOCAL = "local", "局部风险", "Local risk"
    HIGH = "high", "高风险（非治愈）", "High risk (not curative)", ("高风险",)


class Curative(CodeSet, source="JES 2017; JSCCR 2019, condensed"):
    """Curability of an oesophageal or colorectal resection, in three steps."""

    CURATIVE = "curative", "治愈性切除", "Curative", ("治愈",)
    RELATIVE = "relative", "相对治愈", "Relatively curative"
    NOT_CURATIVE = "not_curative", "非治愈，需追加治疗", "Not curative, further treatment", ("非治愈",)
