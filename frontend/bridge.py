"""Python's door to the page: what only the main thread has (microphone, sound, dialogs, the DOM) is called by name.

Python runs in a web worker. `await call("capture.start", rate=16000)` runs the export `start` of
`frontend/capture/page.js` on the page and returns its result; `on("capture.level", callback)` listens to the events
that the page emits. Names are `folder.function`, and a page module is imported on its first call.

What crosses, both ways: None, bool, int, float, str, lists, dicts with str keys; numpy arrays as JavaScript typed
arrays (flattened, in C order), moved and not copied, without JSON; bytes as Uint8Array (an ArrayBuffer is bytes here).
JavaScript's null and undefined are None. Any other JavaScript object stays a `JsProxy`.
"""

from __future__ import annotations

import asyncio
import inspect
import itertools
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np

Callback = Callable[[Any], Any]

_page: dict[str, Any] = {}
_pending: dict[int, asyncio.Future[Any]] = {}
_listeners: dict[str, list[Callback]] = {}
_numbers = itertools.count(1)
_tasks: set[asyncio.Task[Any]] = set()


class BridgeError(RuntimeError):
    """A call that the page could not answer: `name` is the JavaScript error's name, such as "NotAllowedError"."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message


def call(name: str, /, **arguments: Any) -> asyncio.Future[Any]:
    """Call a function of the page; posted at once and in order, whether or not the result is awaited.

    Raises BridgeError, when awaited, if the page's function fails or does not exist.
    """
    answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    if not _page:
        answer.set_exception(BridgeError("NotSupportedError", f"{name} needs a page"))
        return answer
    import js

    number = next(_numbers)
    _pending[number] = answer
    js.postToPage("call", number, name, _to_js(arguments))
    return answer


def on(name: str, callback: Callback) -> Callable[[], None]:
    """Have the page's event `name` call `callback(value)`, plain or async; returns what ends it."""
    _listeners.setdefault(name, []).append(callback)
    return lambda: _listeners[name].remove(callback)


def fail(error: BaseException) -> None:
    """Show the page's notice of an unexpected failure, under which the person can go on."""
    traceback.print_exception(error)  # to the console
    call("boot.failed", details="".join(traceback.format_exception(error)))


def watched(task: asyncio.Future[Any]) -> None:
    """A task's callback when it is done: an exception that nobody awaits is not lost."""
    if not task.cancelled() and (error := task.exception()):
        fail(error)


def page() -> dict[str, Any]:
    """What the page told at its start: language, languages, dark, reduced_motion, search."""
    return dict(_page.get("facts", {}))


def url(path: str) -> str:
    """The absolute address of a built file: "models/…", "app/…" or "runtime/…"."""
    group, _, rest = path.partition("/")
    return str(_page["addresses"][group]) + rest


async def onnxruntime() -> Any:
    """The onnxruntime-web module, ready to create sessions."""
    import js

    return await js.onnxruntime()


def connect(told: dict[str, Any]) -> None:
    """Called once by the worker, before the app, with what it was told about the page."""
    _page.update(told)


def answer(number: int, value: Any, failure: Any) -> None:
    """Called by the worker with the page's answer to call `number`."""
    waiting = _pending.pop(number)
    if waiting.cancelled():
        return
    if failure:
        waiting.set_exception(BridgeError(failure.name, failure.message))
    else:
        waiting.set_result(_to_py(value))


def emit(name: str, value: Any) -> None:
    """Called by the worker with an event of the page."""
    heard = _to_py(value)
    for callback in tuple(_listeners.get(name, ())):
        result = callback(heard)
        if inspect.isawaitable(result):
            task = asyncio.ensure_future(result)
            _tasks.add(task)
            task.add_done_callback(_tasks.discard)
            task.add_done_callback(watched)


def _to_js(value: Any) -> Any:
    import js
    from pyodide.ffi import jsnull, to_js

    if value is None:
        return jsnull
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return to_js(np.ascontiguousarray(value).ravel())
    if isinstance(value, bytes | bytearray | memoryview):
        return to_js(value)
    if isinstance(value, dict):
        entry = js.Object.new()
        for key, item in value.items():
            setattr(entry, key, _to_js(item))
        return entry
    if isinstance(value, list | tuple):
        return js.Array.of(*(_to_js(item) for item in value))
    return value


def _to_py(value: Any) -> Any:
    import js
    from pyodide.ffi import JsProxy, jsnull

    if value is jsnull:
        return None
    if not isinstance(value, JsProxy):
        return value
    if js.ArrayBuffer.isView(value):
        return np.asarray(value.to_py())
    kind = js.Object.prototype.toString.call(value)
    if kind == "[object ArrayBuffer]":
        return value.to_bytes()
    if kind == "[object Array]":
        return [_to_py(item) for item in value]
    if kind == "[object Object]":
        return {entry[0]: _to_py(entry[1]) for entry in js.Object.entries(value)}
    return value
