"""Connecting within a time limit, also where a firewall swallows what is sent.

A large host has many addresses, and the standard library waits the whole time limit for each of them: for
minutes, where none answers. Here one address of each family (IPv4, IPv6) is tried, within the limit in all.
"""

from __future__ import annotations

import http.client
import socket
import urllib.request
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Address = tuple[str, int]


def connect(address: Address, timeout: float, source_address: Address | None = None) -> socket.socket:
    """Connect to a host and port within ``timeout`` seconds; what comes after has that long each time.

    Raises :class:`OSError`, of the last address tried.
    """
    found = socket.getaddrinfo(*address, type=socket.SOCK_STREAM)
    hosts: dict[int, str] = {}
    for family, _, _, _, target in found:
        hosts.setdefault(family, str(target[0]))
    problem: OSError | None = None
    for host in hosts.values():
        try:
            connection = socket.create_connection((host, address[1]), timeout / len(hosts), source_address)
        except OSError as error:
            problem = error
        else:
            connection.settimeout(timeout)
            return connection
    raise problem or OSError(f"{address[0]} has no address")


# http.client keeps the function that connects in an attribute, to be replaced.
def _http_connection(host: str, **options: Any) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection(host, **options)
    connection._create_connection = connect  # type: ignore[attr-defined]
    return connection


def _https_connection(host: str, **options: Any) -> http.client.HTTPSConnection:
    connection = http.client.HTTPSConnection(host, **options)
    connection._create_connection = connect  # type: ignore[attr-defined]
    return connection


class PromptHTTPHandler(urllib.request.HTTPHandler):
    """Opens http addresses with :func:`connect`."""

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open ``req``."""
        return self.do_open(_http_connection, req)


class PromptHTTPSHandler(urllib.request.HTTPSHandler):
    """Opens https addresses with :func:`connect`, certificates checked as everywhere."""

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open ``req``."""
        return self.do_open(_https_connection, req)
