"""The few pictures on buttons and beside texts, drawn for this project on a 24 × 24 grid in the colour of the text."""

from __future__ import annotations


def _icon(shape: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{shape}</svg>'
    )


MARK = _icon('<path d="M4 10v4M8 6v12M12 3v18M16 7v10M20 10v4"/>')
MICROPHONE = _icon('<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5 11a7 7 0 0 0 14 0M12 18v3"/>')
PLAY = _icon('<path d="M8 5.5v13l10.5-6.5z" fill="currentColor"/>')
STOP = _icon('<rect x="7" y="7" width="10" height="10" rx="1.5" fill="currentColor"/>')
RECORD = _icon('<circle cx="12" cy="12" r="6" fill="currentColor"/>')
AGAIN = _icon('<path d="M4.5 12a7.5 7.5 0 1 0 2.4-5.5M4.5 4v4h4"/>')
SAVE = _icon('<path d="M12 4v11M7.5 11 12 15.5 16.5 11M5 20h14"/>')
CLOCK = _icon('<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>')
SHIELD = _icon('<path d="M12 3.5 5 6v5.5c0 4.2 2.9 7.4 7 9 4.1-1.6 7-4.8 7-9V6zM9 12l2.2 2.2L15.3 10"/>')
TAG = _icon('<path d="M4 4h7.5l8.5 8.5-7.5 7.5L4 11.5z"/><circle cx="8.2" cy="8.2" r="1"/>')
FILM = _icon('<rect x="4" y="5" width="16" height="14" rx="2.5"/><path d="M4 9.5h16M9 5v4.5M15 5v4.5"/>')
CLOUD_OFF = _icon(
    '<path d="M7 18h10.5a3.5 3.5 0 0 0 2-6.4M16 9.5A5 5 0 0 0 9.6 7.2M7.3 9.4A4.3 4.3 0 0 0 7 18M4 4l16 16"/>'
)
PENCIL = _icon('<path d="M4.5 19.5l1-4.5L16 4.5l3.5 3.5L9 18.5z"/>')
CLOSE = _icon('<path d="M6 6l12 12M18 6L6 18"/>')
OPEN = _icon(
    '<path d="M4 18V6.5A1.5 1.5 0 0 1 5.5 5H10l2 2.5h6.5A1.5 1.5 0 0 1 20 9v9a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1z"/>'
)
UNDO = _icon('<path d="M8.5 5 4.5 9l4 4M4.5 9H14a5.5 5.5 0 0 1 0 11h-3"/>')
REDO = _icon('<path d="M15.5 5l4 4-4 4M19.5 9H10a5.5 5.5 0 0 0 0 11h3"/>')
PLUS = _icon('<path d="M12 5v14M5 12h14"/>')
MINUS = _icon('<path d="M5 12h14"/>')
