"""Capture: the microphone. `page.js` and `worklet.js` hold the one piece that only the page can do,
`microphone.py` drives them from Python; echo cancellation, noise suppression and gain control are off.
"""
