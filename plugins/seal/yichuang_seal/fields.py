"""Kinds of values that requests carry."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

Key: TypeAlias = Annotated[int, Field(ge=1, le=2**62)]
"""Key of a row; a larger number is a wrong request, not an overflow in the database."""
