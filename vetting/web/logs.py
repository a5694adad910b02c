"""Logs and error reports say which code, never which value."""

import logging
import re
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

_SECRET_PATH = re.compile(
    r"/(a|g|s|v|organisation/sign-up|accounts/password/reset/key|accounts/organisation)/[^\s\"']+"
)
"""Addresses that open something: a test walks all of them."""


class CodesOnly(logging.Filter):
    """Drops exception texts, and cuts secrets out of paths. What remains are our own constants."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_kind(value) if isinstance(value, BaseException) else value for value in record.args)
        if record.exc_info:
            message = _without(record.getMessage(), record.exc_info[1])
            record.msg, record.args = f"{message} [{_kind(record.exc_info[1])}]", ()
            record.exc_info = record.exc_text = None
        record.msg, record.args = _SECRET_PATH.sub(r"/\1/…", record.getMessage()), ()
        return True


def _kind(failure: BaseException | None) -> str:
    return type(failure).__name__ if failure else "exception"


def _without(message: str, failure: BaseException | None) -> str:
    """The message's first line, without the words of the exception that others than us write into it."""
    first = message.partition("\n")[0]
    for quoted in (repr(failure), str(failure)):
        first = first.replace(quoted.partition("\n")[0], "…") if failure and quoted else first
    return first


class NoLocals(ExceptionReporter):
    """An error report without local variables, request bodies or exception texts."""

    def get_traceback_data(self) -> dict[str, Any]:
        kind = self.exc_type.__name__ if self.exc_type else "exception"
        return {"exception_type": kind, "frames": [], "request_data": "", "is_email": self.is_email}

    def get_traceback_text(self) -> SafeString:
        return format_html("{}\n", self.exc_type.__name__ if self.exc_type else "exception")

    def get_traceback_html(self) -> SafeString:
        return self.get_traceback_text()


class NothingFromRequests(SafeExceptionReporterFilter):
    """No request data in any report."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}
