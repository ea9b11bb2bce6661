"""The page of the good neighbour."""
