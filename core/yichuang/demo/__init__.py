"""One simulated day of a hall, played through the same operations as the windows use."""
