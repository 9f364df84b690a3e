"""Models: what each one is, where it comes from, how it is converted, trained and judged.

`contract` is what the browser and the server must agree on; it imports nothing of either.
"""
