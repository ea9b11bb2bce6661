"""The narrow waist: what can be done, by whom, in one transaction."""
