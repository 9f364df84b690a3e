"""Models: what each one is, where it comes from, how it is converted, trained and judged.

`contract` is what the browser and the server must agree on; it imports nothing of either.
"""

import os

# Since 1.29 onnxruntime for Linux numbers the machine, keeps a diary in the home folder and sends it to its maker,
# unless it finds this when it is first imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
