"""Behind a proxy: who asks, and over which scheme."""

from __future__ import annotations

from io import BytesIO

import pytest

pytestmark = pytest.mark.django_db
FORWARDED = {"HTTP_X_FORWARDED_FOR": "10.1.2.3", "HTTP_X_FORWARDED_PROTO": "https"}


def status_of_metrics(**environ: str) -> str:
    """Ask for /metrics, which only this machine may read: the status tells for whom the server takes the caller."""
    from mainstay.config.wsgi import application  # loads and settles everything, which collecting need not wait for

    answers: list[str] = []
    request = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/metrics",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "HTTP_HOST": "localhost",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": "http",
        **environ,
    }
    body = application(request, lambda status, headers, *_rest: answers.append(status))
    b"".join(body)
    return answers[0]


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, "200 OK"),
        ({"REMOTE_ADDR": "127.0.0.1", **FORWARDED}, "403 Forbidden"),
        ({"REMOTE_ADDR": "10.9.9.9"}, "403 Forbidden"),
        ({"REMOTE_ADDR": "10.9.9.9", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, "403 Forbidden"),
    ],
)
def test_only_a_proxy_on_this_machine_is_believed(environ: dict[str, str], expected: str) -> None:
    assert status_of_metrics(**environ) == expected
