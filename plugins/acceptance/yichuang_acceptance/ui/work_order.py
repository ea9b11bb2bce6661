"""The button that says in which order the workbench's list stands, and lets one choose another; kept for each person."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal

from yichuang.api.ui import Button, Menu, PageContext
from yichuang_acceptance.words import words

_ = words.text
L = words.lazy
DUE, NEWEST, ITEM = "due", "newest", "item"
ORDERS = {
    DUE: (L("Time limit"), L("by time left")),
    NEWEST: (L("Received"), L("newest received first")),
    ITEM: (L("Item"), L("item by item")),
}
"""What the button says, and what the menu and the foot of the list say."""
FEWER: dict[str, tuple[str, ...]] = {"decided": (), "forwarded": (), "all": (DUE, NEWEST)}
"""Lists that do not stand in every order: they hold the cases of all times, or are read by their own moment only."""
FIXED = {
    "decided": (L("Decided at"), L("newest first"), L("What you decided stands newest first.")),
    "forwarded": (L("Days waited"), L("longest wait first"), L("What was sent up first stands first.")),
}
"""Lists with one order: what the button, the foot and the hint say."""
KEPT = "order"


class WorkOrder(Button):
    """The choice of an order.

    Signals:
        chosen: Another order is wanted; ask again.
    """

    chosen = pyqtSignal()

    def __init__(self, context: PageContext) -> None:
        super().__init__(icon="arrow-up-down", kind="ghost")
        self._context = context
        kept = context.load(KEPT, DUE)
        self._wanted = kept if kept in ORDERS else DUE
        self._tab = ""
        self.clicked.connect(self.open)
        self.show_tab("")

    @property
    def order(self) -> str:
        """The order of the list in front: the chosen one where the list has it."""
        return self._wanted if self._wanted in self._orders() else DUE

    @property
    def words(self) -> str:
        """How the list in front stands, for its foot."""
        return str(ORDERS[self.order][1] if self._orders() else FIXED[self._tab][1])

    def _orders(self) -> tuple[str, ...]:
        return FEWER.get(self._tab, tuple(ORDERS))

    def show_tab(self, tab: str) -> None:
        """Another list came to the front."""
        self._tab = tab
        orders = self._orders()
        self.setText(str(ORDERS[self.order][0] if orders else FIXED[tab][0]))
        self.setEnabled(bool(orders))
        self.setToolTip(_("Sort the list (Alt+S)") if orders else str(FIXED[tab][2]))

    def open(self) -> None:
        """Show the orders below the button."""
        if self.isEnabled():
            self.menu_of_orders().open_below(self)

    def menu_of_orders(self) -> Menu:
        """The orders as a menu."""
        menu = Menu(self)
        for order in self._orders():
            text = str(ORDERS[order][1])
            menu.add(text, lambda order=order: self.choose(order), "check" if order == self.order else None)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def choose(self, order: str) -> None:
        """Take an order, for this list and those that are opened later."""
        if order == self.order:
            return
        self._wanted = order
        self._context.save(KEPT, order)
        self.show_tab(self._tab)
        self.chosen.emit()
