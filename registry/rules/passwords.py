"""Which passwords are good enough: the profile of GB/T 22239 level 3, or of ASVS 5."""

from registry.label import Label
from registry.rules.problem import Problem, refusal

# 网络安全等级保护 8.1.4.1 a) requires complexity; ASVS 5 6.2.1 and 6.2.5: length, no composition rules.
PROFILES = {
    "mlps3": Label(
        "至少 10 个字符，含大写、小写、数字、符号中的三种",
        "at least 10 characters, of three kinds: capitals, small letters, digits, signs",
    ),
    "asvs5": Label("至少 12 个字符", "at least 12 characters"),
}
LONGEST = 256
# The letters of the passwords that are tried first everywhere and in Chinese hospitals, whatever digits and
# signs surround them.
TRIED_FIRST = frozenset(
    """
    password passwd pass admin administrator root user guest test demo welcome letmein changeme default
    qwerty qwertyuiop asdfgh asdf zxcvbn zxcv qazwsx qaz qwe asd zxc abc abcd abcdef abcabc aaa aa a
    iloveyou woaini wo hello dragon monkey master superman login sunshine princess football secret
    hospital yiyuan doctor yisheng nurse hushi registry endoscopy neijing his pacs system xitong
    huawei china zhongguo beijing shandong
    """.split()  # noqa: SIM905 – a list of words reads best as words
)


def password(chosen: str, *, profile: str, username: str = "") -> list[Problem]:
    """What is wrong with a chosen password under a profile; empty when nothing is."""
    problems = []
    kinds = sum(
        any(kind(sign) for sign in chosen)
        for kind in (str.isupper, str.islower, str.isdigit, lambda sign: not sign.isalnum())
    )
    long_enough = len(chosen) >= (12 if profile == "asvs5" else 10)
    if not long_enough or (profile == "mlps3" and kinds < 3):
        rule = PROFILES[profile]
        problems.append(refusal("password", f"密码太弱：{rule.zh}", f"Too weak: {rule.en}", profile))
    if len(chosen) > LONGEST:
        problems.append(refusal("password", "密码太长", "Too long", profile))
    letters = "".join(sign for sign in chosen.casefold() if sign.isalpha())
    if letters in TRIED_FIRST or not letters or (username and username.casefold() in chosen.casefold()):
        problems.append(
            refusal(
                "password", "这个密码太容易猜到，请换一个", "Too easily guessed: choose another", "common"
            )
        )
    return problems
