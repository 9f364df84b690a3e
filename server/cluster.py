"""`python -m server.cluster`: the same application on Ray Serve, as many replicas as there are requests waiting.

Replicas share nothing, so there is nothing to keep in step: each has its own places and its own count of what a
client took. Ray itself writes logs to its folder, and they hold as little as ours; requests stay in memory.
Telemetry, dashboard and spilling to disk are off.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # this and what follows before Ray is imported
os.environ["RAY_SERVE_HTTP_PROXY_CALLBACK_IMPORT_PATH"] = "server.again.middlewares"
os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])  # for Ray's own processes, which call that

import ray
from ray import serve
from ray.serve.config import AutoscalingConfig, HTTPOptions
from ray.serve.schema import LoggingConfig
from starlette.applications import Starlette

THREADS = 1  # of a replica
MEMORY = 256 << 20  # bytes for what passes between processes; requests and pieces of speech are small
ONGOING = 4  # requests for each replica, from which on there shall be another
PLACES = 16  # more than a replica takes wait in the queue, where the loss of a replica does not touch them


def build(models: Path, credentials: Path, site: Path | None, hosts: Sequence[str]) -> Starlette:
    """The application of one replica, made where it runs."""
    from server import logs, weights
    from server.app import LOCAL_HOSTS, create_app
    from server.credentials import Credentials
    from server.marking import MarkingModel
    from server.rates import Allowance
    from server.sealing import forbid_cores
    from server.synthesis import Narrator

    forbid_cores()
    logs.configure()
    weights.verify(models)
    return create_app(
        Narrator(models),
        MarkingModel(models),
        Credentials(credentials),
        weights.ENCODER_SHA256,
        threads=THREADS,
        site=site,
        hosts=(*LOCAL_HOSTS, *hosts),
        allowance=Allowance(),
    )


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m server.cluster", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--models", type=Path, default=Path(".cache/models"))
    parser.add_argument("--credentials", type=Path, default=Path(".cache/credentials"))
    parser.add_argument("--site", type=Path, default=Path("dist"))
    parser.add_argument("--allow-host", action="append", default=[], metavar="NAME", help="a name to answer to")
    parser.add_argument("--replicas", type=int, nargs=2, default=(1, 4), metavar=("FEWEST", "MOST"))
    parser.add_argument("--address", help="of a Ray cluster that runs already; otherwise this machine is one")
    options = parser.parse_args()

    local = {
        "include_dashboard": False,
        "object_store_memory": MEMORY,
        "_system_config": {"automatic_object_spilling_enabled": False, "worker_niceness": 0},
    }
    ray.init(options.address, log_to_driver=False, **({} if options.address else local))
    fewest, most = options.replicas
    serve.start(http_options=HTTPOptions(host=options.host, port=options.port))
    site = options.site.resolve() if options.site.is_dir() else None
    builder = partial(build, options.models.resolve(), options.credentials.resolve(), site, options.allow_host)
    deployment = serve.deployment(
        name="ownvoice",
        max_ongoing_requests=PLACES,
        ray_actor_options={"num_cpus": THREADS},
        logging_config=LoggingConfig(enable_access_log=False),
        autoscaling_config=AutoscalingConfig(
            min_replicas=fewest, max_replicas=most, initial_replicas=fewest, target_ongoing_requests=ONGOING
        ),
    )(serve.ingress(lambda: builder())())
    serve.run(deployment.bind(), name="ownvoice", route_prefix="/", blocking=True)


if __name__ == "__main__":
    main()
