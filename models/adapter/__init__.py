"""The adapter: from a speaker embedding and a little prosody to the synthesizer's speaker vector.

`fit` fits it on the synthesizer's own voices; `adapter.onnx` is what it reached, `CARD.md` how far that is.
"""
