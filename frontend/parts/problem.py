"""What can go wrong with the library, in words: what it was, and what to do."""

from __future__ import annotations

from frontend.library.export import ImportRefused
from frontend.library.ports import Conflict, NewerLibrary, StorageError, StorageFull, StorageUnavailable
from frontend.library.sealing import SealingUnavailable
from frontend.library.vault import Locked, NoSuchVoice, WrongPassphrase
from frontend.onnx_web import ModelUnavailable
from frontend.words import Words

PROBLEMS = {
    StorageFull: "full",
    StorageUnavailable: "unavailable",
    NewerLibrary: "newer",
    Conflict: "conflict",
    Locked: "locked",
    NoSuchVoice: "gone",
    WrongPassphrase: "passphrase",
    SealingUnavailable: "sealing",
    ModelUnavailable: "model",
}
# To be caught, and told with `problem`.
Problem = (StorageError, Locked, NoSuchVoice, WrongPassphrase, SealingUnavailable, ModelUnavailable, ImportRefused)


def problem(error: Exception, words: Words) -> str:
    """What went wrong and what to do."""
    if isinstance(error, ImportRefused):
        return words(f"import.error.{error.kind}")
    return words(f"library.error.{PROBLEMS.get(type(error), 'storage')}")
