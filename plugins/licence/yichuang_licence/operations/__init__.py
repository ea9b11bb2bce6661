"""The use cases of licences: issuing, looking up for a purpose, using one instead of a paper, changing its status."""
