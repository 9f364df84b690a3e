"""Everything that runs on the person's device, from the microphone to the player.

Pure modules import neither Panel nor `js`, so the same file runs natively and in Pyodide.
"""
