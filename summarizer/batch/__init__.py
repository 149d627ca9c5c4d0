"""Folders, files and tables of articles → one file with a row for each; an interrupted run resumes.

`inputs` finds the articles (those of JSONL and CSV files through `tables`), `run` summarizes them in order, `outputs`
keeps the rows that `rows` encodes.
"""
