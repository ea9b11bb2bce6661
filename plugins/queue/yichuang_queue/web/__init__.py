"""The queue's read-only web pages: boards for televisions, a ticket's page for phones."""
