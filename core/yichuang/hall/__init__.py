"""What all plugins share, pure: agencies, items, people, working days, identifiers, words, errors."""
