"""The operations of core itself, beside those of the plugins."""

from __future__ import annotations

from types import ModuleType


def core_operations() -> list[ModuleType]:
    """Modules whose operations are registered in every hall."""
    from yichuang.operations import accounts, away, hall_data, journal_data, matters, people, working_days

    return [accounts, away, hall_data, journal_data, matters, people, working_days]
