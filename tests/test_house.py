"""The rules of the house that a machine can check, so that no reviewer has to remember them."""

import ast
import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
REGISTRY = HOUSE / "registry"
README = HOUSE / "README.md"
VENDOR = REGISTRY / "static" / "vendor"

CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3000-\u303f\uff00-\uffef]+")
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
JINJA_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
HTML_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
PHRASE = r"(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
# A phrase that stands in both languages: say("中文", "English"), with values or without. Strings one after
# another are one phrase, as in Python.
SAID = re.compile(rf"\b(?:say|Label)\(\s*{PHRASE}(?:\s*~?\s*{PHRASE})*\s*,\s*{PHRASE}", re.DOTALL)
# A language's own name, marked as such for those who listen: <button lang="zh-CN">中文</button>.
NAMED = re.compile(r"(?<=lang=\"zh-CN\">)[^<]*(?=<)")
# Words that a drawing carries in both languages: data-zh="阑尾" data-en="Appendix".
PAIRED = re.compile(r"\bdata-zh=\"[^\"]*\"\s+data-en=\"[^\"]+\"")
INLINE = re.compile(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.IGNORECASE | re.DOTALL)
OUTSIDE = re.compile(
    r"(?:src|href|action|poster|data|srcset)\s*=\s*[\"']?\s*(?:[a-z]+:)?//|url\(\s*[\"']?(?:[a-z]+:)?//|@import",
    re.I,
)
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX)\b|\bNotImplementedError\b")
# A centre's manager is a person with that title; any other manager is a shed.
SHED = re.compile(
    r"(?:(?<!Centre)Manager|Helper|Util)s?(?=[A-Z_]|$)|^(?:manager|helper|util)s?$"
    r"|(?<!centre)_managers?$|_(?:helper|util)s?$"
)
# Words of other people's interfaces that we must call by their names.
BORROWED = {"login_manager", "LoginManager"}


def relative(path):
    return path.relative_to(HOUSE).as_posix()


def written(folder, pattern):
    """The files that we wrote under a folder: nothing vendored, nothing compiled."""
    return [path for path in sorted(folder.rglob(pattern)) if VENDOR not in path.parents and path.is_file()]


MODULES = written(REGISTRY, "*.py")
PYTHON = [*MODULES, *written(HOUSE / "tests", "*.py"), *written(HOUSE / "benchmarks", "*.py")]
PYTHON += [*written(HOUSE / "scripts", "*.py"), *written(HOUSE / "migrations", "*.py"), *HOUSE.glob("*.py")]
TEMPLATES = [
    path for path in written(REGISTRY / "templates", "*") if path.suffix in {".html", ".svg", ".xml", ".txt"}
]
PAGES = [path for path in TEMPLATES if path.suffix in {".html", ".svg"}]
STYLES_AND_SCRIPTS = [*written(REGISTRY / "static", "*.css"), *written(REGISTRY / "static", "*.js")]
each_module = pytest.mark.parametrize("path", MODULES, ids=relative)
each_page = pytest.mark.parametrize("path", PAGES, ids=relative)


def source(path):
    return path.read_text(encoding="utf-8")


def places(pattern, text):
    """Line number and text of each match, to be read in a failure."""
    return [
        (text.count("\n", 0, found.start()) + 1, found.group().strip()) for found in pattern.finditer(text)
    ]


