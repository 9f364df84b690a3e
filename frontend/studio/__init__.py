"""The studio: a script of lines, their takes, and the timeline they are placed on.

Everything here is pure: no Panel, no `js`. Pages and page-side media live beside the app.
"""
