"""What every test needs first."""

from __future__ import annotations

import models  # noqa: F401  # silences onnxruntime before any test imports it
