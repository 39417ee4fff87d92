"""Whether the server is there, and what it expects."""

from typing import Any

from flask import Blueprint

from .. import __version__
from ..access import PROTOCOL
from ..answers import HealthAnswer
from ..describe import describe
from ..server import server
from ..store.clock import now

routes = Blueprint("health", __name__)


@routes.get("/health")
@describe("Whether the server is there; asks for no login", HealthAnswer, public=True)
def health() -> dict[str, Any]:
    auth = server().config.auth
    return {"status": "ok", "version": __version__, "protocol": PROTOCOL, "auth": auth, "timestamp": now()}
