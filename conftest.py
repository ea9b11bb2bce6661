"""What all tests of this tree share: the suite's own test kit, and no test may leave anything running."""

import gc
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from yichuang.identity import passwords
from yichuang.testing.leaks import no_leaks
from yichuang.testing.passwords import cheap

__all__ = ["no_leaks"]

pytest_plugins = ["pytester"]

# How long an input takes to make says something about the machine and its other programs, nothing about the suite.
settings.register_profile("yichuang", suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("yichuang")


def pytest_collection_finish() -> None:
    """What thousands of collected tests are made of stays to the end: the collector need not go through it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Hashing at the real cost is tested in `test_passwords.py`; all other tests only sign in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", cheap)
        yield
