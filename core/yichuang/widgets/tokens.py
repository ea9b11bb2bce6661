"""Colour tokens of the two themes; names are those of the design's style sheet, one to one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "app": "#E9EEF0", "surface": "#FFFFFF", "subtle": "#F6F8F9", "hover": "#EEF3F5", "selected": "#E1EEF1",
        "sunken": "#EDF1F3",
        "line": "#E3E9EC", "line2": "#CDD7DC", "line3": "#82949E",
        "t1": "#17242D", "t2": "#475863", "t3": "#5E6E79", "tdis": "#9BAAB2",
        "acc": "#1C5A6C", "acch": "#174C5B", "accp": "#123D49", "accs": "#E1EEF1", "accl": "#A8CAD3",
        "acct": "#1C5A6C", "on": "#FFFFFF",
        "red": "#B3281E", "redb": "#B3281E", "reds": "#FBEBE8", "redl": "#EDC3BC", "redd": "#C8382B",
        "amb": "#8A5300", "ambs": "#FCF3DF", "ambl": "#EBD29B", "ambd": "#D98E04",
        "grn": "#22693F", "grns": "#E6F3EA", "grnl": "#B6DAC4", "grnd": "#2F9159",
        "seal": "#C4261D", "focus": "#2F8CA3",
        "c1": "#2A7487", "c2": "#9CC1CA", "c3": "#B79A5B", "c4": "#6C8F72", "c5": "#7B6A8C", "c6": "#B4BFC5",
        "paper": "#FFFFFF", "papert": "#22272A", "desk": "#DCE3E6", "shadow": "#2E102630", "tip": "#22323B",
    }
)  # fmt: skip

DARK: Mapping[str, str] = MappingProxyType(
    {
        "app": "#101619", "surface": "#182025", "subtle": "#1D262B", "hover": "#232E34", "selected": "#1E3A43",
        "sunken": "#12191D",
        "line": "#273238", "line2": "#36444C", "line3": "#5F727D",
        "t1": "#E3EAED", "t2": "#AAB9C1", "t3": "#8B9CA6", "tdis": "#5F6F78",
        "acc": "#2A7487", "acch": "#32859A", "accp": "#246474", "accs": "#1B343C", "accl": "#2F5A67",
        "acct": "#7CC3D3", "on": "#FFFFFF",
        "red": "#F28B7D", "redb": "#B8392C", "reds": "#38211E", "redl": "#67352F", "redd": "#E4604F",
        "amb": "#E9B44F", "ambs": "#332914", "ambl": "#5D4A1F", "ambd": "#E0A030",
        "grn": "#74C695", "grns": "#172D1F", "grnl": "#2C5239", "grnd": "#4DAF77",
        "seal": "#C4261D", "focus": "#58B0C5",
        "c1": "#4FA0B4", "c2": "#2F5A67", "c3": "#C0A768", "c4": "#7FA486", "c5": "#9684A8", "c6": "#4A5860",
        "paper": "#E9EAE6", "papert": "#22272A", "desk": "#0C1114", "shadow": "#80000000", "tip": "#33434C",
    }
)  # fmt: skip

THEMES: Mapping[str, Mapping[str, str]] = MappingProxyType({"light": LIGHT, "dark": DARK})

# Tone of a tag, note or text -> (text, tint, border, dot) tokens.
TONES: Mapping[str, tuple[str, str, str, str]] = MappingProxyType(
    {
        "green": ("grn", "grns", "grnl", "grnd"),
        "amber": ("amb", "ambs", "ambl", "ambd"),
        "red": ("red", "reds", "redl", "redd"),
        "teal": ("acct", "accs", "accl", "acct"),
        "grey": ("t2", "subtle", "line2", "line3"),
    }
)


def tone_color(tone: str, default: str = "t1") -> str:
    """The token that writes text in a tone; a token name or "" passes through (the latter as `default`)."""
    if tone in TONES:
        return TONES[tone][0]
    return tone or default
