"""Media files: a video that the person opens, and the files that are written. `page.js` and what it exports read, play
and write them on the page; the Python here decides what. A video is never copied into Python and never sent.
"""
