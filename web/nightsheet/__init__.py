"""The report after a night: one A4 page, and tables for whoever goes on with it."""
