"""A worker for one operation: what it takes in memory, and the secrets in it, go when it has answered.

The script's own side is a table `operations` and the one message that names an entry and its details.
"""

from __future__ import annotations

import asyncio
from typing import Any


class WorkerError(Exception):
    """The operation failed; its message is that of the library at work.

    `refused` when the script says that it is what was given that is at fault.
    """

    def __init__(self, message: str, refused: bool = False) -> None:
        super().__init__(message)
        self.refused = refused


async def run(script: str, operation: str, **details: Any) -> Any:
    """The answer of `script` (a built file, "app/…") to an operation with JavaScript values. Raises WorkerError."""
    import js
    from pyodide.ffi import create_once_callable

    from frontend.bridge import url

    message = js.Object.new()
    message.operation, message.details = operation, js.Object.new()
    for name, value in details.items():
        setattr(message.details, name, value)
    answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    options = js.Object.new()
    options.type = "module"
    worker = js.Worker.new(url(script), options)
    try:
        worker.onmessage = create_once_callable(lambda event: answered.set_result(event.data))
        worker.onerror = create_once_callable(
            lambda event: answered.set_exception(WorkerError(getattr(event, "message", None) or "no worker"))
        )
        worker.postMessage(message)
        answer = await answered
    finally:
        worker.terminate()
    if hasattr(answer, "failure"):
        raise WorkerError(answer.failure, bool(getattr(answer, "refused", False)))
    return answer.value
