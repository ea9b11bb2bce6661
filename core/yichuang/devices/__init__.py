"""Devices at the window, one child process each, with simulators."""
