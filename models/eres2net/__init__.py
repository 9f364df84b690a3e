"""A second speaker encoder: ERes2Net, from a 16 kHz waveform to a unit vector of 192 numbers.

`convert` builds its graph, features included, from the published checkpoint.
"""
