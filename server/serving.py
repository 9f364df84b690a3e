"""Uvicorn, held to our limits, and stopped without cutting anyone off."""

from __future__ import annotations

from collections.abc import Sequence
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from server.connections import LISTEN_SECONDS, Connection
from server.limits import Places


class Server(uvicorn.Server):
    """Serves an application of `create_app`.

    The first SIGTERM or SIGINT closes its places: it says that it is not ready, refuses whoever is new, and ends when
    the last answer under way has. The second one ends at once; what was under way is then seen to be cut off.
    """

    def __init__(self, app: Starlette, host: str, port: int, proxies: Sequence[str] = ()) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                http=Connection,
                proxy_headers=bool(proxies),
                forwarded_allow_ips=list(proxies),
                log_config=None,
                access_log=False,  # it would write addresses; server.logs writes what may be known
                server_header=False,
                ws="none",
                timeout_graceful_shutdown=LISTEN_SECONDS,  # for files on their way; speech has ended by then
            )
        )
        self._places: Places = app.state.places
        self._signal = 0

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._places.closed:
            self.force_exit = True
            super().handle_exit(sig, frame)
        self._places.closed, self._signal = True, sig

    async def on_tick(self, counter: int) -> bool:
        if self._places.closed and self._places.idle and not self.should_exit:
            super().handle_exit(self._signal, None)
        return await super().on_tick(counter)
