"""The server: text and a speaker embedding in, marked speech out, nothing kept.

Data flows one way: contract check, text, synthesis, marking, encoding.
"""

import models  # noqa: F401  # silences onnxruntime before any module here imports it
