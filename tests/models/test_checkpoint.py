"""Checkpoints are read without PyTorch, and a hostile one runs nothing."""

from __future__ import annotations

import io
import os
import pickle
import zipfile

import numpy as np
import pytest

from models.checkpoint import read_checkpoint


def _archive(pickled: bytes, **storages: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("archive/data.pkl", pickled)
        for key, content in storages.items():
            archive.writestr(f"archive/data/{key.removeprefix('k')}", content)
    return buffer.getvalue()


def _tensor(offset: int, size: tuple[int, ...], stride: tuple[int, ...]) -> bytes:
    """What torch.save writes for {'w': tensor}, as pickle instructions."""
    storage = b"(" + _text("storage") + b"ctorch\nFloatStorage\n" + _text("0") + _text("cpu") + b"K\x06tQ"
    rebuilt = b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + b"K" + bytes([offset])
    rebuilt += _integers(size) + _integers(stride) + b"\x89ccollections\nOrderedDict\n)RtR"
    return b"\x80\x02}" + _text("w") + rebuilt + b"s."


def _text(value: str) -> bytes:
    return b"X" + len(value).to_bytes(4, "little") + value.encode()


def _integers(values: tuple[int, ...]) -> bytes:
    return b"(" + b"".join(b"K" + bytes([value]) for value in values) + b"t"


def test_a_strided_tensor_is_rebuilt() -> None:
    values = np.arange(6, dtype="<f4")
    read = read_checkpoint(_archive(_tensor(1, (2, 2), (1, 2)), k0=values.tobytes()))
    np.testing.assert_array_equal(read["w"], [[1, 3], [2, 4]])


def test_a_tensor_outside_its_storage_is_refused() -> None:
    with pytest.raises((TypeError, ValueError)):
        read_checkpoint(_archive(_tensor(4, (2, 2), (1, 2)), k0=np.zeros(6, "<f4").tobytes()))


class _Hostile:
    def __reduce__(self) -> tuple[object, ...]:
        return os.getcwd, ()


def test_a_pickle_that_names_another_function_is_refused() -> None:
    with pytest.raises(pickle.UnpicklingError, match="getcwd"):
        read_checkpoint(_archive(pickle.dumps({"w": _Hostile()}, protocol=2)))
