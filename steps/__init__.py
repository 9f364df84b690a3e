"""The steps behind `build.py`: each module is one step that can be read, and run, alone.

Standard library only: they run before anything is installed. What they make lies in `.cache/` and `dist/`.
"""
