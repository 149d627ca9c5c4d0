"""Measures quality: the tables of docs/quality.md and docs/cleaning.md."""
