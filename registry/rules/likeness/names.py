"""How alike two names are: by sign, by sound, by one sign."""

from registry.codes.code_set import CodeSet
from registry.rules.pinyin import HAN, folded, plain, sounds

# Signs that registers write for one another: full and simplified forms, and variants of one sign.
_PAIRS = (
    "國国華华劉刘張张陳陈楊杨趙赵黃黄吳吴孫孙馬马蕭萧肖萧鄭郑鄧邓許许謝谢羅罗蘇苏葉叶盧卢蔣蒋韓韩馮冯呂吕閻阎闫阎傅付"
    "鍾钟鐘钟戴代蘭兰鳳凤龍龙麗丽寶宝貴贵瓊琼藝艺偉伟軍军強强傑杰濤涛東东紅红靜静愛爱蓮莲榮荣長长順顺學学廣广義义書书"
    "維维錦锦銀银鋼钢昇升陞升峯峰堃坤喆哲菓果燿耀炤照勛勋勳勋恆恒穎颖頴颖於于濬浚彥彦産产祿禄犇奔旾春徳德恵惠関关關关"
)
VARIANTS = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))


class NameLikeness(CodeSet, source="The registry"):
    """In what two names agree."""

    SAME = "same", "相同", "the same"
    VARIANT = "variant", "异体字", "variant signs"
    SOUND = "sound", "同音", "the same sound"
    ONE_SIGN = "one_sign", "差一字", "one sign differs"
    PART = "part", "部分相同", "one part is the same"
    DIFFERENT = "different", "不同", "different"


def compare(one: str | None, other: str | None) -> NameLikeness | None:
    """How alike two names are; None where one is missing.

    Simplified and full forms are variants; what is merely heard alike is a sound, also where one house
    writes letters. Of two signs, one that differs leaves a surname or a given name: a part.

    >>> [compare("王芳", name).code for name in ("王 芳", "王方", "WANG Fang", "李芳", "赵强")]
    ['same', 'sound', 'sound', 'part', 'different']
    >>> [compare("劉建國", name).code for name in ("刘建国", "刘健国", "刘建军", "柳剑果")]
    ['variant', 'sound', 'one_sign', 'sound']
    >>> compare("单雄信", "Shan Xiongxin").code, compare("单雄信", "DAN XIONGXIN").code
    ('sound', 'sound')
    """
    first, second = plain(one or ""), plain(other or "")
    if not first or not second:
        return None
    if first == second:
        return NameLikeness.SAME
    first, second = _usual(first), _usual(second)
    if first == second:
        return NameLikeness.VARIANT
    if _heard(first) & _heard(second):
        return NameLikeness.SOUND
    return _by_sign(first, second)


def _usual(name: str) -> str:
    return "".join(VARIANTS.get(sign, sign) for sign in name)


def _heard(name: str) -> set[str]:
    return {folded(sound) for sound in sounds(name, most=6)}


def _by_sign(first: str, second: str) -> NameLikeness:
    if not (HAN.fullmatch(first) and HAN.fullmatch(second)):
        return NameLikeness.ONE_SIGN if _one_letter(first, second) else NameLikeness.DIFFERENT
    if len(first) == len(second):
        apart = sum(a != b for a, b in zip(first, second, strict=True))
        if apart == 1 and len(first) > 2:
            return NameLikeness.ONE_SIGN
        return NameLikeness.PART if apart < len(first) else NameLikeness.DIFFERENT
    shorter, longer = sorted((first, second), key=len)
    if len(longer) - len(shorter) == 1 and any(
        longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer))
    ):
        return NameLikeness.ONE_SIGN
    return NameLikeness.PART if first[0] == second[0] else NameLikeness.DIFFERENT


def _one_letter(first: str, second: str) -> bool:
    """Whether names in letters differ by one letter put in, left out or changed."""
    if abs(len(first) - len(second)) > 1 or min(len(first), len(second)) < 5:
        return False
    same = next((at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), None)
    if same is None:
        return True
    return (
        first[same + 1 :] == second[same + 1 :]
        or first[same:] == second[same + 1 :]
        or (first[same + 1 :] == second[same:])
    )
