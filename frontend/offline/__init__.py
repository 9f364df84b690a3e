"""The app without a network: a service worker that keeps its files by their content, and what the page knows of it.

`worker.js` becomes the site's `offline.js` (steps/offline.py); `page.js` starts it, and tells Python the state.
"""
