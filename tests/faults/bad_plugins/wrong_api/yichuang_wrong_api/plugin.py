"""Was written for a later contract."""

raise AssertionError("must not be imported")
