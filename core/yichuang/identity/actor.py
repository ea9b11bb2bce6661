"""Who is acting: a signed-in person at a desk, or the suite itself."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person with what they may do.

    Attributes:
        staff_id: Key of the staff record, 0 for the suite itself.
        account: Sign-in name.
        name: The person's name.
        agency: Code of the agency the person works for.
        roles: Role codes.
        permissions: Permission ids granted by the roles.
        desk: The desk signed in to, if any.
        hall_wide: May act for every agency, not only the own one.
    """

    staff_id: int
    account: str
    name: str
    agency: str
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    desk: str | None = None
    hall_wide: bool = False
    agency_name: str = ""

    @classmethod
    def system(cls) -> Actor:
        """The suite acting by itself: ticks, set-up, migrations."""
        return cls(0, "system", "system", "", permissions=frozenset({"*"}), hall_wide=True)

    @classmethod
    def nobody(cls) -> Actor:
        """Nobody has signed in."""
        return cls(0, "", "", "")

    def may(self, permission: str | None) -> bool:
        """Whether the person holds a permission; None is open to everybody."""
        return permission is None or permission in self.permissions or "*" in self.permissions

    def at(self, desk: str | None) -> Actor:
        """The same person at another desk."""
        return replace(self, desk=desk)
