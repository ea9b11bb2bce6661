"""Has an incomplete manifest."""

raise AssertionError("must not be imported")
