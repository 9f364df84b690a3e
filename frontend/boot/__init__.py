"""From an empty page to the app: the page, its loading progress, the worker that runs Python, and their protocol.

`index.html` and `boot.js` live on the main thread, `worker.js` and `session.py` in the web worker.
"""
