# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Print the size budget of the production code and fail when it is passed.

The bounds come from measuring admired code bases (docs/decisions/0004-size-budget.md).
"""

from __future__ import annotations

import ast
import statistics
import sys
from pathlib import Path

SRC = Path(__file__).parent.parent / "src" / "wijkeconomie"
BOUNDS = {
    "modules": 440, "lines a module, most": 500, "lines a module, median": 225,
    "lines a function, median": 10, "lines a function, 95th": 40, "lines a function, most": 60,
    "imports of our own a module, 95th": 13, "import cycles": 0,
}  # fmt: skip


def modules() -> dict[str, tuple[Path, ast.Module]]:
    found = {}
    for path in sorted(SRC.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        name = ".".join(path.relative_to(SRC.parent).with_suffix("").parts).removesuffix(
            ".__init__"
        )
        tree = ast.parse(path.read_text("utf-8"))
        if len(tree.body) > 1:  # a package that only says what it is, is no module
            found[name] = (path, tree)
    return found


def lines(path: Path) -> int:
    return sum(1 for line in path.read_text("utf-8").splitlines() if line.strip())


def function_lengths(tree: ast.Module) -> list[int]:
    """Lines of each function without its docstring."""
    lengths = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body
            first = body[0]
            is_doc = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            start = (first.end_lineno or 0) + 1 if is_doc else node.lineno
            lengths.append(max((node.end_lineno or 0) - start + 1, 0))
    return lengths


def imports(name: str, tree: ast.Module, known: set[str]) -> set[str]:
    """Our own modules that this one imports at the top."""
    wanted = set()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            wanted |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            wanted |= {alias.name for alias in node.names}
    packages = {n for n in known if any(other.startswith(n + ".") for other in known)}
    return (wanted & known) - packages - {name}


def cycles(graph: dict[str, set[str]]) -> int:
    """Modules that can be reached from themselves."""

    def reachable(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = list(graph[start])
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen.add(here)
                waiting += graph.get(here, ())
        return seen

    return sum(name in reachable(name) for name in graph)


def percentile(values: list[int], share: float) -> float:
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def main() -> None:
    found = modules()
    sizes = {name: lines(path) for name, (path, _) in found.items()}
    functions = [n for _, tree in found.values() for n in function_lengths(tree)]
    graph = {name: imports(name, tree, set(found)) for name, (_, tree) in found.items()}
    fan_out = [len(wanted) for wanted in graph.values()]
    measured = {
        "modules": len(found),
        "lines a module, most": max(sizes.values()),
        "lines a module, median": statistics.median(sizes.values()),
        "lines a function, median": statistics.median(functions),
        "lines a function, 95th": percentile(functions, 0.95),
        "lines a function, most": max(functions),
        "imports of our own a module, 95th": percentile(fan_out, 0.95),
        "import cycles": cycles(graph),
    }
    print(f"shape: {sum(sizes.values())} lines, {len(functions)} functions")
    over = [name for name, value in measured.items() if value > BOUNDS[name]]
    for name, value in measured.items():
        print(f"  {name:36} {value:8g}  budget {BOUNDS[name]}{'  OVER' if name in over else ''}")
    largest = sorted(sizes, key=lambda name: -sizes[name])[:3]
    print("  largest: " + ", ".join(f"{name} {sizes[name]}" for name in largest))
    sys.exit(1 if over else 0)


if __name__ == "__main__":
    main()
