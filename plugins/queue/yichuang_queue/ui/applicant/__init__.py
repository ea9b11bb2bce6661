"""The applicant's screen: rating a finished service."""
