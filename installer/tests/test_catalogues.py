"""Merging translations: what is whole is compiled, what is wrong or missing is named."""

import gettext
import sys

import catalogues
import pytest

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def tree(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    package = tmp_path / "plugins" / "parks" / "yichuang_parks"
    (package / "locales" / "zh_CN").mkdir(parents=True)

    return package


def write(package, name, *pairs, flag=""):
    text = "".join(f'{flag}msgid "{msgid}"\nmsgstr "{msgstr}"\n\n' for msgid, msgstr in pairs)
    (package / "locales" / "zh_CN" / f"{name}.po").write_text(HEAD + text, encoding="utf-8")


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["catalogues.py", *arguments])
    return catalogues.main()


def test_the_parts_become_one_catalogue(tree, monkeypatch):
    write(tree, "pages", ("Trees", "树木"))
    write(tree, "papers", ("Permit {number}", "许可证 {number}"))
    assert run(monkeypatch) == 0
    with (tree / "locales" / "zh_CN.mo").open("rb") as file:
        words = gettext.GNUTranslations(file)
    assert (words.gettext("Trees"), words.gettext("Permit {number}")) == ("树木", "许可证 {number}")
    assert list((tree / "locales").glob("*.mo.*")) == []


@pytest.mark.parametrize(
    ("pairs", "flag", "said"),
    [
        ([("Trees", "树"), ("Permit {number}", "许可证")], "", "placeholders differ: number"),
        ([("Trees", "树")], "#, fuzzy\n", "doubtful"),
        ([("Trees", "树林")], "", "elsewhere"),
        ([("Trees {", "树 {")], "", "0 problems"),
    ],
)
def test_what_is_wrong_is_named(tree, monkeypatch, capsys, pairs, flag, said):
    write(tree, "a", ("Trees", "树"))
    write(tree, "b", *pairs, flag=flag)
    run(monkeypatch)
    captured = capsys.readouterr()
    assert said in captured.out + captured.err


def test_a_file_that_cannot_be_read_is_named(tree, monkeypatch, capsys):
    (tree / "locales" / "zh_CN" / "broken.po").write_bytes(b'msgid "\xff"\nmsgstr "x"\n')
    assert run(monkeypatch) == 1
    assert "broken.po" in capsys.readouterr().err


def test_check_finds_every_text_that_is_not_translated(tree, monkeypatch, capsys):
    (tree / "pages.py").write_text(
        '_("Trees")\nL("Cut {n} trees",\n  n=1)\nL("Two parts"\n  " of one")\n_(f"dynamic {0}")\nother("Not shown")\n',
        encoding="utf-8",
    )
    (tree / "manifest.toml").write_text(
        'name = "Parks"\n[[pages]]\ntitle = "Trees"\nicon = "tree"\n', encoding="utf-8"
    )
    write(tree, "pages", ("Trees", "树木"))
    assert run(monkeypatch, "--check") == 1
    errors = capsys.readouterr().err
    assert [text in errors for text in ("'Cut {n} trees'", "'Two parts of one'", "'Parks'")] == [True] * 3
    assert [text in errors for text in ("Not shown", "dynamic", "'Trees'", "tree'")] == [
        False,
        False,
        False,
        False,
    ]
    write(
        tree,
        "pages",
        ("Trees", "树木"),
        ("Cut {n} trees", "砍伐 {n} 株"),
        ("Two parts of one", "一句"),
        ("Parks", "园林"),
    )
    assert run(monkeypatch, "--check") == 0
