"""The synthesizer: a multi-speaker VITS whose speaker table is replaced by a continuous vector.

`convert` cuts the published network into three; `synthesis` runs them, chunk by chunk;
`tokens.txt` is the phoneme alphabet (symbol, id) as published.
"""
