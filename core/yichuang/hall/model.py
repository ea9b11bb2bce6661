"""What a hall consists of: agencies, zones, desks, staff, service items with versions, licence types, themes.

These are values as an administrator's files give them; identities and times are added where they are stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

__all__ = [
    "Agency",
    "Desk",
    "HallData",
    "Item",
    "ItemMaterial",
    "ItemVersion",
    "LicenceType",
    "Limit",
    "Material",
    "Role",
    "Staff",
    "Theme",
    "ThemeItem",
    "ThemeQuestion",
    "Zone",
]

AgencyKind = Literal["bureau", "agency", "institution", "organisation", "company"]
DeskKind = Literal["integrated", "dedicated", "issuing", "enquiry", "help", "back_office"]
Scope = Literal["hall", "agency"]
Unit = Literal["W", "D", "H"]
ItemKind = Literal["", "instant", "committed"]
Counterpart = Literal["person", "enterprise", "institution", "association", "authority", "other"]
Need = Literal["required", "optional", "tolerant"]
Holder = Literal["person", "organisation", "both"]


@dataclass(frozen=True, slots=True)
class Agency:
    """A bureau that owns service items (进驻部门); kind `bureau` is the one that runs the hall."""

    code: str
    name: str
    short_name: str
    kind: AgencyKind
    name_mn: str = ""


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of the building."""

    code: str
    name: str
    name_mn: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """A numbered place of service such as A06.

    Attributes:
        number: Letters and digits; unique in the hall.
        zone: Code of its zone.
        kind: What it is for; a dedicated desk (专窗) serves one agency, an integrated one (综合窗口) any.
        business: Line of business written over the desk, e.g. 社保医保.
        agency: Code of the one agency of a dedicated desk, or of the agency that an integrated desk is there for
            first; empty where it takes any agency's items alike.
    """

    number: str
    zone: str
    kind: DeskKind
    business: str
    agency: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """What a member of staff may do; scope `agency` ends at the own agency, scope `hall` does not."""

    code: str
    title: str
    scope: Scope
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff with an account; `desk` is the usual place, empty for those who have none."""

    account: str
    name: str
    agency: str
    post: str
    roles: tuple[str, ...]
    desk: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit: W working days, D natural days, H hours."""

    amount: Decimal
    unit: Unit


@dataclass(frozen=True, slots=True)
class Item:
    """A service item (事项): what stays the same over its versions.

    Attributes:
        code: Implementation code, 31 characters.
        basic_code: Basic catalogue code, 12 digits.
        name: Official name.
        type: Item type of GB/T 39046 table A.1, e.g. 01 administrative licence.
        agency: Code of the agency that decides.
        aliases: Other names people search for.
        initials: Pinyin initials for search, computed when the hall is loaded (`pinyin.with_pinyin`).
        pinyin: Pinyin syllables for search, likewise.
        name_mn: Mongolian name, where a translator has given one.
    """

    code: str
    basic_code: str
    name: str
    type: str
    agency: str
    aliases: tuple[str, ...] = ()
    initials: str = ""
    pinyin: str = ""
    name_mn: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """An entry of the hall's material dictionary, so that one scan can serve several cases.

    Attributes:
        code: M and four digits in the model hall.
        name: Official name.
        licence_types: Codes of licence types any one of which replaces the paper.
    """

    code: str
    name: str
    licence_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemMaterial:
    """One row of an item's material list.

    Attributes:
        item: Implementation code of the item.
        position: From 1.
        material: Code in the dictionary.
        name: As this item's guide words it.
        need: required, optional, or tolerant (容缺: may follow after acceptance, on a promise).
        original: The original has to be handed in.
        replaceable: An e-licence or a check of shared data replaces the paper (免提交).
        licence_types: Licence types any one of which replaces it; empty where only shared data does.
    """

    item: str
    position: int
    material: str
    name: str
    need: Need = "required"
    original: bool = False
    replaceable: bool = False
    licence_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemVersion:
    """One published, unchangeable state of an item's guide; a case keeps the version it was accepted under.

    Attributes:
        item: Implementation code.
        version: From 1.
        kind: instant (即办件), committed (承诺件), or empty where nobody has entered it.
        legal: Statutory limit, None where nobody has entered it.
        promise: Promised limit, likewise.
        counterparts: Who can apply, GB/T 39046 table A.4; empty where not entered.
        result: Name of the result.
        result_licence: Licence type issued as the result, or empty.
        special: Special procedures that stop the clock.
        basis: Legal basis.
        materials: In order; empty where nobody has entered them.
    """

    item: str
    version: int = 1
    kind: ItemKind = ""
    legal: Limit | None = None
    promise: Limit | None = None
    counterparts: tuple[Counterpart, ...] = ()
    result: str = ""
    result_licence: str = ""
    special: tuple[str, ...] = ()
    basis: str = ""
    materials: tuple[ItemMaterial, ...] = ()


@dataclass(frozen=True, slots=True)
class LicenceType:
    """A kind of licence or certificate (证照目录).

    Attributes:
        code: 21 characters, GB/T 36904.
        name: Name on the licence.
        issuer: Code of the agency of this hall that issues it, or empty.
        issuer_name: Who issues it.
        holder: Whose name stands on it.
        validity_months: Usual validity, None for no end.
    """

    code: str
    name: str
    issuer: str
    issuer_name: str
    holder: Holder
    validity_months: int | None = None


@dataclass(frozen=True, slots=True)
class ThemeItem:
    """One item of a theme.

    Attributes:
        name: As the theme names it.
        code: Implementation code; empty where the catalogue has no such item (a step of another body).
        optional: Only for some applicants (按需, 如有, 可选).
        after: Names of the theme's items that have to be decided first.
        situation_expr: With which answers to the theme's questions it is needed, such as `T1=yes`; empty: always.
    """

    name: str
    code: str = ""
    optional: bool = False
    after: tuple[str, ...] = ()
    situation_expr: str = ""


@dataclass(frozen=True, slots=True)
class ThemeQuestion:
    """A question of a theme (情形) whose answer says which of its items are needed."""

    code: str
    question: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """One matter at once (一件事): items bundled for one life or business event.

    Attributes:
        code: YJS-01 and so on.
        name: What it is called at the desk.
        lead: Code of the leading agency.
        promise: Joint promised limit.
        mode: How its items depend on one another, in a few English words.
        items: With what each has to wait for.
        shared: Materials handed in once for all items.
        fields: Facts asked once for all items.
        situations: Questions on which items depend.
    """

    code: str
    name: str
    lead: str
    promise: Limit
    mode: str
    items: tuple[ThemeItem, ...]
    shared: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    situations: tuple[ThemeQuestion, ...] = ()


@dataclass(frozen=True, slots=True)
class HallData:
    """A whole hall as its files describe it; checked, every reference inside it holds."""

    agencies: tuple[Agency, ...] = ()
    zones: tuple[Zone, ...] = ()
    desks: tuple[Desk, ...] = ()
    roles: tuple[Role, ...] = ()
    staff: tuple[Staff, ...] = ()
    licence_types: tuple[LicenceType, ...] = ()
    materials: tuple[Material, ...] = ()
    items: tuple[Item, ...] = ()
    versions: tuple[ItemVersion, ...] = ()
    themes: tuple[Theme, ...] = ()
