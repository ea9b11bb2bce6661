"""Has no activate."""
