"""What one connection may take: seconds to ask, seconds to listen, and room beside the others.

A connection costs a worker nothing until it has asked, but it costs a file descriptor. So a client that opens many
and dawdles ("slow loris"), or stops reading what it asked for, is the one that gives way, never one that is served.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

ASK_SECONDS = 10  # for the head of a request, from the moment that nothing else is under way
LISTEN_SECONDS = 30  # for the some 48 kB between the high and the low mark of what waits to be sent: 1.6 kB/s
MOST_CONNECTIONS = 512  # half of the file descriptors that a process usually has


class Connection(H11Protocol):
    """Uvicorn's connection, given up when its client takes too long, or when there are too many and it is the nearest
    to that.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.app_state = {**self.app_state, "reset": self.reset}
        self._asking: asyncio.TimerHandle | None = None
        self._listening: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()
        waiting = [each for each in self.connections if isinstance(each, Connection) and each.gives_up_at]
        if len(self.connections) > MOST_CONNECTIONS and waiting:
            min(waiting, key=lambda each: each.gives_up_at).reset()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        for timer in (self._asking, self._listening):
            if timer:
                timer.cancel()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._listening = self.loop.call_later(LISTEN_SECONDS, self.reset)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._listening:
            self._listening.cancel()
            self._listening = None

    @property
    def gives_up_at(self) -> float:
        """When the event loop's clock will end the wait for this client; 0 when the server is the one to act."""
        return min((timer.when() for timer in (self._asking, self._listening) if timer), default=0.0)

    def reset(self) -> None:
        """End at once, so that whoever reads sees an error (RST), however the end of the answer was to be known."""
        connection = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connections.discard(self)
        self.transport.abort()

    def _watch(self) -> None:
        """The time to ask runs whenever no request is under way; more bytes of the same head do not renew it."""
        if self.cycle and not self.cycle.response_complete:
            if self._asking:
                self._asking.cancel()
                self._asking = None
        elif not self._asking:
            self._asking = self.loop.call_later(ASK_SECONDS, self._end)

    def _end(self) -> None:
        """What was sent may still arrive."""
        self.transport.close()
        if self.transport.get_write_buffer_size() and not self._listening:
            self._listening = self.loop.call_later(LISTEN_SECONDS, self.reset)
