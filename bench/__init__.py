"""Benchmarks: each module prints its figures as a table, beside references that were measured in the same run.

`python -m bench` runs all of them, `python -m bench server` the one that is named.
"""
