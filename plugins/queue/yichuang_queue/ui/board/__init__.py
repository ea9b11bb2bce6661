"""The boards of the hall, a zone or a desk."""
