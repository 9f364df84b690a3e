"""`python -m server`: check the models, warm them, serve."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from prometheus_client import start_http_server

from server import logs, weights
from server.app import LOCAL_HOSTS, create_app
from server.certificates import CertificateError
from server.credentials import Credentials
from server.marking import MarkingModel
from server.problems import CATALOGUES, reading_language
from server.rates import Allowance
from server.sealing import forbid_cores, forbid_files
from server.serving import Server
from server.synthesis import Narrator

CREDENTIALS = Path(__file__).parents[1] / ".cache" / "credentials"  # of development; an operator names another folder


def main() -> None:
    """Serve until told to stop. Exits with a message when a model or the certificate can't be used."""
    options = _options()
    forbid_cores()
    forbid_files()
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
        allowance=Allowance(options.requests_per_minute, options.characters_per_minute, options.at_once),
    )
    if options.metrics_port is not None:
        start_http_server(options.metrics_port, options.metrics_host, app.state.metrics.registry)
    Server(app, options.host, options.port, options.trusted_proxy).run()


def _options() -> argparse.Namespace:
    usual = Allowance()
    parser = argparse.ArgumentParser(prog="python -m server", description=__doc__)
    option = parser.add_argument
    option("--host", default="127.0.0.1")
    option("--port", type=int, default=8000)
    option("--models", type=Path, default=Path(".cache/models"))
    option("--credentials", type=Path, default=CREDENTIALS, help="folder of chain.pem and key.pem")
    option("--site", type=Path, default=Path("dist"))
    option("--allow-host", action="append", default=[], metavar="NAME", help="a name to answer to")
    limits = parser.add_argument_group("limits", "What each client may take; a client is an address, or an IPv6 /64.")
    option = limits.add_argument
    option("--requests-per-minute", type=_count, default=usual.requests_per_minute, metavar="N")
    option("--characters-per-minute", type=_count, default=usual.characters_per_minute, metavar="N")
    option("--at-once", type=_count, default=usual.at_once, metavar="N")
    proxy = "a proxy, or a network of them, whose X-Forwarded-For is believed to name the client"
    option("--trusted-proxy", action="append", default=[], metavar="ADDRESS", help=proxy)
    metrics = parser.add_argument_group("metrics", "For Prometheus, on a port of their own; none unless asked for.")
    metrics.add_argument("--metrics-port", type=int)
    metrics.add_argument("--metrics-host", default="127.0.0.1", help="only who reaches this address may read them")
    return parser.parse_args()


def _count(text: str) -> int:
    if (count := int(text)) < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return count


def _place(error: weights.WeightsError | CertificateError) -> str:
    return "certificate-" if isinstance(error, CertificateError) else ""


if __name__ == "__main__":
    main()
