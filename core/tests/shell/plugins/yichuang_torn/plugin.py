"""Fails while it is being activated."""

from __future__ import annotations


def activate(context: object) -> None:
    raise RuntimeError("CertificateExpired: publisher certificate")
