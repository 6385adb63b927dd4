"""What the cases expect."""


def equal(found, expected):
    if found != expected:
        raise AssertionError(f"found {_short(found)}, expected {_short(expected)}")


def error_of(call):
    """The error that a call must end with."""
    try:
        call()
    except Exception as error:
        return error
    raise AssertionError("the call succeeded, an error was expected")


def refused(client, call, status, code):
    error = error_of(call)
    if client.refusal(error) != (status, code):
        raise AssertionError(f"expected {status} {code}, got {error!r}")


def _short(value):
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:300]}... ({len(text)} characters)"
