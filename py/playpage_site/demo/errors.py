"""OpenAI's error body, and the exception that becomes one."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ExceptionHandler


class ApiError(Exception):
    """A refusal: `status` and a body {"error": {message, type, param, code}}.

    bare: True for a body of the form {"msg": message} instead.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
        bare: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})
        error = {"message": message, "type": kind, "param": param, "code": code}
        self.body: dict[str, object] = {"msg": message} if bare else {"error": error}

    def said(self, bare: bool) -> dict[str, object]:
        """The body, in its bare form when the service has no other."""
        return {"msg": str(self)} if bare else self.body

    def response(self, bare: bool) -> Response:
        return JSONResponse(self.said(bare), status_code=self.status, headers=self.headers)


def not_found(noun: str, identifier: str) -> ApiError:
    return ApiError(404, f"No {noun} found with id '{identifier}'.")


def bad_request(message: str, param: str | None = None) -> ApiError:
    return ApiError(400, message, param=param)


def handlers(bare: bool) -> Mapping[type[Exception], ExceptionHandler]:
    """What answers the exceptions of a service; bare: with {"msg": ...} alone."""

    async def on_api_error(request: Request, exc: Exception) -> Response:
        assert isinstance(exc, ApiError)
        return exc.response(bare)

    async def on_http_exception(request: Request, exc: Exception) -> Response:
        """Starlette's own 404 and 405, in OpenAI's words."""
        assert isinstance(exc, HTTPException)
        if exc.status_code == 405:
            message = f"Not allowed to {request.method} on {request.url.path}."
        else:
            message = f"Invalid URL ({request.method} {request.url.path})"
        return ApiError(exc.status_code, message).response(bare)

    async def on_crash(request: Request, exc: Exception) -> Response:
        return ApiError(500, "The server had an error.", kind="server_error").response(bare)

    return {ApiError: on_api_error, HTTPException: on_http_exception, Exception: on_crash}
