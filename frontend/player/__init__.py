"""Playing sound: `page.js` schedules buffers without a gap on the page's audio clock, `player.py` feeds it."""
