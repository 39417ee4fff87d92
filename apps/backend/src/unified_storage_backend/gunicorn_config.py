"""gunicorn -c python:unified_storage_backend.gunicorn_config 'unified_storage_backend:create_app()'"""

import gc
import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from typing import Any

from prometheus_client import multiprocess
from sqlalchemy.exc import SQLAlchemyError

from .config import ConfigProblem, config_from
from .database import Database
from .exposure import check, check_exposure, workers_wanted
from .live.gate import REQUESTS_AT_ONCE
from .logs import logging_settings
from .metrics import FOLDER
from .server import EXTENSION, server_of
from .store.clock import DAY
from .store.garbage import collect_garbage

log = logging.getLogger(__name__)

try:
    _config = config_from(os.environ)
    workers = workers_wanted(os.environ)
except ConfigProblem as problem:
    sys.exit(str(problem))

bind = f"{_config.host}:{_config.port}"
worker_class = "unified_storage_backend.gunicorn_worker.Worker"
# A socket keeps its thread for as long as it is open; threads are made when they are needed.
threads = REQUESTS_AT_ONCE + _config.max_sockets
worker_connections = threads + 1000
logconfig_dict = logging_settings(_config.log_level)
# A worker that is asked to stop finishes what it has begun.
graceful_timeout = 20
timeout = 60
keepalive = 30
# Under a proxy of Docker or the system, heartbeat files on a slow disk would look like a hanging worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
control_socket_disable = True


def on_starting(server: Any) -> None:
    # Those of gunicorn's own options too. A path is a socket of this machine; what a number stands for is seen later.
    hosts = [address[0] for address in server.cfg.address if isinstance(address, tuple)]
    try:
        check(_config, server.cfg.workers, hosts)
    except ConfigProblem as problem:
        sys.exit(str(problem))
    # Empty at each start: the numbers of processes that are gone would be added for ever.
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="unified-storage-metrics-")


def when_ready(server: Any) -> None:
    _check_inherited(server.LISTENERS)
    if os.environ.get("STOP_WITH_PARENT") == "1":
        threading.Thread(target=_stop_with_parent, args=[os.getppid()], daemon=True).start()


def post_worker_init(worker: Any) -> None:
    """When the worker is asked to stop, its sockets are told; without that it would wait for them in vain."""
    if EXTENSION in worker.wsgi.extensions:
        # The benchmark serves another app with these settings.
        threading.Thread(target=_collect_daily, args=[server_of(worker.wsgi).database], daemon=True).start()
    # What is loaded now stays; looking through it again and again took an eighth of the time of a push.
    gc.collect()
    gc.freeze()
    # A push makes thousands of objects, and none of them in a circle: they are gone before they are looked through.
    gc.set_threshold(5000)
    stop = signal.getsignal(signal.SIGTERM)

    def stop_with_goodbye(number: int, frame: Any) -> None:
        if callable(stop):
            stop(number, frame)
        threading.Thread(target=server_of(worker.wsgi).pokes.say_goodbye).start()

    signal.signal(signal.SIGTERM, stop_with_goodbye)


def _collect_daily(database: Database) -> None:
    while True:
        try:
            database.sweep(collect_garbage)
        except SQLAlchemyError:
            log.warning("the database does not take it now: what is old stays for another day")
        time.sleep(DAY / 1000)


def child_exit(_server: Any, worker: Any) -> None:
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_server: Any) -> None:
    shutil.rmtree(os.environ.pop(FOLDER, ""), ignore_errors=True)


def _check_inherited(listeners: list[Any]) -> None:
    """The system may hand over sockets that are open already (systemd), whatever the settings say."""
    for listener in listeners:
        name = listener.getsockname()
        if not isinstance(name, tuple):
            continue
        try:
            check_exposure(_config, name[0])
        except ConfigProblem as problem:
            sys.exit(str(problem))


def _stop_with_parent(parent: int) -> None:
    """Whoever started us may be killed without a chance to stop us; then the port must not stay taken."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
