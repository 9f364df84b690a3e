"""The adapter: from a speaker embedding and a little prosody to the synthesizer's speaker vector.

`train` made `adapter.onnx`, `fit` is the plain way to make one, `CARD.md` says how far it goes.
"""
