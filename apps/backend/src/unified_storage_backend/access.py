"""Which pages may talk to this server: the Host and Origin headers, and the answers to browsers' questions (CORS)."""

from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, Response, request

from .config import Config
from .errors import ApiError
from .server import server

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
PROTOCOL = 2

_allowed_headers = "Authorization, Content-Type, If-Match, If-None-Match, Storage-Protocol"
_exposed_headers = "ETag, Retry-After"


def register_access(app: Flask) -> None:
    app.before_request(_check_peer)
    app.before_request(_check_host)
    app.before_request(_check_origin)
    app.before_request(_check_protocol)
    app.before_request(_answer_preflight)
    app.after_request(_add_headers)


def origin_allowed(config: Config, origin: str) -> bool:
    """Local pages on a server without logins; otherwise exactly the listed origins, and the server's own."""
    if origin.lower() in config.allowed_origins:
        return True
    parts = _split(origin)
    if parts is None:
        return False
    scheme, host = parts
    if config.auth == "none":
        return scheme in ("http", "https") and host in LOCAL_HOSTS
    return origin == request.host_url.rstrip("/")


@lru_cache(maxsize=128)
def _split(origin: str) -> tuple[str, str] | None:
    """Scheme and host of an origin, and None for what is not exactly one."""
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    exact = f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else "")
    return (parts.scheme, host) if origin == exact else None


def _check_peer() -> None:
    """Whichever server this app runs in, and wherever that listens: without logins it answers this machine alone."""
    if server().config.auth == "required":
        return
    direct = request.environ.get("werkzeug.proxy_fix.orig", request.environ)
    # A socket with a path has no address.
    peer = direct.get("REMOTE_ADDR") or "127.0.0.1"
    if not ip_address(peer.partition("%")[0]).is_loopback:
        raise ApiError(403, "This server has no logins and answers its own machine alone; set AUTH_MODE=required.")


def _check_host() -> None:
    """Against DNS rebinding: a foreign name that leads to this machine is not this server's name."""
    config = server().config
    if config.auth == "required" and not config.allowed_hosts:
        return
    parts = _split(f"http://{request.headers.get('Host', '').lower()}")
    if parts is None or (parts[1] not in LOCAL_HOSTS and parts[1] not in config.allowed_hosts):
        raise ApiError(403, "This server does not go by that name; list it in ALLOWED_HOSTS.", "HOST_NOT_ALLOWED")


def _check_origin() -> None:
    origin = request.headers.get("Origin")
    if origin is not None and not origin_allowed(server().config, origin):
        raise ApiError(
            403, "Pages of this origin may not use this server; list it in ALLOWED_ORIGINS.", "ORIGIN_NOT_ALLOWED"
        )


def _check_protocol() -> None:
    spoken = request.headers.get("Storage-Protocol")
    if spoken is None:
        return
    if not (spoken.isascii() and spoken.isdigit() and len(spoken) < 5):
        raise ApiError(400, "Storage-Protocol is not a whole number.")
    if int(spoken) < PROTOCOL:
        raise ApiError(426, f"This server speaks protocol {PROTOCOL}; reload the app to get a newer client.")


def _answer_preflight() -> Response | None:
    if request.method != "OPTIONS" or "Access-Control-Request-Method" not in request.headers:
        return None
    response = Response(status=204)
    response.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, DELETE"
    response.headers["Access-Control-Allow-Headers"] = _allowed_headers
    response.headers["Access-Control-Max-Age"] = "600"
    return response


def _add_headers(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    response.headers.add("Vary", "Origin")
    origin = request.headers.get("Origin")
    if origin is not None and origin_allowed(server().config, origin):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Credentials"] = "true"
        response.headers["Access-Control-Expose-Headers"] = _exposed_headers
    return response
