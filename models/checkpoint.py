"""PyTorch checkpoints without PyTorch: the zip format, read by an unpickler that can build only tensors."""

from __future__ import annotations

import collections
import io
import pickle
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Tensor = npt.NDArray[np.generic]

STORAGES = {
    "FloatStorage": np.dtype("<f4"),
    "HalfStorage": np.dtype("<f2"),
    "DoubleStorage": np.dtype("<f8"),
    "LongStorage": np.dtype("<i8"),
    "IntStorage": np.dtype("<i4"),
    "BoolStorage": np.dtype("?"),
}


def read_checkpoint(content: bytes) -> Any:
    """The object that `torch.save` wrote, with numpy arrays for tensors.

    Raises pickle.UnpicklingError for anything but tensors, parameters and plain containers:
    a pickle may name any function, and none but these is called.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = next(name for name in archive.namelist() if name.endswith("/data.pkl")).removesuffix("data.pkl")
        return _Unpickler(archive, root).load()


class _Unpickler(pickle.Unpickler):
    def __init__(self, archive: zipfile.ZipFile, root: str) -> None:
        super().__init__(io.BytesIO(archive.read(f"{root}data.pkl")))
        self._archive = archive
        self._root = root

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if module == "torch" and name in STORAGES:
            return STORAGES[name]
        if (module, name) in BUILDERS:
            return BUILDERS[module, name]
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed in a checkpoint")

    def persistent_load(self, pid: tuple[str, np.dtype[np.generic], str, str, int]) -> Tensor:
        _, dtype, key, _, _ = pid
        return np.frombuffer(self._archive.read(f"{self._root}data/{key}"), dtype)


def _rebuild_tensor(storage: Tensor, offset: int, size: tuple[int, ...], stride: tuple[int, ...], *_: object) -> Tensor:
    strides = [step * storage.itemsize for step in stride]
    return np.ndarray(size, storage.dtype, storage.data, offset * storage.itemsize, strides).copy()


def _rebuild_parameter(data: Tensor, *_: object) -> Tensor:
    return data


BUILDERS: dict[tuple[str, str], Callable[..., Tensor]] = {
    ("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor,
    ("torch._utils", "_rebuild_parameter"): _rebuild_parameter,
}
