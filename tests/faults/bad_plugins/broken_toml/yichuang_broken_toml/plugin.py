"""Has a broken manifest."""

raise AssertionError("must not be imported")
