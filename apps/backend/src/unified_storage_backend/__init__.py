"""The Flask server of Unified Storage."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

__version__ = "0.1.0"

from .access import register_access
from .auth import register_auth
from .commands import register_commands
from .config import Config
from .database import Database
from .errors import register_errors
from .exposure import check_command_line, runs_command, settings
from .json_answers import JsonAnswers
from .live.admission import let_in
from .live.gate import Gate
from .live.pokes import Pokes
from .logs import register_logs
from .metrics import Metrics, register_metrics
from .migrate import prepare
from .rate_limits import register_rate_limits
from .routes import docs, health, items, live, session, spaces, sync, transactions, version_1
from .routes import metrics as metrics_route
from .server import EXTENSION, Server


def create_app(config: Config | None = None) -> Flask:
    """The server, with its database brought to the newest shape; commands do that themselves, as one has to mend it."""
    config = config or settings()
    check_command_line(config)
    app = Flask(__name__, static_folder=None)
    # A key may hold two slashes in a row.
    app.url_map.merge_slashes = False
    app.url_map.converters["storage_key"] = version_1.KeyConverter
    app.config["MAX_CONTENT_LENGTH"] = config.limits.request_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = 0
    app.json = JsonAnswers(app)
    database = Database(config.database_url)
    if not runs_command():
        prepare(database)
    metrics = Metrics()
    metrics.watch(database.engine)
    pokes = Pokes(app, config, database, metrics, let_in)
    app.extensions[EXTENSION] = Server(config, database, metrics, pokes)
    register_metrics(app, metrics)
    register_errors(app)
    register_logs(app)
    register_access(app)
    register_rate_limits(app, config)
    register_auth(app)
    register_commands(app)
    for part in (docs, health, live, metrics_route, version_1, session, spaces, items, sync, transactions):
        app.register_blueprint(part.routes)
    app.wsgi_app = Gate(app, app.wsgi_app)  # type: ignore[method-assign]
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app
