"""The vault on this browser's own storage; where that can't be had, one that lasts as long as the page."""

from __future__ import annotations

from frontend.library.indexeddb import IndexedDbStore
from frontend.library.memory import MemoryStore
from frontend.library.ports import StorageError
from frontend.library.tabs import BroadcastTabs
from frontend.library.vault import Vault
from frontend.library.webcrypto import WebCipher


async def open_vault() -> tuple[Vault, StorageError | None]:
    """The library, and why it will not outlive the page, if so; then what is stored is left alone."""
    cipher, tabs = WebCipher(), BroadcastTabs()
    vault = Vault(IndexedDbStore(), cipher, tabs)
    try:
        await vault.refresh()
    except StorageError as error:
        vault = Vault(MemoryStore(), cipher, tabs)
        await vault.refresh()
        return vault, error
    return vault, None
