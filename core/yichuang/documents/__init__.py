"""Official documents to PDF: layout, fonts, QR and bar codes."""
