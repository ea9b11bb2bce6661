"""Integrated acceptance: a plugin of Yichuang. Nothing is imported here, so finding it stays cheap."""
