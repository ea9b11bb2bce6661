"""What all tests of this tree share: the suite's own test kit, and no test may leave anything running."""

from yichuang.testing.leaks import no_leaks

__all__ = ["no_leaks"]

pytest_plugins = ["pytester"]
