"""The page's part of checking a file: choosing it, and its sound as samples.

Python asks through `call("checking.choose")` and gets the file's name, its bytes and mono samples.
"""
