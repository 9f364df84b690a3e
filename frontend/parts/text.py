"""Texts as semantic HTML. Values are escaped here, so pages hand over plain text."""

from __future__ import annotations

from html import escape

import panel as pn

from frontend.styles import sheet


def markup(html: str, style: str = "text", **options: object) -> pn.pane.HTML:
    """A pane of trusted HTML under one style sheet."""
    return pn.pane.HTML(html, margin=0, sizing_mode="stretch_width", stylesheets=[sheet(style)], **options)


def heading(text: str, page: str) -> pn.pane.HTML:
    """The page's heading; the focus goes to it when the page appears."""
    return markup(f'<h1 id="heading-{page}" tabindex="-1">{escape(text)}</h1>')


def paragraph(text: str, role: str) -> pn.pane.HTML:
    """A paragraph of a role: lead, note, alarm or statement."""
    return markup(paragraph_html(text, role))


def paragraph_html(text: str, role: str) -> str:
    """The HTML of `paragraph`, for a pane whose text changes; nothing for an empty text."""
    return f'<p class="{role}">{escape(text)}</p>' if text else ""


def facts(entries: list[tuple[str, str, str]]) -> pn.pane.HTML:
    """A list of (icon, title, text)."""
    items = (f"<li>{icon}<h2>{escape(title)}</h2><p>{escape(text)}</p></li>" for icon, title, text in entries)
    return markup(f'<ul class="facts">{"".join(items)}</ul>')
