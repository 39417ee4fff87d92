"""Numbers for Prometheus, for those who may read them."""

import hmac

from flask import Blueprint, Response, request
from prometheus_client import CONTENT_TYPE_LATEST

from ..body import only_query
from ..describe import describe
from ..errors import ApiError
from ..server import server

routes = Blueprint("metrics", __name__)


@routes.get("/metrics")
@describe(
    "Numbers for Prometheus; on a server with logins only with METRICS_TOKEN",
    {"type": "string"},
    media="text/plain",
    errors=(404,),
    public=True,
)
def metrics() -> Response:
    only_query()
    if not _may_read():
        raise ApiError(404, "There is nothing at this address.")
    return Response(server().metrics.text(), content_type=CONTENT_TYPE_LATEST)


def _may_read() -> bool:
    """A server without logins is for this machine alone; elsewhere nobody reads without the token."""
    wanted = server().config.metrics_token
    if wanted is None:
        return server().config.auth == "none"
    sent = request.headers.get("Authorization", "").encode("utf-8", "replace")
    return hmac.compare_digest(sent, f"Bearer {wanted}".encode())
