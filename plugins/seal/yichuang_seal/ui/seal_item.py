"""The seal on a page: drawn as ink on paper, moved by mouse and arrows, drawn to the date line."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QFontMetricsF, QImage, QKeyEvent, QPainter, QPen
from PyQt6.QtWidgets import (
    QGraphicsItem,
    QGraphicsObject,
    QGraphicsSceneMouseEvent,
    QStyleOptionGraphicsItem,
    QWidget,
)

from yichuang.api.ui import theme
from yichuang_seal.rules.placement import (
    POINTS_PER_MM,
    DateLine,
    PageSize,
    Place,
    kept_on_page,
    moved,
    over_date,
    snapped,
    without_date,
)
from yichuang_seal.words import _

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
NUDGE_MM, STRIDE_MM = 1.0, 10.0


class Ink:
    """A seal's picture, multiplied onto the page below it."""

    def __init__(self, picture: QImage) -> None:
        self.picture = picture
        self._scaled = QImage()

    def paint(self, painter: QPainter, area: QRectF, widget: QWidget | None) -> None:
        """Draw it over `area`."""
        if self.picture.isNull():
            return
        pixels = area.width() * painter.worldTransform().m11()
        pixels = max(1, round(pixels * (widget.devicePixelRatioF() if widget else 1.0)))
        if self._scaled.width() != pixels:
            # Scaled once by averaging: the painter's own scaling would break up thin strokes.
            smooth = Qt.TransformationMode.SmoothTransformation
            self._scaled = self.picture.scaled(pixels, pixels, transformMode=smooth)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        painter.drawImage(area, self._scaled)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)


