"""The certificate that signs Content Credentials: one for development, made on this machine, unless there is one."""

from __future__ import annotations

import subprocess

from steps.console import StepError
from steps.layout import CREDENTIALS, PYTHON, ROOT


def ensure() -> None:
    """Have a certificate for development that holds for another month. Needs the environment."""
    if subprocess.run((PYTHON, "-m", "server.certificates", CREDENTIALS), cwd=ROOT, check=False).returncode:
        raise StepError("The certificate for development could not be made (see above).")
