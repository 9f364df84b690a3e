"""A voice as it is seen: its print in its colour, its name, and what is known of it."""

from __future__ import annotations

from html import escape

import panel as pn

from frontend.library import voiceprint
from frontend.library.voice import Voice
from frontend.parts.text import markup
from frontend.words import Words

USED = {0: "never", 1: "one"}


def day(instant: str, words: Words) -> str:
    """The date of an instant as the contract writes it, in words."""
    year, month, date = instant[:10].split("-")
    return words("library.date", day=int(date), month=words(f"library.month.{int(month)}"), year=year)


def voice_facts(voice: Voice, words: Words) -> str:
    """When it was made, of how many readings, how often it spoke."""
    readings = len(voice.readings)
    return " · ".join(
        (
            words("library.made", date=day(voice.created_at, words)),
            words("library.readings.one" if readings == 1 else "library.readings.many", count=readings),
            words(f"library.used.{USED.get(voice.used, 'many')}", count=voice.used),
        )
    )


def voice_view(voice: Voice, words: Words, large: bool = False, heading: str = "h2") -> pn.pane.HTML:
    """The card's picture and text; `large` for the voice's own page, which has its own heading."""
    prosody = voice.profile["prosody"]
    label = words(
        "library.print",
        pitch=words.number(prosody["f0_median_hz"]),
        range=words.number(prosody["f0_range_semitones"]),
    )
    picture = voiceprint.draw(voice.readings[-1].print, prosody["f0_median_hz"], label)
    name = "" if large else f"<{heading}>{escape(voice.name)}</{heading}>"
    size = " large" if large else ""
    return markup(
        f'<div class="voice {voice.colour}{size}">{picture}<div>{name}<p>{escape(voice_facts(voice, words))}</p>'
        f"<p>{escape(label)}</p></div></div>",
        "library",
    )
