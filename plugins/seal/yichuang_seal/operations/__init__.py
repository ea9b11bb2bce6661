"""What can be done with seals: their life, the papers that wait for them, stamping, verifying."""
