"""Cuts every Python off the network that finds this folder on PYTHONPATH, and writes who tried.

Files' sockets and this computer's own addresses are let through. TONGBAO_TRIED names the file.
"""

from __future__ import annotations

import errno
import ipaddress
import os
import sys

_ADDRESSED = {"socket.connect": 1, "socket.bind": 1, "socket.sendto": 1, "socket.sendmsg": 1,
              "socket.getaddrinfo": 0, "socket.gethostbyname": 0}  # fmt: skip


def _ours(address: object) -> bool:
    host = address[0] if isinstance(address, tuple) else address
    if host is None or isinstance(host, bytes):
        return True
    try:
        return host == "localhost" or ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return str(host).startswith("/")


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    place = _ADDRESSED.get(event)
    if place is not None and not _ours(arguments[place]):
        with open(os.environ["TONGBAO_TRIED"], "a", encoding="utf-8") as stream:  # noqa: PTH123 - before anything is imported
            stream.write(f"{event} {arguments[place]}\n")
        raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))


sys.addaudithook(_hook)