class SealItem(QGraphicsObject):
    """A seal of true size as a child of the page it lies on.

    Signals:
        moved: The seal was put somewhere else.
        pressed_enter: Enter was pressed while it had the focus.
    """

    moved = pyqtSignal()
    pressed_enter = pyqtSignal()

    def __init__(self, pages: list[QGraphicsItem], sizes: list[PageSize], dates: list[DateLine]) -> None:
        super().__init__()
        self._pages, self._sizes, self._dates = pages, sizes, dates
        self._ink = Ink(QImage())
        self._grip: QPointF | None = None
        self.snapping = True
        self.on_date = False
        self.place = Place(0, 0, 0, 42)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsFocusable)
        self.setCursor(Qt.CursorShape.SizeAllCursor)
        self.setZValue(2)
        self._guides = _Guides()
        self._label = _PlaceLabel(self)

    def set_seal(self, picture: QImage, diameter: float) -> None:
        """Another seal; its middle stays where it is."""
        self._ink = Ink(picture)
        x, y = self.place.centre
        self.prepareGeometryChange()
        self._put(Place(self.place.page, x - diameter / 2, y - diameter / 2, diameter), snap=False)

    def go_home(self) -> None:
        """Over the date of the applicant's copy, or to the lower right of the last page."""
        diameter = self.place.diameter
        if self._dates:
            date = self._dates[-1]
            self._put(over_date(date, diameter, self._sizes[date.page]))
        else:
            last = len(self._sizes) - 1
            self._put(without_date(last, diameter, self._sizes[last]))

    def nudge(self, dx: float, dy: float) -> None:
        """Move by millimetres, without being pulled back to the date."""
        self._put(moved(self.place, dx, dy, self._sizes[self.place.page]), snap=False)

    def boundingRect(self) -> QRectF:
        side = self.place.diameter * POINTS_PER_MM
        return QRectF(-3, -3, side + 6, side + 6)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        side = self.place.diameter * POINTS_PER_MM
        area = QRectF(0, 0, side, side)
        self._ink.paint(painter, area, widget)
        pen = QPen(theme.color("focus"), 1.5 if self.hasFocus() else 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawRect(area.adjusted(-2, -2, 2, 2))

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        self._grip = event.pos()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        event.accept()

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        if self._grip is None:
            return
        page = self._page_at(event.scenePos())
        corner = self._pages[page].mapFromScene(event.scenePos()) - self._grip
        x, y = corner.x() / POINTS_PER_MM, corner.y() / POINTS_PER_MM
        self._put(kept_on_page(Place(page, x, y, self.place.diameter), self._sizes[page]))

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        self._grip = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            step = STRIDE_MM if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else NUDGE_MM
            self.nudge(_STEPS[key][0] * step, _STEPS[key][1] * step)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.pressed_enter.emit()
        else:
            event.ignore()

    def _date_of(self, page: int) -> DateLine | None:
        return next((date for date in self._dates if date.page == page), None)

    def _put(self, place: Place, *, snap: bool = True) -> None:
        date = self._date_of(place.page)
        if snap and self.snapping:
            place, self.on_date = snapped(place, date)
            place = kept_on_page(place, self._sizes[place.page])
        else:
            x, y = place.centre
            self.on_date = date is not None and abs(x - date.x) < 0.5 and abs(y - date.y) < 0.5
        self.place = place
        self.setParentItem(self._pages[place.page])
        self.setPos(place.x * POINTS_PER_MM, place.y * POINTS_PER_MM)
        self._guides.follow(self._pages[place.page], self._sizes[place.page], place, self.on_date)
        self._label.follow(place, self._sizes[place.page], self.on_date)
        self.update()
        self.moved.emit()

    def _page_at(self, scene: QPointF) -> int:
        """The page under a point; between pages the one it is on now."""
        for number, page in enumerate(self._pages):
            if page.boundingRect().contains(page.mapFromScene(scene)):
                return number
        return self.place.page


class _Guides(QGraphicsItem):
    """Dashed lines through the middle of the seal while it lies over the date."""

    def __init__(self) -> None:
        super().__init__()
        self._across = QRectF()
        self._middle = QPointF()
        self.setZValue(1)

    def follow(self, page: QGraphicsItem, size: PageSize, place: Place, shown: bool) -> None:
        self.prepareGeometryChange()
        self.setParentItem(page)
        self._across = QRectF(0, 0, size.width * POINTS_PER_MM, size.height * POINTS_PER_MM)
        x, y = place.centre
        self._middle = QPointF(x * POINTS_PER_MM, y * POINTS_PER_MM)
        self.setVisible(shown)

    def boundingRect(self) -> QRectF:
        return self._across

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        pen = QPen(theme.color("focus"), 1, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLine(QPointF(self._middle.x(), 0), QPointF(self._middle.x(), self._across.height()))
        painter.drawLine(QPointF(0, self._middle.y()), QPointF(self._across.width(), self._middle.y()))


class _PlaceLabel(QGraphicsItem):
    """Where the seal lies, in words below it, in the size of the screen's text at any zoom."""

    _PAD = 10

    def __init__(self, seal: SealItem) -> None:
        super().__init__(seal)
        self._parts: list[tuple[str, bool]] = []
        self._lean = 0.5
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setZValue(3)

    def follow(self, place: Place, size: PageSize, on_date: bool) -> None:
        self.prepareGeometryChange()
        self._parts = [
            (_("Left {mm} mm", mm=f"{place.x:.0f}"), False),
            (_("Top {mm} mm", mm=f"{place.y:.0f}"), False),
            (_("Diameter {mm} mm", mm=f"{place.diameter:.0f}"), False),
        ]
        if on_date:
            self._parts.append((_("Lies over the date"), True))
        # Below the seal, towards the middle of the page, so that the edge of the desk does not cut it off.
        self._lean = min(1.0, max(0.0, 1.5 * place.centre[0] / size.width - 0.25))
        side = place.diameter * POINTS_PER_MM
        self.setPos(side * self._lean, side + 8)

    def boundingRect(self) -> QRectF:
        metrics = QFontMetricsF(theme.font(12))
        width = (
            sum(metrics.horizontalAdvance(words) + self._PAD for words, _strong in self._parts) + self._PAD
        )
        return QRectF(-width * self._lean, 0, width, 28)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        box = self.boundingRect()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("tip"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(theme.font(12))
        metrics = painter.fontMetrics()
        x = box.left() + self._PAD
        for words, strong in self._parts:
            painter.setPen(theme.color("accl" if strong and theme.current() == "light" else "on"))
            baseline = box.center().y() + (metrics.ascent() - metrics.descent()) / 2
            painter.drawText(QPointF(x, baseline), words)
            x += metrics.horizontalAdvance(words) + self._PAD
