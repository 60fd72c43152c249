"""Readers of published files: each returns rows and fills a report, or raises `BrokenSource`.

`drawn` reads what a person gives during a night.
"""
