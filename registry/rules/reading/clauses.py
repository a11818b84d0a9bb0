"""What is asserted and what is not: clauses, negation, doubt, and what belongs to the past."""

from registry.rules.reading.rule import Rule, Word

# 临床技术操作规范 names "符合、考虑、倾向、提示、可能、疑、不能排除" for a diagnosis that is not certain.
DOUBTFUL = "中华医学会《临床技术操作规范·病理学分册》，诊断表述 Ⅱ 类：不能完全肯定"
PLAIN = "登记系统：汉语否定与转折"

# Doubt that may follow after a comma and then is about what stands before it.
BEHIND = frozenset(
    [
        "待进一步",
        "与否",
        "待排",
        "待排除",
        "待查",
        "待定",
        "待诊",
        "待除外",
        "待病理",
        "待活检",
        "待免疫组化",
        "待明确",
        "除外",
        "不除外",
        "不能除外",
        "不排除",
        "不能排除",
        "不能完全排除",
        "不能完全除外",
        "排除",
        "可能",
        "可能性",
        "可能性大",
        "疑",
        "可疑",
        "?",
        "未定",
        "性质不明",
        "不能确定",
        "不确定",
    ]
)
_NUMBERED = r"(?<![^。;,:\n])\(?\d{1,2}(?:[.、)])(?!\d)"

CUES = (
    Rule("cue.listed", "marker", "\x1e", source=PLAIN),
    Rule("cue.numbered", "marker", _NUMBERED, source=PLAIN),
    Rule("cue.lettered", "marker", r"(?<![^。;,\n])(?:标本)?[A-H](?:[.、:])(?!\d)", source=PLAIN),
    Rule("cue.sentence", "sentence", r"[。;!\n]|\.(?!\d)", source=PLAIN),
    Rule("cue.clause", "clause", r",", source=PLAIN),
    # Words that begin like a cue and are none.
    Rule(
        "cue.none",
        "nothing",
        r"类似|似乎正常|无痛|无殊|无名|无水|无菌|不规则|不均|不整|不平|不清|不光滑|非萎缩|"
        r"非浅表|非特异|非霍奇金|"
        r"可能性评估|考虑周|疑难|符合率|若干|未成熟|未染|不染(?!区)|不着色|无色|未治疗|未处理|未取|无蒂息肉|"
        r"除外伤|待查体",
        source=PLAIN,
    ),
    Rule(
        "cue.advised",
        "cue.advised",
        r"建议|必要时|请结合|请临床|需结合|结合临床|RECOMMEND|SUGGEST|ADVISE",
        source=DOUBTFUL,
    ),
    Rule(
        "cue.told",
        "cue.told",
        r"临床(?:诊断|考虑|提供|印象|疑)|送检(?:诊断|单)|术前诊断|申请单|适应证|检查目的|主诉|家族史|父亲|母亲|父母|其父|其母|兄弟|姐妹|哥哥|姐姐|弟弟|妹妹|病史:?|"
        r"既往(?:史)?|HISTORY OF",
        source=PLAIN,
    ),
    Rule(
        "cue.past",
        "cue.past",
        r"外院|曾(?:行|因|有|患|经|于|查)|上次|前次|原病理|前病理|年前|月前|术前(?:活检|病理)|"
        r"(?<=[癌瘤肉变灶除DR疗])术后(?!标本|病理|送检|切除)|术后(?:复查|随访)|"
        r"(?:ESD|EMR|切除|溃疡|术后|治疗后)瘢痕|(?:放|化|治)疗后|POST-?ESD|S/P ",
        source=PLAIN,
    ),
    Rule(
        "cue.doubt",
        "cue.doubt",
        r"考虑|疑似|可疑|怀疑|疑|可能(?:性大|性)?|倾向(?:于)?|不(?:能)?(?:完全)?(?:除外|排除)|不能除外|"
        r"除外|排除|待(?:排除|排|查|定|诊|除外|病理|活检|免疫组化|IHC|染色|明确|进一步)|提示|"
        r"符合|拟诊|是否|与否|"
        r"警惕|防止|预防|以防|接近|趋于|趋向|注意|鉴别|不确定|不能确定|难以确定|难以区分|难以评估|不好评估|无法确定|"
        r"不能肯定|未能确定|未定|\?|性质不明|"
        r"似(?!然)|如为|如有|若为|若有|或许|大概|R/O|C/W|SUSPICIOUS|SUSPECT(?:ED)?|POSSIBLE|"
        r"POSSIBLY|PROBABLY|"
        r"PROBABLE|LIKELY|CANNOT (?:BE )?EXCLUDED?|NOT EXCLUDED|FAVOU?RS?|CONSISTENT WITH|SUGGESTIVE|"
        r"CANNOT RULE OUT|RULE OUT|INDEFINITE|QUERY|多系|拟(?!行)",
        lambda words: words in BEHIND,
        DOUBTFUL,
    ),
    Rule("cue.or", "cue.or", r"抑或|或(?!许)|(?<![A-Z])VS(?![A-Z])", source=DOUBTFUL),
    Rule("cue.now", "cue.now", r"病理诊断|镜下诊断|诊断意见|本次", source=PLAIN),
    Rule(
        "cue.not",
        "cue.not",
        r"未(?:能)?(?:再)?(?:查见|检见|发现|找到|见到|见|累及|侵及|侵犯|浸润|穿透|突破|达|"
        r"超过|到达|伴|检出|及)|"
        r"没有(?:见到|发现)?|并?无(?!蒂)|不伴(?:有)?|不含|否认|并非|不是|不见|非(?:腺瘤|癌|"
        r"肿瘤)性?|缺乏|NO |NOT |"
        r"WITHOUT |NEGATIVE FOR |FREE OF ",
        source=PLAIN,
    ),
    Rule("cue.but", "cue.but", r"但|而见|可见|另见|仅见|仅有|却|尚见|余见|伴有(?!无)|BUT ", source=PLAIN),
    Rule(
        "cue.after_not", "cue.after_not", r"\(?阴性\)?|\(-{1,2}\)|\(无\)|-{1,2}(?=[,。;\n]|$)", source=PLAIN
    ),
)
# What a doubt about the nature of something leaves standing: that it is there, where, and how large.
UNDOUBTED = {"place", "wall", "distance", "size", "noun", "alien", "count", "each", "another"}
QUALIFIER = "result.differentiation"  # 腺癌，低分化？ doubts the cancer as well
_LASTING = {"cue.advised", "cue.told"}
_JOINS = frozenset("及或和亦也与且并")


