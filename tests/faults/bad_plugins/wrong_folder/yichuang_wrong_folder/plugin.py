"""Has another id than its folder."""

raise AssertionError("must not be imported")
