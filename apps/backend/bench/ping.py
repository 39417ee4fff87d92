"""The least that Flask can do for a request, behind the same gunicorn."""

from flask import Flask

app = Flask(__name__)


@app.get("/health")
def ping() -> dict[str, bool]:
    return {"ok": True}
