"""Logs of all processes in one shape: lines to read, or JSON objects to collect.

A line carries the request's id, the person's id and the address, never a secret: tokens that
stand in an address (calendar feeds, invitations, password resets) are blanked out.
"""

import re
from http import HTTPStatus
from typing import Any

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

SECRET_PARTS = re.compile(
    r"(?P<kept>/(?:calendar|invitation|invitations|join|password/reset/key|confirm-email)/)"
    r"[^/\s?\"']+"
)

PROBES = {"GET /healthz", "GET /readyz", "GET /metrics", "HEAD /healthz"}

QUIET = {
    "axes": "WARNING",
    "celery.app.trace": "WARNING",
    "celery.apps.worker": "WARNING",
    "celery.beat": "WARNING",
    "celery.worker.consumer.connection": "WARNING",
    "celery.worker.strategy": "WARNING",
    "django.request": "CRITICAL",  # what it tells stands in the request's own line
    "fontTools": "ERROR",
    "gunicorn.error": "WARNING",
    "weasyprint": "ERROR",
}


def without_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank out what opens something without a password."""
    for key, value in event.items():
        if isinstance(value, str) and "/" in value:
            event[key] = SECRET_PARTS.sub(r"\g<kept>…", value)
    return event


def without_probes(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop the lines of machines that look in every few seconds and find all well."""
    if event.get("request") in PROBES and event.get("code") == HTTPStatus.OK:
        raise structlog.DropEvent
    return event


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_secrets,
]


def logging_as(form: str) -> dict[str, Any]:
    """Set structlog up and return Django's `LOGGING`; `form` is `text` or `json`."""
    if form not in ("text", "json"):
        raise ValueError(f"LOG_FORMAT is text or json, not {form!r}.")
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            without_probes,
            *SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "structlog.stdlib.ProcessorFormatter",
                "foreign_pre_chain": [*SHARED, structlog.stdlib.ExtraAdder()],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *_rendered_as(form),
                ],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {name: {"level": level} for name, level in QUIET.items()},
    }


def _rendered_as(form: str) -> list[Processor]:
    if form == "json":
        return [
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    return [
        structlog.dev.ConsoleRenderer(
            colors=False,
            pad_event_to=0,
            pad_level=False,
            exception_formatter=structlog.dev.plain_traceback,
        )
    ]
