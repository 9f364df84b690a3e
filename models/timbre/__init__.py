"""The timbre filter: a clone's spectral envelope, frame by frame, brought closer to its person's.

`filter` applies it to a stream, `network` is what decides the gains, `train` learns it; `CARD.md` says how far it goes.
"""
