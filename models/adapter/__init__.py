"""The adapter: from a speaker embedding and a little prosody to the synthesizer's speaker vector.

`train` and the plain `fit` make one, `CARD.md` says how `adapter.onnx` came about and how far it goes.
"""
