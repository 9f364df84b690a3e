"""The app's one document, kept in step with the page: it is rendered once, then patches go both ways."""

from __future__ import annotations

import importlib
import inspect
from typing import Any


async def render(page: dict[str, Any]) -> tuple[str, str, str]:
    """Run `frontend.app.main` and return the document, its render items and its root ids, each as JSON.

    `page` is what the worker was told about the page: language, colour scheme and the addresses of built files.
    """
    from frontend import bridge

    bridge.connect(page)

    import panel.io.pyodide as runtime
    from panel.io.state import state

    runtime.init_doc()
    root = importlib.import_module("frontend.app").main()
    if inspect.isawaitable(root):
        root = await root
    root.server_doc(doc=state.curdoc, location=False)
    document, items, roots = await runtime.write_doc(state.curdoc)
    return document, items, roots


def link(dispatch: Any) -> None:
    """Send every later change of the document to the page, by the JavaScript function `dispatch(patch, buffers)`."""
    from panel.io.pyodide import _link_docs_worker
    from panel.io.state import state

    _link_docs_worker(state.curdoc, dispatch, setter="js")


def apply(patch: Any) -> None:
    """Apply a change that the page made to its document."""
    from panel.io.pyodide import _convert_json_patch
    from panel.io.state import state

    state.curdoc.apply_json_patch(_convert_json_patch(patch), setter="js")
