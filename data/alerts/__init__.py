"""Alerts in the database: revisions, templates, readings, who was named beforehand."""
