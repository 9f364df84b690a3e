"""The speaker encoder: the pyannote x-vector, from a 16 kHz waveform to a unit vector of 512 numbers.

`convert` turns the published ORT-format model into plain ONNX that runs natively and in the browser.
"""
