"""Rows → a Markdown table."""

from collections.abc import Mapping, Sequence
from typing import Any

Row = dict[str, Any]


def markdown_table(rows: Sequence[Mapping[str, object]]) -> str:
    """The rows as a table with all their columns, in order of appearance."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [columns, ["---"] * len(columns), *([str(row.get(column, "")) for column in columns] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
