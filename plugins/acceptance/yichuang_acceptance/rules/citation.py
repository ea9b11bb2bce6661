"""The legal basis of an item as a paper cites it: notes left out, titles in 《》, articles in Chinese numerals."""

from __future__ import annotations

import re

_NOTE = re.compile(r"[（(][^）)]*[）)]")
_ARTICLE = re.compile(r"^(?P<title>.+?)第?(?P<article>\d+)条$")
_NUMBERED = re.compile(r"〔\d{4}〕")
_DIGITS = "零一二三四五六七八九"


def cite(basis: str) -> str:
    """`种子法22条(20日);植物检疫条例` becomes 《种子法》第二十二条、《植物检疫条例》; empty stays empty."""
    parts = [part.strip() for part in re.split("[;；]", _NOTE.sub("", basis))]
    return "、".join(_cite_one(part) for part in parts if part)


def _cite_one(text: str) -> str:
    if text.startswith("《") or _NUMBERED.search(text):
        return text
    match = _ARTICLE.match(text)
    if match is None:
        return f"《{text}》"
    return f"《{match['title']}》第{numeral(int(match['article']))}条"


def numeral(number: int) -> str:
    """A number from 1 to 999 in Chinese, as articles are counted: 10 十, 12 十二, 105 一百零五."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")
