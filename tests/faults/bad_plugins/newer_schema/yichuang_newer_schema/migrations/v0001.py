"""Nothing."""

REVISION = "0001"


def upgrade(op: object) -> None:
    """Nothing to do."""
