"""The test kit, for the suite's own tests and for departments that write plugins.

pytest loads `yichuang.testing.plugin` by itself wherever the suite is installed: fixtures `postgres_server`,
`database_url`, `data_dir` and `open_suite`, and one offscreen display of 1920 x 1080. A project that wants every test
to fail which leaves a thread, a timer or a window behind puts this line into its `conftest.py`::

    from yichuang.testing.leaks import no_leaks
"""

from __future__ import annotations

from yichuang.testing.schema import schema_differences

__all__ = ["schema_differences"]
