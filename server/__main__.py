"""`python -m server`: check the models, warm them, serve."""

from __future__ import annotations

import argparse
import os
import resource
import stat
import sys
from pathlib import Path

import uvicorn

from server import logs, weights
from server.app import LOCAL_HOSTS, create_app
from server.certificates import CertificateError
from server.credentials import Credentials
from server.marking import MarkingModel
from server.problems import CATALOGUES, reading_language
from server.synthesis import Narrator

CREDENTIALS = Path(__file__).parents[1] / ".cache" / "credentials"  # of development; an operator names another folder


def main() -> None:
    """Serve until told to stop. Exits with a message when a model or the certificate can't be used."""
    parser = argparse.ArgumentParser(prog="python -m server", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--models", type=Path, default=Path(".cache/models"))
    parser.add_argument("--credentials", type=Path, default=CREDENTIALS, help="folder of chain.pem and key.pem")
    parser.add_argument("--site", type=Path, default=Path("dist"))
    parser.add_argument("--allow-host", action="append", default=[], metavar="NAME", help="a name to answer to")
    options = parser.parse_args()

    _seal()
    logs.configure()
    try:
        weights.verify(options.models)
        credentials = Credentials(options.credentials)
    except (weights.WeightsError, CertificateError) as error:
        texts = CATALOGUES[reading_language(os.environ.get("LANG", "").replace("_", "-"))]
        sys.exit(texts[f"start.{_place(error)}{error.kind}"].format(path=error.path))
    app = create_app(
        Narrator(options.models),
        MarkingModel(options.models),
        credentials,
        weights.ENCODER_SHA256,
        threads=len(os.sched_getaffinity(0)),
        site=options.site if options.site.is_dir() else None,
        hosts=(*LOCAL_HOSTS, *options.allow_host),
    )
    uvicorn.run(
        app,
        host=options.host,
        port=options.port,
        log_config=None,
        access_log=False,  # it would write addresses; server.logs writes what may be known
        server_header=False,
        ws="none",
    )


def _place(error: weights.WeightsError | CertificateError) -> str:
    return "certificate-" if isinstance(error, CertificateError) else ""


def _seal() -> None:
    """From here on this process can write no file: not what it speaks, and not a picture of itself when it crashes."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not any(stat.S_ISREG(os.fstat(stream.fileno()).st_mode) for stream in (sys.stdout, sys.stderr)):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # which would also silence logs that go to a file


if __name__ == "__main__":
    main()
