"""Logs: one event a line, named `noun.past`, with key-values."""

import logging
import sys

import structlog


def set_up_logs(log_format: str, *, quiet: bool = False) -> None:
    """Send events to stderr: `json` = one JSON object a line, `console` = for eyes; quiet = only errors."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR if quiet else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def logger() -> structlog.stdlib.BoundLogger:
    """The logger; key-values only, never a secret."""
    return structlog.stdlib.get_logger()
