"""Checks of pathology: reports that are current, and their results."""

from typing import Any

from sqlalchemy import and_, case, not_, or_

from registry import models
from registry.codes.lesion import Organ, Site
from registry.codes.pathology import (
    Depth,
    Finding,
    Margin,
    Method,
    Morphology,
    Vienna,
    ViennaVersion,
    WhoType,
)
from registry.indicators.checks.check import (
    Check,
    Records,
    filled,
    no,
    unlikely,
    usual,
)
from registry.label import Label

# Columns as expressions: a type checker takes a nullable one for no condition.
Lesion: Any = models.Lesion
Report: Any = models.Report
Result: Any = models.Result
Specimen: Any = models.Specimen

ALL_REPORTS = Label("现行病理报告", "current pathology reports")
ALL_RESULTS = Label("现行报告的病理结果", "results of current reports")
NEOPLASIA = Label("结论为肿瘤的结果", "results that find neoplasia")
GRADED = Label("有维也纳分类的结果", "results with a Vienna category")
NEOPLASTIC = Label("肿瘤性结果", "neoplastic results")
CANCERS = Label("切除标本上的癌", "carcinomas on resections")
SUBMUCOSAL = Label("切除标本上浸润黏膜下的癌", "carcinomas on resections that reach the submucosa")
COLORECTAL = Label("其中结直肠癌", "colorectal carcinomas on resections that reach the submucosa")
GASTRIC = Label("切除标本上的胃癌", "gastric carcinomas on resections")
TYPED = Label("有 WHO 类型或形态学编码", "a WHO type or a morphology is recorded")
KNOWN = Label("已填写的结果", "results that record it")

_resected = Specimen.method.in_([one for one in Method if one.resects])
_neoplastic = or_(
    Result.finding.is_not_distinct_from(Finding.NEOPLASIA),
    Result.vienna.in_([one for one in Vienna if one.neoplasia]),
)
# The Vienna category decides where there is one, else the histological type or the morphology.
_cancer = case(
    (Result.vienna.is_not(None), Result.vienna.in_([one for one in Vienna if one.carcinoma])),
    else_=or_(
        Result.who_type.in_([one for one in WhoType if one.is_carcinoma]),
        Result.morphology.in_([one for one in Morphology if one.carcinoma]),
    ),
)
_resected_cancer = and_(_cancer, _resected)
_submucosal = [one for one in Depth if one.submucosal]
_mucosal = [one for one in Depth if one.intramucosal]
_deep = and_(_resected_cancer, Result.depth.in_(_submucosal))


def _sites(*organs: Organ) -> list[Site]:
    return [one for one in Site if one.organ in organs]


def _result(column: Any, whom: Label, of: Any = None, **more: Any) -> Check:
    return filled(Records.RESULT, column, whom, of=of, **more)


def _clear(column: Any) -> Check:
    return unlikely(
        Records.RESULT,
        column,
        Label("报告称 R0 并有该切缘的结果", "results reported as R0 that record the margin"),
        fine_when=Label("切缘为阴性", "the margin is clear"),
        of=and_(Result.r0.is_(True), column.is_not(None)),
        fine=column == Margin.CLEAR,
        shows=(Result.r0, column),
    )


