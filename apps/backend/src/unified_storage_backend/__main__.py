"""python -m unified_storage_backend: the server in the foreground, on HOST and PORT."""

import os
import sys
from logging.config import dictConfig

from sqlalchemy.exc import DBAPIError

from . import create_app
from .config import Config, ConfigProblem, config_from
from .exposure import check, workers_wanted
from .logs import logging_settings
from .migrate import NewerDatabase
from .server import server_of

GUNICORN = ("-m", "gunicorn", "-c", "python:unified_storage_backend.gunicorn_config")


def main() -> None:
    try:
        config = config_from(os.environ)
        check(config, workers_wanted(os.environ), [config.host])
        # Says what is wrong with the database once and plainly, before any worker starts.
        server_of(create_app(config)).database.close()
    except (ConfigProblem, NewerDatabase) as problem:
        sys.exit(str(problem))
    except DBAPIError as problem:
        left = "It was left as it is: check DATABASE_URL, or restore a backup."
        sys.exit(f"The database cannot be used ({problem.orig}). {left}")
    serve(config)


def serve(config: Config) -> None:
    if sys.platform == "win32":
        # gunicorn needs a Unix system.
        dictConfig(logging_settings(config.log_level))
        create_app(config).run(config.host, config.port, threaded=True)
    else:
        # In the place of this process, so that signals reach the server.
        os.execv(sys.executable, [sys.executable, *GUNICORN, "unified_storage_backend:create_app()"])  # noqa: S606


if __name__ == "__main__":
    main()
