"""Alerts in the database: revisions, words, who was named beforehand, papers, door lists."""
