"""The line that is always there: what has left this device, and on demand every field of it."""

from __future__ import annotations

from html import escape

import panel as pn

from frontend.ledger import Departure, Ledger, in_words
from frontend.parts import icons
from frontend.parts.text import markup
from frontend.words import Words

LATEST = 50  # departures shown one by one; a chapter sends thousands


def ledger_view() -> pn.pane.HTML:
    """An empty line, to be filled by `ledger_html`."""
    return markup("", "ledger")


def ledger_html(ledger: Ledger, words: Words) -> str:
    """The line; it opens to the details, the latest departure first."""
    count = len(ledger.departures)
    if not count:
        return f'<div class="ledger"><p>{icons.SHIELD}<span>{escape(words("ledger.none"))}</span></p></div>'
    sent = escape(words("ledger.one" if count == 1 else "ledger.many", count=count, size=words.size(ledger.size)))
    never, details = escape(words("ledger.never")), escape(words("ledger.details"))
    entries = "".join(_entry(departure, words) for departure in reversed(ledger.departures[-LATEST:]))
    if count > LATEST:
        entries += f"<h3>{escape(words('ledger.earlier', count=words.number(count - LATEST)))}</h3>"
    return (
        f'<div class="ledger"><details><summary>{icons.SHIELD}'
        f'<span>{sent} <strong>{never}</strong> <span class="more">{details}</span></span></summary>'
        f'<div class="entries" tabindex="0"><p>{escape(words("ledger.what"))}</p>{entries}</div></details></div>'
    )


def _entry(departure: Departure, words: Words) -> str:
    title = words("ledger.entry", time=f"{departure.at:%H:%M:%S}", path=departure.path, size=words.size(departure.size))
    sizes: dict[str, int] = {}
    for name, size in departure.fields:
        what = in_words(name, words)
        sizes[what] = sizes.get(what, 0) + size
    rows = "".join(
        f'<tr><th scope="row">{escape(what)}</th><td>{escape(words.size(size))}</td></tr>'
        for what, size in sizes.items()
    )
    return f"<h3>{escape(title)}</h3><table>{rows}</table>"
