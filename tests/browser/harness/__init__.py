"""A page that runs Python in a worker without the app, for tests of what only a browser has.

The runtime is the built one in `dist/`; Python and modules are the sources as they are.
"""
