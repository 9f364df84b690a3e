"""`python -m bench [NAME …]`: run the benchmarks that are named, or all."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import bench

NAMES = [module.name for module in pkgutil.iter_modules(bench.__path__) if module.name != "__main__"]


def main() -> None:
    """Exits with the names when one is unknown."""
    wanted = sys.argv[1:] or NAMES
    if unknown := set(wanted) - set(NAMES):
        sys.exit(f"{', '.join(sorted(unknown))}: not one of {', '.join(NAMES)}")
    for name in wanted:
        importlib.import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main()
