"""Data of the suite: icons, fonts and the model hall, read through importlib.resources."""
