"""What an OFD package says: documents, pages, templates, resources, annotations, and where seals are set."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from yichuang_seal.rules.ofd.fonts import FontSpec
from yichuang_seal.rules.ofd.limits import LONGEST_SIDE, MOST_PAGES, BadPartError, damaged, too_much
from yichuang_seal.rules.ofd.package import Package
from yichuang_seal.rules.ofd.seals import SealPicture, seal_of_signature, seal_picture
from yichuang_seal.rules.ofd.values import Box, box, child, children, is_true, text_of

A4 = Box(0, 0, 210, 297)
_LAYERS = {"Background": 0, "Body": 1, "Foreground": 2}


@dataclass
class Resources:
    """What objects refer to, by identifier. Files of pictures and fonts are read when they are first drawn with."""

    fonts: dict[str, ET.Element] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, ET.Element] = field(default_factory=dict)
    spaces: dict[str, ET.Element] = field(default_factory=dict)
    units: dict[str, ET.Element] = field(default_factory=dict)
    folders: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Stamp:
    """A seal on a page. `clip` is a part of it, in millimetres from its own corner: a slice of a straddle seal."""

    place: Box
    clip: Box | None
    seal: SealPicture | None


@dataclass(frozen=True, eq=False)
class Template:
    """What stands on several pages; the same object on all of them."""

    layers: list[ET.Element]


@dataclass
class Page:
    """A page and everything that is drawn on it.

    Attributes:
        layers: Elements that hold objects, the lowest first.
        below, above: Templates under and over them.
        appearances: Of annotations.
    """

    area: Box
    layers: list[ET.Element]
    below: list[Template]
    above: list[Template]
    appearances: list[ET.Element]
    stamps: list[Stamp]


class Document:
    """One document of a package.

    Attributes:
        missing: How many parts were named but are not there or make no sense.
        signed: Whether it bears signatures, with a seal or without.

    Raises:
        OfdError: It has no pages, or a part that it needs is damaged.
    """

    def __init__(self, package: Package, body: ET.Element) -> None:
        self.package = package
        self.resources = Resources()
        self.missing = 0
        self.signed = False
        self._fonts: dict[str, FontSpec | None] = {}
        key = package.find(text_of(body, "DocRoot"), "")
        if key is None:
            raise damaged("DocRoot")
        self._folder = posixpath.dirname(key)
        self._root = package.xml(key)
        common = child(self._root, "CommonData")
        for part in children(common, "PublicRes", "DocumentRes"):
            self._read_resources((part.text or "").strip(), self._folder)
        self._area = self._area_of(common, "PageArea", A4)
        self._templates = {each.get("ID") or "": each for each in children(common, "TemplatePage")}
        self._read_templates: dict[str, Template] = {}
        self._pages = list(children(child(self._root, "Pages"), "Page"))
        if not self._pages:
            raise damaged("Pages")
        if len(self._pages) > MOST_PAGES:
            raise too_much(f"{len(self._pages)} pages")
        self._annotations = self._annotations_by_page()
        self._stamps: dict[str, list[Stamp]] = {}
        self._read_signatures(text_of(body, "Signatures"))

    def __len__(self) -> int:
        return len(self._pages)

    def pages(self) -> Iterator[Page]:
        """Page after page."""
        for element in self._pages:
            yield self._page(element)

    def _page(self, element: ET.Element) -> Page:
        key = self.package.find(element.get("BaseLoc") or "", self._folder)
        if key is None:
            raise damaged(element.get("BaseLoc") or "Page")
        root, folder = self.package.xml(key), posixpath.dirname(key)
        for part in children(root, "PageRes"):
            self._read_resources((part.text or "").strip(), folder)
        below: list[Template] = []
        above: list[Template] = []
        for use in children(root, "Template"):
            identifier = use.get("TemplateID") or ""
            template = self._templates.get(identifier)
            order = use.get("ZOrder") or (template.get("ZOrder") if template is not None else "")
            (above if order == "Foreground" else below).append(self._template(identifier, template))
        own = element.get("ID") or ""
        return Page(
            self._area_of(root, "Area", self._area), _layers(root), below, above,
            self._annotations.get(own, []), self._stamps.get(own, []),
        )  # fmt: skip

    def _template(self, identifier: str, element: ET.Element | None) -> Template:
        if identifier not in self._read_templates:
            self._read_templates[identifier] = Template(self._template_layers(element))
        return self._read_templates[identifier]

    def _template_layers(self, element: ET.Element | None) -> list[ET.Element]:
        key = self.package.find(element.get("BaseLoc") or "", self._folder) if element is not None else None
        if key is None:
            self.missing += 1
            return []
        root = self.package.xml(key)
        for part in children(root, "PageRes"):
            self._read_resources((part.text or "").strip(), posixpath.dirname(key))
        return _layers(root)

    def _area_of(self, element: ET.Element | None, name: str, default: Box) -> Box:
        try:
            area = box(text_of(child(element, name), "PhysicalBox"))
        except BadPartError as error:
            raise damaged(name) from error
        if area is None:
            return default
        if not (1 <= area.width <= LONGEST_SIDE and 1 <= area.height <= LONGEST_SIDE):
            raise damaged(f"{name} {area.width:g} x {area.height:g}")
        return area

    # ---- resources ----

    def _read_resources(self, location: str, folder: str) -> None:
        key = self.package.find(location, folder, self._folder)
        if key is None:
            return  # writers name files that they never write; what refers to one is counted
        root, place = self.package.xml(key), posixpath.dirname(key)
        base = (root.get("BaseLoc") or "").strip().replace("\\", "/")
        own = base if base.startswith("/") else f"{place}/{base}"
        folders = (own, place, self._folder)
        kinds = {"Font": self.resources.fonts, "DrawParam": self.resources.parameters,
                 "ColorSpace": self.resources.spaces, "CompositeGraphicUnit": self.resources.units}  # fmt: skip
        for group in root:
            for each in group:
                identifier = each.get("ID") or ""
                self.resources.folders[identifier] = folders
                if each.tag == "MultiMedia":
                    self.resources.media[identifier] = text_of(each, "MediaFile")
                elif each.tag in kinds:
                    kinds[each.tag][identifier] = each

    def media(self, identifier: str | None) -> bytes:
        """The bytes of a picture. Raises BadPartError where there is none."""
        location = self.resources.media.get(identifier or "")
        key = self._file(identifier, location)
        if key is None:
            raise BadPartError(f"media {identifier}")
        return self.package.read(key)

    def font(self, identifier: str | None) -> FontSpec:
        """A font, with its file where the package has one."""
        identifier = identifier or ""
        known = self._fonts.get(identifier)
        if known is not None:
            return known
        element = self.resources.fonts.get(identifier)
        if element is None:
            spec = FontSpec("")
        else:
            key = self._file(identifier, text_of(element, "FontFile"))
            names = f"{element.get('FontName') or ''} {element.get('FamilyName') or ''}"
            program = self.package.read(key) if key is not None else None
            spec = FontSpec(
                names, is_true(element, "Bold", False), is_true(element, "Italic", False), program
            )
        self._fonts[identifier] = spec
        return spec

    def _file(self, identifier: str | None, location: str | None) -> str | None:
        folders = self.resources.folders.get(identifier or "", (self._folder,))
        return self.package.find(location, *folders) if location else None

    # ---- annotations and seals ----

    def _annotations_by_page(self) -> dict[str, list[ET.Element]]:
        found: dict[str, list[ET.Element]] = {}
        location = text_of(self._root, "Annotations")
        key = self.package.find(location, self._folder)
        if key is None:
            self.missing += bool(location)
            return found
        for page in children(self.package.xml(key), "Page"):
            place = self.package.find(text_of(page, "FileLoc"), posixpath.dirname(key), self._folder)
            if place is None:
                self.missing += 1
                continue
            shown = (each for each in self.package.xml(place).iter("Annot") if is_true(each, "Visible", True))
            appearances = [each for annotation in shown for each in children(annotation, "Appearance")]
            found.setdefault(page.get("PageID") or "", []).extend(appearances)
        return found

    def _read_signatures(self, location: str) -> None:
        key = self.package.find(location, self._folder) if location else None
        if key is None:
            self.missing += bool(location)
            return
        for entry in children(self.package.xml(key), "Signature"):
            self.signed = True
            place = self.package.find(entry.get("BaseLoc") or "", posixpath.dirname(key), self._folder)
            if place is None:
                self.missing += 1
            else:
                self._read_signature(self.package.xml(place), posixpath.dirname(place))

    def _read_signature(self, root: ET.Element, folder: str) -> None:
        places = list(root.iter("StampAnnot"))
        seal = self._seal(root, folder) if places else None
        for each in places:
            try:
                place, clip = box(each.get("Boundary")), box(each.get("Clip"))
            except BadPartError:
                place = clip = None
            if place is None:
                self.missing += 1
            else:
                self._stamps.setdefault(each.get("PageRef") or "", []).append(Stamp(place, clip, seal))

    def _seal(self, root: ET.Element, folder: str) -> SealPicture | None:
        """The picture that is signed with; where it makes no sense, the one that lies beside it."""
        base = text_of(next(root.iter("Seal"), None), "BaseLoc")
        for location, read in ((text_of(root, "SignedValue"), seal_of_signature), (base, seal_picture)):
            key = self.package.find(location, folder, self._folder) if location else None
            if key is not None:
                try:
                    return read(self.package.read(key))
                except BadPartError:
                    continue
        return None


def open_documents(package: Package) -> Iterable[Document]:
    """The documents of a package, in order. Raises OfdError where there is none."""
    key = package.find("OFD.xml")
    if key is None:
        raise damaged("OFD.xml")
    bodies = list(children(package.xml(key), "DocBody"))
    if not bodies:
        raise damaged("DocBody")
    return (Document(package, body) for body in bodies)


def _layers(root: ET.Element) -> list[ET.Element]:
    layers = list(children(child(root, "Content"), "Layer"))
    return sorted(layers, key=lambda layer: _LAYERS.get(layer.get("Type") or "Body", 1))
