"""The handshake of a socket: checked here like any other request; what follows is Socket.IO's."""

import re

from flask import Blueprint, Response, request

from ..describe import describe
from ..errors import ApiError
from ..live.gate import SOCKET_PATH
from ..server import server

routes = Blueprint("live", __name__)

_key = re.compile(r"[A-Za-z0-9+/]{22}==")
# What a 426 has to say of how to come again (RFC 9110, 15.5.22; RFC 6455, 4.4).
_upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}


@routes.get(SOCKET_PATH, websocket=True)
@routes.get(SOCKET_PATH)
@describe(
    "Live pokes: a WebSocket that speaks Socket.IO; the first message is 40{token, space}, and the server says "
    "poke {space, epoch, head} after each commit",
    None,
    query={"EIO": {"const": "4", "required": True}, "transport": {"const": "websocket", "required": True}},
    status=101,
    public=True,
)
def handshake() -> Response:
    if (request.args.get("EIO"), request.args.get("transport"), "sid" in request.args) != ("4", "websocket", False):
        raise ApiError(400, "Ask for EIO=4 and transport=websocket; there is no other transport.")
    if not _is_websocket():
        raise ApiError(426, "This address is for WebSockets of version 13.", "UPGRADE_REQUIRED", _upgrade)
    if server().pokes.full:
        later = {"Retry-After": "30"}
        raise ApiError(503, "This server has as many sockets as it takes; ask for changes instead.", headers=later)
    return Response(status=101)


def _is_websocket() -> bool:
    headers = request.headers
    return (
        headers.get("Upgrade", "").lower() == "websocket"
        and "upgrade" in {part.strip() for part in headers.get("Connection", "").lower().split(",")}
        and headers.get("Sec-WebSocket-Version") == "13"
        and _key.fullmatch(headers.get("Sec-WebSocket-Key", "")) is not None
    )