# Vienna 5 of the original classification may be intramucosal where 5.1 says so.
_original = and_(
    Result.vienna == Vienna.INTRAMUCOSAL_ORIGINAL,
    Result.vienna_version.is_not_distinct_from(ViennaVersion.SCHLEMPER_2000),
)
_neoplasia = [one for one in Vienna if one.neoplasia]
_silent = [Finding.NON_NEOPLASTIC, Finding.GASTRITIS, Finding.INSUFFICIENT, Finding.NO_RESIDUAL]
_below = [one for one in Vienna if one.rank < Vienna.INTRAMUCOSAL.rank or one.intramucosal]
_five = [one for one in Vienna if one.code.startswith("5")]
CHECKS: tuple[Check, ...] = (
    filled(Records.REPORT, Report.reported_on, ALL_REPORTS),
    _result(
        Result.finding,
        ALL_RESULTS,
        label=Label("结论或分类", "Finding or category"),
        or_else=(Result.vienna, Result.who_type, Result.morphology),
        fine_when=Label("有结论、分类或类型", "a finding, a category or a type is recorded"),
    ),
    _result(Result.vienna, NEOPLASIA, Result.finding.is_not_distinct_from(Finding.NEOPLASIA)),
    _result(Result.vienna_version, GRADED, Result.vienna.is_not(None)),
    _result(Result.who_type, NEOPLASTIC, _neoplastic, or_else=(Result.morphology,), fine_when=TYPED),
    *(
        _result(column, CANCERS, _resected_cancer)
        for column in (
            *(Result.differentiation, Result.depth, Result.lymphatic, Result.venous),
            *(Result.horizontal_margin, Result.vertical_margin, Result.size_mm),
        )
    ),
    _result(Result.depth_um, SUBMUCOSAL, _deep),
    _result(
        Result.budding, COLORECTAL, and_(_deep, Lesion.site.in_([s for s in Site if s.organ.colorectal]))
    ),
    _result(Result.ulceration, GASTRIC, and_(_resected_cancer, Lesion.site.in_(_sites(Organ.STOMACH)))),
    usual(Records.RESULT, Result.size_mm, KNOWN),
    unlikely(
        Records.RESULT,
        Result.vienna,
        Label("有维也纳分类和浸润深度的结果", "results with a Vienna category and a depth"),
        fine_when=Label(
            "5 类不限于黏膜内，4 类及以下不超出黏膜",
            "5 is not confined to the mucosa, 4 and below do not leave it",
        ),
        of=and_(Result.vienna.is_not(None), Result.depth.is_not(None)),
        fine=not_(
            or_(
                and_(Result.depth.in_(_mucosal), Result.vienna.in_(_five), no(_original)),
                and_(Result.depth.not_in(_mucosal), Result.vienna.in_(_below)),
            )
        ),
        shows=(Result.vienna, Result.depth),
    ),
    unlikely(
        Records.RESULT,
        Result.depth,
        Label("有浸润深度的结果", "results with a depth"),
        fine_when=Label("来自切除标本", "they are of a resection"),
        of=Result.depth.is_not(None),
        fine=_resected,
        shows=(Result.depth, Specimen.method),
    ),
    unlikely(
        Records.RESULT,
        Result.depth_um,
        Label("黏膜内而测了 µm 的结果", "mucosal results with a depth in µm"),
        fine_when=Label("黏膜内病变没有黏膜下 µm", "what is mucosal has no µm of submucosa"),
        of=and_(Result.depth.in_(_mucosal), Result.depth_um.is_not(None)),
        fine=Result.depth_um == 0,
        shows=(Result.depth, Result.depth_um),
    ),
    unlikely(
        Records.RESULT,
        Result.depth,
        Label("有浸润深度和病变部位的结果", "results with a depth and a lesion with a site"),
        key="depth_layer",
        label=Label("浸润深度的分层", "Layer of the depth"),
        fine_when=Label("EP、LPM、MM 只用于食管", "EP, LPM and MM only in the oesophagus"),
        of=and_(Result.depth.is_not(None), Lesion.site.is_not(None)),
        fine=or_(
            Result.depth.not_in([Depth.EP, Depth.LPM, Depth.MM]), Lesion.site.in_(_sites(Organ.OESOPHAGUS))
        ),
        shows=(Result.depth, Lesion.site),
    ),
    unlikely(
        Records.RESULT,
        Result.vienna_version,
        Label("有维也纳分类及其版本的结果", "results with a Vienna category and its version"),
        fine_when=Label("该版本有这一类", "the version has the category"),
        of=and_(Result.vienna.is_not(None), Result.vienna_version.is_not(None)),
        fine=not_(
            or_(
                and_(
                    Result.vienna == Vienna.INTRAMUCOSAL_ORIGINAL,
                    Result.vienna_version == ViennaVersion.DIXON_2002,
                ),
                and_(
                    Result.vienna == Vienna.INTRAMUCOSAL,
                    Result.vienna_version == ViennaVersion.SCHLEMPER_2000,
                ),
            )
        ),
        shows=(Result.vienna, Result.vienna_version),
    ),
    unlikely(
        Records.RESULT,
        Result.finding,
        Label("有结论和维也纳分类的结果", "results with a finding and a Vienna category"),
        fine_when=Label("结论与分类一致", "the finding and the category agree"),
        of=and_(Result.finding.is_not(None), Result.vienna.is_not(None)),
        fine=not_(
            or_(
                and_(Result.finding.in_(_silent), Result.vienna.in_(_neoplasia)),
                and_(Result.finding == Finding.NEOPLASIA, Result.vienna.not_in(_neoplasia)),
            )
        ),
        shows=(Result.finding, Result.vienna),
    ),
    _clear(Result.horizontal_margin),
    _clear(Result.vertical_margin),
)
