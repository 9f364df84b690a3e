"""The models that the server needs: that they are there, and that they are the published ones."""

from __future__ import annotations

from pathlib import Path

from models.artefacts import PRODUCTS
from models.prepare import is_ready

REQUIRED = tuple(product.filename for product in PRODUCTS if product.need == "run")
ENCODER_SHA256 = next(product.sha256 for product in PRODUCTS if product.filename == "speaker_encoder.onnx")


class WeightsError(RuntimeError):
    """A model file can't be used; `kind` is "missing" or "altered"."""

    def __init__(self, kind: str, path: Path) -> None:
        super().__init__(f"{kind}: {path}")
        self.kind = kind
        self.path = path


def verify(folder: Path) -> None:
    """Raises WeightsError for the first model that is missing or has another SHA-256 than was published."""
    for product in PRODUCTS:
        if product.filename in REQUIRED:
            path = folder / product.filename
            if not path.is_file():
                raise WeightsError("missing", path)
            if not is_ready(product, folder):
                raise WeightsError("altered", path)
