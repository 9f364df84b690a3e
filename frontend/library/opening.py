"""The vault on this browser's own storage; where there is none, one that lasts as long as the page."""

from __future__ import annotations

from collections.abc import Callable

from frontend.library.indexeddb import IndexedDbStore
from frontend.library.memory import MemoryStore
from frontend.library.ports import StorageUnavailable
from frontend.library.tabs import BroadcastTabs
from frontend.library.vault import Vault
from frontend.library.webcrypto import WebCipher


async def open_vault(encoder_sha256: str, changed: Callable[[], None]) -> tuple[Vault, bool]:
    """The library, and whether it outlives the page. Raises StorageError, such as NewerLibrary."""
    cipher, tabs = WebCipher(), BroadcastTabs()
    vault = Vault(IndexedDbStore(), cipher, tabs, encoder_sha256, changed)
    try:
        await vault.refresh()
    except StorageUnavailable:
        vault = Vault(MemoryStore(), cipher, tabs, encoder_sha256, changed)
        await vault.refresh()
        return vault, False
    return vault, True
