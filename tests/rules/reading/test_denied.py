"""Every finding, with every way to deny or doubt it, proposes nothing; asserted, it proposes something."""

import pytest

from registry.rules.reading import read_endoscopy, read_pathology

PATHOLOGY = (
    "高级别上皮内瘤变",
    "低级别上皮内瘤变",
    "腺癌",
    "鳞状细胞癌",
    "印戒细胞癌",
    "中分化腺癌",
    "癌组织",
    "癌",
    "原位癌",
    "黏膜内癌",
    "粘膜内癌",
    "管状腺瘤",
    "绒毛状管状腺瘤",
    "无蒂锯齿状病变",
    "重度异型增生",
    "HGIN",
    "淋巴瘤",
    "间质瘤",
    "神经内分泌瘤",
    "增生性息肉",
)
ENDOSCOPY = ("早癌", "早期胃癌", "进展期胃癌", "0-IIc病变", "LST-G(H)", "胃癌 Borrmann III型", "腺瘤", "0-Ⅱa")
BEFORE = (
    "未见", "无", "未见明确", "没有", "考虑", "考虑为", "可疑", "疑似", "疑为", "疑", "可能为", "倾向",
    "倾向于", "不除外", "不能除外", "不排除", "除外", "已排除", "提示", "符合", "拟诊", "是否为", "警惕",
    "未查见", "未发现", "未找到", "不能完全排除", "建议除外", "未见明显", "不伴", "需排除", "若为",
    "不考虑", "并非", "鉴别", "待除外", "不符合", "未提示", "难以确定为", "否认", "疑有", "似为", "请除外",
    "外院诊断", "曾患",
)  # fmt: skip
BEHIND = (
    "？", "？？", "?", "可能", "可能性大", "待排", "待查", "待定", "不除外", "不能除外", "不排除",
    "（？）", "(?)", "待除外", "性质待定", "可能性大，请结合临床", "，待排", "，不除外", "，？",
    "，待除外", "，不能完全排除", "，可能性大", "，可能", "，性质待定", "，待进一步明确", "待病理",
    "之可能", "的可能", "可疑", "首先考虑", "未见", "（-）", "（－）", "阴性", "：无", "：未见",
    "（可能）", "与否", "待鉴别", "术后复查",
)  # fmt: skip
PLACES = ("", "（胃窦）", "（食管）", "（直肠）", "胃窦：", "1.（升结肠）")


@pytest.mark.parametrize("finding", PATHOLOGY)
def test_what_pathology_denies_or_doubts_is_not_proposed(finding: str) -> None:
    phrases = [cue + finding for cue in BEFORE] + [finding + cue for cue in BEHIND]
    for resected in (None, True):
        proposed = {
            place + phrase
            for place in PLACES
            for phrase in phrases
            if read_pathology(place + phrase, resected=resected)
        }
        assert proposed == set()


@pytest.mark.parametrize("finding", PATHOLOGY)
def test_what_pathology_asserts_is_proposed(finding: str) -> None:
    assert [part for place in PLACES if not (part := read_pathology(place + finding))] == []


@pytest.mark.parametrize("finding", ENDOSCOPY)
def test_what_the_endoscopist_denies_or_doubts_is_not_proposed(finding: str) -> None:
    phrases = [cue + finding for cue in BEFORE] + [finding + cue for cue in BEHIND]
    assert {phrase for phrase in phrases if read_endoscopy(phrase)} == set()
    assert read_endoscopy(finding)


@pytest.mark.parametrize("cue", ["，", "、", "及", "或", "和", "、可疑"])
def test_a_denial_runs_through_a_list(cue: str) -> None:
    """Through 、及或; a comma ends it, and then what follows is a statement of its own."""
    found = read_pathology(f"（胃窦）未见低级别{cue}高级别上皮内瘤变")
    assert bool(found) == (cue == "，")


@pytest.mark.parametrize("joint", ["，但见", "但见", "，可见", "，仅见"])
def test_but_ends_a_denial(joint: str) -> None:
    parts = read_pathology(f"（胃窦）未见癌{joint}低级别上皮内瘤变")
    assert [read.code for part in parts for read in part.reads if read.field == "result.vienna"] == ["3"]


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ("切缘阴性", {"result.horizontal_margin": "0", "result.vertical_margin": "0"}),
        ("未见脉管癌栓", {"result.lymphatic": "0", "result.venous": "0"}),
        ("未见溃疡", {"result.ulceration": "0"}),
        ("未见癌残留", {"result.finding": "no_residual"}),
        ("垂直切缘未见癌", {"result.vertical_margin": "0"}),
    ],
)
def test_a_denial_that_has_a_code_of_its_own_is_one(words: str, fields: dict[str, str]) -> None:
    (part,) = read_pathology(words, resected=True)
    assert {read.field: read.code for read in part.reads} == fields


@pytest.mark.parametrize("resected", [None, False])
def test_a_biopsy_has_no_depth(resected: bool | None) -> None:
    for words in ("（胃窦活检）腺癌，浸润至黏膜下层", "腺癌，局限于黏膜层，伴溃疡，肿瘤大小12mm"):
        fields = {read.field for part in read_pathology(words, resected=resected) for read in part.reads}
        assert fields == {"result.finding", "result.who_type", "result.morphology"}


def test_a_resection_has() -> None:
    (part,) = read_pathology("（胃窦ESD标本）腺癌，浸润至黏膜下层，SM1（约300μm）")
    assert part.value("result.depth_um") == 300
    assert {read.field for read in part.reads} >= {"result.depth", "result.vienna"}


@pytest.mark.parametrize(
    "words",
    [
        "癌胚抗原升高",
        "（胃窦）局灶腺体有癌变趋势",
        "（胃窦）腺体增生伴癌变趋势",
        "（胃窦）有癌变风险，建议切除以防癌变",
        "（胃窦）接近癌变",
        "（直肠）腺瘤样增生",
        "（直肠）管状腺瘤样增生",
        "胃癌家族史",
        "肺腺癌病史",
        "胰腺癌侵及",
        "甲状腺癌、乳腺癌、前列腺癌",
        "C-SRC（+），SCC抗原（+），MUM1（+），CEA（-）",
        "防癌体检",
        "癌前病变筛查",
    ],
)
def test_words_that_only_look_like_a_finding_are_none(words: str) -> None:
    assert read_pathology(words, resected=True) == []


@pytest.mark.parametrize(
    "words",
    [
        "there is a fold, which is normal; score 0 is good",
        "PLAN B, LAND",
        "胃癌家族史，食管癌高发区筛查",
        "胃底静脉曲张约0.8cm",
        "退镜时间6分30秒，进镜80cm",
        "父亲结肠癌，母亲胃癌",
        "抗体AB型A",
        "颈椎C1，C-2椎体",
    ],
)
def test_words_that_only_look_like_a_lesion_are_none(words: str) -> None:
    assert read_endoscopy(words) == []
