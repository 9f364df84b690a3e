"""From downloaded packages to the models that the app runs.

    python -m models.prepare DOWNLOADS MODELS [run|test|evaluate]

DOWNLOADS holds the packages of `models.artefacts`, MODELS receives the products. Needs numpy, onnx and
onnxruntime. A product that is there with the right SHA-256 is left alone; a new one appears whole or
not at all. `progress` is called with each product's name as its turn comes.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import importlib
import os
from collections.abc import Callable
from pathlib import Path

from models.artefacts import NEEDS, PRODUCTS, Need, Product, check, read_member


def prepare(downloads: Path, models: Path, need: Need, progress: Callable[[str], None] = print) -> None:
    """Make every product that `need` asks for. Raises ArtefactError, FileNotFoundError."""
    models.mkdir(parents=True, exist_ok=True)
    read = functools.lru_cache(maxsize=1)(lambda role: read_member(role, downloads))  # several products share one
    wanted = NEEDS[: NEEDS.index(need) + 1]
    for product in PRODUCTS:
        if product.need in wanted and not is_ready(product, models):
            progress(product.filename)
            _make(product, read, models)


def is_ready(product: Product, models: Path) -> bool:
    """Whether the product is there with the bytes that are pinned."""
    path = models / product.filename
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == product.sha256


def _make(product: Product, read: Callable[[str], bytes], models: Path) -> None:
    module, function = product.recipe.split(":")
    recipe: Callable[..., bytes] = getattr(importlib.import_module(module), function)
    content = recipe(*(read(role) for role in product.roles))
    check(content, product.sha256, product.filename)
    temporary = models / f"{product.filename}.part"
    temporary.write_bytes(content)
    os.replace(temporary, models / product.filename)


def _main() -> None:
    parser = argparse.ArgumentParser(description="Turn downloaded packages into models.")
    parser.add_argument("downloads", type=Path)
    parser.add_argument("models", type=Path)
    parser.add_argument("need", nargs="?", choices=NEEDS, default="run")
    arguments = parser.parse_args()
    prepare(arguments.downloads, arguments.models, arguments.need)


if __name__ == "__main__":
    _main()
