"""Takes the names of another plugin."""

raise AssertionError("must not be imported")