def calls(path, method):
    """The lines of a module on which something's `method` is called."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source(path)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method
    ]


def names(path):
    """Every name that a module gives: classes, functions, arguments, variables, and its own."""
    tree = ast.parse(source(path))
    yield path.stem
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def without(text, *patterns):
    """A text with all that matches blanked, so that line numbers stay what they were."""
    for pattern in patterns:
        text = pattern.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
    return text


def without_phrases(text):
    """A template without its comments and without the phrases that stand in both languages."""
    return without(text, JINJA_COMMENT, HTML_COMMENT, SAID, NAMED, PAIRED)


# ---- every file --------------------------------------------------------------------------------------


@each_module
def test_a_file_is_understood_without_scrolling(path):
    assert len(source(path).splitlines()) <= 400


@each_module
def test_a_module_says_what_it_is_for(path):
    tree = ast.parse(source(path))
    assert ast.get_docstring(tree) or not tree.body


@each_module
def test_names_come_from_the_field(path):
    assert [name for name in names(path) if SHED.search(name) and name not in BORROWED] == []


@pytest.mark.parametrize("path", [path for path in PYTHON if path != Path(__file__)], ids=relative)
def test_nothing_is_left_unfinished(path):
    assert places(UNFINISHED, source(path)) == []


@each_module
def test_only_the_unit_of_work_commits(path):
    if relative(path) == "registry/services/unit.py":
        assert calls(path, "commit")
    else:
        assert calls(path, "commit") == []


# ---- templates ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_every_phrase_stands_in_both_languages(path):
    assert places(CHINESE, without_phrases(source(path))) == []


@pytest.mark.parametrize("path", written(REGISTRY / "static", "*.js"), ids=relative)
def test_a_script_takes_its_words_from_the_page(path):
    assert places(CHINESE, source(path)) == []


@each_page
def test_a_page_obeys_its_own_security_policy(path):
    text = without(source(path), JINJA, HTML_COMMENT)
    assert places(INLINE, text) == []
    for attributes, body in SCRIPT.findall(source(path)):
        data = re.search(r"type\s*=\s*[\"']application/json[\"']", attributes)  # data, never run
        assert data or ("src=" in attributes and not body.strip())


@pytest.mark.parametrize("path", [*TEMPLATES, *STYLES_AND_SCRIPTS], ids=relative)
def test_nothing_is_loaded_from_elsewhere(path):
    assert places(OUTSIDE, source(path)) == []


@pytest.mark.parametrize("folder", [path for path in VENDOR.iterdir() if path.is_dir()], ids=relative)
def test_what_others_made_carries_its_licence_and_version(folder):
    assert [*folder.glob("LICENSE*"), *folder.glob("OFL*")]
    assert folder.name in source(VENDOR / "README.md")


# ---- the whole house ---------------------------------------------------------------------------------


def contracts():
    """The import contracts all of whose rooms stand already; `make lint` insists on every one."""
    config = configparser.ConfigParser()
    config.read(HOUSE / "setup.cfg", encoding="utf-8")
    for section in config.sections():
        if section.startswith("importlinter:contract:"):
            named = re.findall(r"registry\.(\w+)", "\n".join(config[section].values()))
            if all(
                (REGISTRY / room / "__init__.py").is_file() or (REGISTRY / f"{room}.py").is_file()
                for room in named
            ):
                yield section.rpartition(":")[2]


@pytest.mark.parametrize("contract", list(contracts()))
def test_imports_run_downwards(contract):
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--contract", contract]
    checked = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, encoding="utf-8")
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("group", written(REGISTRY / "cli", "*.py") if README.exists() else [], ids=relative)
def test_the_readme_names_every_command(group):
    told = source(README)
    for name in commands(group):
        assert re.search(rf"\bflask {re.escape(name)}\b", told), (
            f"the README says nothing about `flask {name}`"
        )


def commands(path):
    """The commands and groups that a module of the command line hangs directly under `flask`."""
    for node in ast.walk(ast.parse(source(path))):
        if isinstance(node, ast.FunctionDef | ast.Assign):
            for call in node.decorator_list if isinstance(node, ast.FunctionDef) else [node.value]:
                if name := top_level(call, node):
                    yield name


def top_level(call, node):
    """The name that a `@click.command(...)`, `@click.group(...)` or `AppGroup(...)` gives, or None."""
    if not isinstance(call, ast.Call):
        return None
    maker = ast.unparse(call.func)
    if maker not in {
        "click.command",
        "click.group",
        "app.cli.command",
        "app.cli.group",
        "AppGroup",
        "command",
        "group",
    }:
        return None
    if call.args and isinstance(call.args[0], ast.Constant):
        return call.args[0].value
    return node.name.replace("_", "-") if isinstance(node, ast.FunctionDef) else None


# ---- the checks themselves ---------------------------------------------------------------------------


def test_chinese_outside_a_phrase_is_found():
    assert places(CHINESE, without_phrases('<p>{{ say("病变", "Lesion") }}\n病灶</p>{# 说明 #}')) == [
        (2, "病灶")
    ]
    assert places(CHINESE, without_phrases("{{ say('共 %(n)s 个', '%(n)s in all', n=total) }}")) == []
    assert places(CHINESE, without_phrases('{{ say("病变") }}')) == [(1, "病变")]
    assert places(CHINESE, without_phrases('<button lang="zh-CN">中文</button>')) == []
    assert places(CHINESE, without_phrases('<g data-zh="阑尾" data-en="Appendix">')) == []
    assert places(CHINESE, without_phrases('<a title="病变">')) == [(1, "病变")]


@pytest.mark.parametrize(
    "text", ['<p style="color:red">', "<a onclick='go()'>", '<a href="javascript:go()">', "<style>"]
)
def test_inline_code_is_found(text):
    assert INLINE.search(text)


@pytest.mark.parametrize(
    "text", ['<img src="https://a.example/x">', "<link href=//a.example>", "url(https://a.example/f)"]
)
def test_an_outside_address_is_found(text):
    assert OUTSIDE.search(text)


@pytest.mark.parametrize("name", ["CaseManager", "UserHelpers", "utils", "date_utils", "ManagerOfCases"])
def test_a_shed_is_found(name):
    assert SHED.search(name)


@pytest.mark.parametrize("name", ["centre_manager_of", "utility", "centre_manager", "CENTRE_MANAGER"])
def test_a_word_of_the_field_is_no_shed(name):
    assert not SHED.search(name)
