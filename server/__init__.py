"""The server: text and a speaker embedding in, marked speech out, nothing kept.

Data flows one way: contract check, text, synthesis, marking, encoding.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # each worker is one thread; numpy's own would fight with them

import models  # noqa: F401  # silences onnxruntime before any module here imports it
