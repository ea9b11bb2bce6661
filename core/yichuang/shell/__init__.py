"""The window around all plugins: start, navigation, palette, home, settings, sign-in, faults.  Qt lives here."""
