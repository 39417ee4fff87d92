"""What a request can reach: the settings and the database of the app that serves it."""

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from .config import Config
from .database import Database
from .live.pokes import Pokes
from .metrics import Metrics

EXTENSION = "unified_storage"


@dataclass(frozen=True)
class Server:
    config: Config
    database: Database
    metrics: Metrics
    pokes: Pokes


def server() -> Server:
    return server_of(current_app)


def server_of(app: Flask) -> Server:
    return cast(Server, app.extensions[EXTENSION])
