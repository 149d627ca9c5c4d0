"""The layout of the package: imports point one way, and modules and functions stay small."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "summarizer"
# Lower layers first; a module may import its own layer and those below it.
LAYERS = (
    ("spans", "errors", "cancellation", "settings", "text"),
    ("readers", "models"),
    ("cleaning",),
    ("selection",),
    ("abstraction", "faithfulness"),
    ("summary", "job", "pipeline"),
    ("agents", "batch", "library", "web"),
    ("commands", "__main__"),
)
# Within one layer packages are independent of each other, except where a reason is given.
SIBLINGS = {
    ("text", "spans"),
    ("text", "errors"),
    ("text", "cancellation"),
    ("settings", "errors"),
    ("readers", "errors"),
    ("job", "summary"),
    ("pipeline", "summary"),
    ("pipeline", "job"),
    ("batch", "library"),  # a batch summarizes many articles at a time, too
    ("abstraction", "faithfulness"),  # a sentence that is not supported is written again
}
MAX_MODULE_LINES, MAX_FUNCTION_LINES, MAX_TOP_MODULES = 350, 50, 10
MODULES = sorted(PACKAGE.rglob("*.py"))


def _unit(path: Path) -> str:
    """The package or top-level module that a file belongs to."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def _layer(unit: str) -> int:
    return next(index for index, units in enumerate(LAYERS) if unit in units)


def _imported_units(path: Path) -> Iterator[str]:
    """The packages and top-level modules that a file imports from this package, wherever the import is."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "summarizer":
            parts = node.module.split(".")
            # `from summarizer import X` names a package, or a public class of the pipeline.
            names = [parts[1]] if len(parts) > 1 else [alias.name for alias in node.names]
            yield from ("pipeline" if name[0].isupper() else name for name in names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    unit = _unit(path)
    if unit == "__init__":  # imports the public classes when they are first used
        return
    for imported in set(_imported_units(path)) - {unit}:
        if _layer(imported) == _layer(unit):
            assert (unit, imported) in SIBLINGS, f"{unit} imports its sibling {imported}"
        else:
            assert _layer(imported) < _layer(unit), f"{unit} imports {imported}, a higher layer"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_and_functions_are_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MAX_MODULE_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= MAX_FUNCTION_LINES, f"{node.name} has {lines} lines"


def test_top_level_has_few_modules() -> None:
    assert len(list(PACKAGE.glob("*.py"))) <= MAX_TOP_MODULES


@pytest.mark.parametrize("package", sorted(path.parent for path in PACKAGE.rglob("__init__.py")), ids=lambda p: p.name)
def test_package_states_its_input_and_output(package: Path) -> None:
    docstring = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8")))
    assert docstring
    assert "→" in docstring or package.name in ("commands", "models", "text")
