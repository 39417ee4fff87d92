"""Holds every answer of every test against the description of the API."""

from flask import Response, current_app, request

from unified_storage_backend.answers import ErrorAnswer
from unified_storage_backend.describe import description_of
from unified_storage_backend.openapi import ANY_TIME


def check_answer(response: Response) -> Response:
    """Fails the request, and with it the test, when its answer is none of those that are described."""
    view = current_app.view_functions.get(request.endpoint or "")
    description = description_of(view)
    if response.status_code >= 400:
        ErrorAnswer.model_validate(response.json)
    if description is None or request.method in ("OPTIONS", "HEAD"):
        return response
    allowed = {description.status, *description.errors, *ANY_TIME}
    assert response.status_code in allowed, f"{response.status_code} is not described for {request.endpoint}"
    if response.status_code == description.status and description.answer:
        assert response.mimetype == description.media
    if response.status_code == description.status and isinstance(description.answer, type):
        description.answer.model_validate(response.json)
    return response
