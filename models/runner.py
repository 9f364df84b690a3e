"""An ONNX model on the native runtime, behind the same interface as in the browser (frontend/speaker.py: Runner)."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy.typing as npt
import onnxruntime


def session(model: Path | bytes, threads: int) -> onnxruntime.InferenceSession:
    """A model on the CPU, from a file or its content; `threads` 0 leaves their number to the runtime."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


class NativeRunner:
    """A session on the CPU; `threads` 0 leaves their number to the runtime. Raises OSError for a missing file."""

    def __init__(self, path: Path, threads: int = 0) -> None:
        content = path.read_bytes()
        self.sha256 = hashlib.sha256(content).hexdigest()
        self._session = session(content, threads)

    async def run(self, feeds: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
        """One inference, in a thread of its own."""
        names = [output.name for output in self._session.get_outputs()]
        values = await asyncio.to_thread(self._session.run, names, dict(feeds))
        return dict(zip(names, values, strict=True))
