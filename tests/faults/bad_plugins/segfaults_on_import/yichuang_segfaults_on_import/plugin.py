"""Reads address 0 while it is imported, as a broken driver library would."""

import ctypes

ctypes.string_at(0)
