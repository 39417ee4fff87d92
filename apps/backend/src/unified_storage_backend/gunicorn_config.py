"""gunicorn -c python:unified_storage_backend.gunicorn_config 'unified_storage_backend:create_app()'"""

import gc
import os
import signal
import threading
import time
from typing import Any

from .config import Config, ConfigProblem, config_from
from .exposure import check_exposure

_config = config_from(os.environ)

bind = f"{_config.host}:{_config.port}"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
worker_class = "gthread"
threads = 8
# A worker that is asked to stop finishes what it has begun.
graceful_timeout = 20
timeout = 60
keepalive = 30
# Under a proxy of Docker or the system, heartbeat files on a slow disk would look like a hanging worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
control_socket_disable = True


def on_starting(_server: Any) -> None:
    check(_config, workers)


def when_ready(_server: Any) -> None:
    if os.environ.get("STOP_WITH_PARENT") == "1":
        threading.Thread(target=_stop_with_parent, args=[os.getppid()], daemon=True).start()


def post_worker_init(_worker: Any) -> None:
    # What is loaded now stays; looking through it again and again took an eighth of the time of a push.
    gc.collect()
    gc.freeze()


def _stop_with_parent(parent: int) -> None:
    """Whoever started us may be killed without a chance to stop us; then the port must not stay taken."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


def check(config: Config, worker_count: int) -> None:
    """Refuses what would be unsafe. Raises ConfigProblem."""
    check_exposure(config, config.host)
    if worker_count > 1 and config.redis_url is None:
        raise ConfigProblem("More than one worker needs REDIS_URL: rate limits are counted there for all of them.")
