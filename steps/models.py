"""The models: their packages from the registries, then `models.prepare` in the project's environment."""

from __future__ import annotations

import subprocess

from models import artefacts, prepare
from steps import download
from steps.console import StepError, step
from steps.layout import DOWNLOADS, MODELS, PYTHON, ROOT


def ensure(need: artefacts.Need) -> None:
    """Have every model that `need` asks for. Needs the environment."""
    wanted = artefacts.NEEDS[: artefacts.NEEDS.index(need) + 1]
    missing = [p for p in artefacts.PRODUCTS if p.need in wanted and not prepare.is_ready(p, MODELS)]
    if not missing:
        return
    roles = {role for product in missing for role in product.roles}
    packages = [p for p in artefacts.PACKAGES if roles & {member.role for member in p.members}]
    with step("the models' packages"):
        download.fetch(packages)
    with step(f"the models: {', '.join(product.filename for product in missing)}"):
        order = (PYTHON, "-m", "models.prepare", DOWNLOADS, MODELS, need)
        if subprocess.run(order, cwd=ROOT, check=False).returncode:
            raise StepError("The models could not be prepared (see above).")
