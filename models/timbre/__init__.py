"""The timbre filter: a clone's spectral envelope, frame by frame, brought closer to its person's.

`filter` applies it to a stream and `network` is what decides the gains; `train` learns it of `clips`, by the gradients
of `encoder` and `shaping`. `CARD.md` says how far it goes.
"""
