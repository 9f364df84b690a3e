"""The recogniser: Whisper tiny, offline, for the check of the script and for tests.

`convert` makes one network of features, encoder and greedy decoding; `recognition` turns its tokens into text.
"""
