"""What all tests of this tree share: the suite's own test kit, and no test may leave anything running."""

from hypothesis import HealthCheck, settings

from yichuang.testing.leaks import no_leaks

__all__ = ["no_leaks"]

pytest_plugins = ["pytester"]

# How long an input takes to make says something about the machine and its other programs, nothing about the suite.
settings.register_profile("yichuang", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("yichuang")
