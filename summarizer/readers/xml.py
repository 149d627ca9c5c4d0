"""XML of office files: elements by their local names, whatever their namespaces, and tables as lines."""

from collections.abc import Iterator, Sequence, Set
from xml.etree.ElementTree import Element


def local_name(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def attribute(element: Element, name: str) -> str | None:
    """The value of an attribute by its local name."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def child_at(element: Element, *names: str) -> Element | None:
    """The first child, or the child of that child and so on, by these names."""
    found: Element | None = element
    for name in names:
        found = None if found is None else next((child for child in found if local_name(child) == name), None)
    return found


def nearest(element: Element, name: str, but_not_in: Set[str]) -> Iterator[Element]:
    """The elements of a name below an element, but not those inside each other or inside elements of other names."""
    for child in element:
        if local_name(child) == name:
            yield child
        elif local_name(child) not in but_not_in:
            yield from nearest(child, name, but_not_in)


def table_lines(rows: Sequence[Sequence[Sequence[str]]]) -> Iterator[str]:
    """The rows of a table as lines; a table that only lays out the page gives its paragraphs.

    :param rows: the paragraphs of each cell of each row.
    """
    cells = [sum(bool(paragraph.strip()) for paragraph in cell) for row in rows for cell in row]
    is_layout = sum(paragraphs > 1 for paragraphs in cells) * 2 >= sum(map(bool, cells))
    for row in rows:
        if is_layout or len(row) == 1:
            yield from (paragraph for cell in row for paragraph in cell)
        else:
            yield "\t".join(" ".join(cell).strip() for cell in row)
