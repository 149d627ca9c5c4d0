"""Folders, files, tables and feeds of articles → one file with a row for each; an interrupted run resumes.

`inputs` finds the articles (those of JSONL and CSV files through `tables`), `feeds` those of RSS and Atom feeds; `run`
summarizes them in order, `outputs` keeps the rows that `rows` encodes, and `digest` makes a text of them.
"""
