"""Photos from the field: taken in, shown to headquarters, deleted at their date."""
