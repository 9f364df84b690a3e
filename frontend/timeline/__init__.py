"""The timeline as it is drawn and dragged: `page.js` draws what `frontend.pages.studio_timeline` tells it."""