def settle(words: list[Word], text: str) -> list[Word]:
    """Hush each word that the text does not assert.

    Negation runs from its cue to the next comma or "but", through 、及或; behind its words only where
    nothing follows it ("癌细胞未见"). Doubt holds for the whole clause; standing alone ("……，待排") for
    the verdicts of the clause before. Advice and what clinicians told hold to the end of the sentence.
    """
    cued = [place for place, word in enumerate(words) if word.cue]
    end = 0
    for place in cued:
        if place < end:
            continue
        first, clause = place, words[place].clause
        while first > end and words[first - 1].clause == clause:
            first -= 1
        denied = False
        while first < len(words):  # a denial may go on into the clauses after
            end = _end_of_clause(words, first)
            denied = _settle_clause(words, first, end, text, denied)
            if not denied:
                break
            first = end
    if any(words[place].says in _LASTING for place in cued):
        _hush_rest_of_sentence(words)
    return words


def _end_of_clause(words: list[Word], first: int) -> int:
    """Where the clause that begins with this word ends."""
    clause, end = words[first].clause, first + 1
    while end < len(words) and words[end].clause == clause:
        end += 1
    return end


def _settle_clause(words: list[Word], first: int, end: int, text: str, denied: bool) -> bool:
    """The words [first, end) of one clause, of which the boundary before it is the first.

    `denied` tells that the clause before ended in a denial, which goes on where this one begins with
    "and" or "or". Returns the same for the clause after.
    """
    here = words[first:end]
    begins = here[0].ends
    denied = denied and here[0].says == "clause" and text[begins : begins + 1] in _JOINS
    cues = [word for word in here if word.cue]
    if not cues and not denied:
        return False
    kinds = {cue.says for cue in cues}
    spoken = [word for word in here if not word.cue and not word.silent]
    either = "cue.or" in kinds and not denied and "cue.not" not in kinds
    if "cue.doubt" in kinds or either:
        _hush(spoken, "doubt")
        if all(word.says == QUALIFIER for word in spoken) and any(cue.value is True for cue in cues):
            _hush_before(words, first, "doubt")
    if "cue.past" in kinds or "cue.told" in kinds:
        _hush(spoken, "history")
    return _negate(here, text, denied)


def _negate(here: list[Word], text: str, denied: bool) -> bool:
    """Hush what is denied; whether a denial is still open at the end of the clause."""
    for place, word in enumerate(here):
        if word.says == "cue.not":
            denied = True
            if place + 1 == len(here) and _closes(text, word.ends):
                _hush([one for one in here if not one.cue], "not")
        elif word.says == "cue.but":
            denied = False
        elif word.says == "cue.after_not" and place:
            _deny_before(here[:place], word.begins)
        elif denied and not word.silent:
            word.hushed = word.hushed or "not"
    return denied


def _deny_before(words: list[Word], at: int) -> None:
    """Hush the words that stand directly before a "negative" at `at`: 0-IIc病变(-)."""
    for word in reversed(words):
        if word.cue or at - word.ends > 2:
            return
        word.hushed = word.hushed or "not"
        at = word.begins


def _closes(text: str, at: int) -> bool:
    return at >= len(text) or text[at] in ",。;!\n.)"


def _hush(words: list[Word], why: str) -> None:
    for word in words:
        word.hushed = word.hushed or why


def _hush_before(words: list[Word], first: int, why: str) -> None:
    """The verdicts of the clause before, within the sentence; further back past mere qualifiers."""
    at = first - 1
    if first >= len(words) or words[first].says == "sentence":
        return
    while at >= 0:
        clause, only_qualified = words[at].clause, True
        while at >= 0 and words[at].clause == clause:
            word = words[at]
            at -= 1
            if word.says == "sentence":
                return
            if word.says not in UNDOUBTED and not word.silent:
                word.hushed = word.hushed or why
                only_qualified &= word.says == QUALIFIER
        if not only_qualified:
            return


def _hush_rest_of_sentence(words: list[Word]) -> None:
    """Advice, and what clinicians told, hold to the end of the sentence."""
    sentence, why = -1, ""
    for word in words:
        if word.sentence != sentence:
            sentence, why = word.sentence, ""
        if word.says == "cue.advised":
            why = "doubt"
        elif word.says == "cue.told":
            why = "history"
        elif word.says == "cue.now":
            why = ""
        elif why and not word.silent:
            word.hushed = word.hushed or why
