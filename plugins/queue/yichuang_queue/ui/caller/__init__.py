"""The caller window of a desk."""
