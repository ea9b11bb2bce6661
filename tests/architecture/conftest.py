"""Runs a test of the architecture once for each distribution, or for each plugin."""

import pytest
from source_tree import DISTRIBUTIONS, PLUGINS


@pytest.fixture(params=DISTRIBUTIONS, ids=str)
def distribution(request):
    return request.param


@pytest.fixture(params=PLUGINS, ids=str)
def plugin(request):
    return request.param
