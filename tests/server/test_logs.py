"""A log line says what happened, never what was said."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

from server.logs import Formatter
from tests.server.listening import ROOT


def line(record: logging.LogRecord) -> str:
    return Formatter().format(record)


def failing() -> logging.LogRecord:
    try:
        raise KeyError("a secret")
    except KeyError:
        return logging.LogRecord("ownvoice", logging.ERROR, __file__, 1, "failure", None, sys.exc_info())


def test_of_an_exception_the_kind_and_the_places_are_told() -> None:
    logged = json.loads(line(failing()))
    assert logged["exception"]["kind"] == "KeyError"
    assert __file__ in logged["exception"]["places"][0]
    assert "secret" not in line(failing())


def test_of_other_libraries_only_the_name_is_told() -> None:
    record = logging.LogRecord("asyncio", logging.ERROR, __file__, 1, "exception=%s", ("a secret",), None)
    logged = json.loads(line(record))
    assert (logged["logger"], logged["event"]) == ("asyncio", "message withheld")
    assert "secret" not in line(record)


def test_a_record_that_cannot_be_written_is_not_told_otherwise() -> None:
    """Python's own way is to print it with all its arguments."""
    code = """if True:
        import logging
        from server import logs
        logs.configure()
        logging.getLogger("ownvoice").error("%d", "a secret")
        logging.getLogger("asyncio").error("exception=%s", "a secret")
    """
    told = subprocess.run((sys.executable, "-c", code), cwd=ROOT, capture_output=True, text=True, check=True)
    assert "message withheld" in told.stderr
    assert "secret" not in told.stderr


def test_of_a_group_of_exceptions_the_first_one_inside_is_told() -> None:
    group = ExceptionGroup("outer", [ExceptionGroup("inner", [KeyError("a secret")])])
    record = logging.LogRecord("ownvoice", logging.ERROR, __file__, 1, "failure", None, (type(group), group, None))
    assert json.loads(line(record))["exception"]["kind"] == "KeyError"
