"""Word between the tabs that have the library open, through a BroadcastChannel."""

from __future__ import annotations

from collections.abc import Callable

from frontend.library.indexeddb import NAME


class BroadcastTabs:
    """The `Tabs` of this origin; only words cross, never a voice."""

    def __init__(self, name: str = NAME) -> None:
        import js

        self._channel = js.BroadcastChannel.new(name)

    def tell(self, what: str) -> None:
        """Send a word to all other tabs."""
        self._channel.postMessage(what)

    def listen(self, heard: Callable[[str], None]) -> None:
        """Call `heard` with each word of another tab."""
        from pyodide.ffi import create_proxy

        self._channel.onmessage = create_proxy(lambda event: heard(event.data))
