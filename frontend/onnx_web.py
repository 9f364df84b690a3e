"""An ONNX model on onnxruntime-web, in the worker where Python runs (frontend/speaker.py: Runner)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from frontend.bridge import onnxruntime, url


class ModelUnavailable(RuntimeError):
    """The model could not be fetched or read."""


class WebRunner:
    """A session of onnxruntime-web."""

    def __init__(self, session: Any, sha256: str) -> None:
        self._session = session
        self.sha256 = sha256

    async def run(self, feeds: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
        """One inference on arrays of float32 or int64."""
        import js
        from pyodide.ffi import to_js

        ort = await onnxruntime()
        tensors = js.Object.new()
        for name, value in feeds.items():
            kind = "int64" if value.dtype == np.int64 else "float32"
            flat = to_js(np.ascontiguousarray(value, dtype=kind).ravel())
            setattr(tensors, name, ort.Tensor.new(kind, flat, to_js(list(value.shape))))
        outputs = await self._session.run(tensors)
        result = {}
        for name in self._session.outputNames:
            tensor = getattr(outputs, name)
            result[name] = np.array(tensor.data.to_py()).reshape(tuple(tensor.dims.to_py()))
            tensor.dispose()
        return result


async def fetch(name: str) -> Any:
    """An ArrayBuffer of a model's file, from the page's own server. Raises ModelUnavailable."""
    import js
    from pyodide.ffi import JsException

    try:
        response = await js.fetch(url(f"models/{name}"))
        if not response.ok:
            raise ModelUnavailable(f"{name}: status {response.status}")
        return await response.arrayBuffer()
    except JsException as error:
        raise ModelUnavailable(f"{name}: {error}") from None


async def load(name: str) -> WebRunner:
    """The model of that file name, ready to run. Raises ModelUnavailable."""
    import js
    from pyodide.ffi import JsException, to_js

    content = await fetch(name)
    try:
        sha256 = hashlib.sha256(content.to_memoryview()).hexdigest()
        options = to_js({"executionProviders": ["wasm"]}, dict_converter=js.Object.fromEntries)
        session = await (await onnxruntime()).InferenceSession.create(content, options)
    except JsException as error:
        raise ModelUnavailable(f"{name}: {error}") from None
    return WebRunner(session, sha256)
