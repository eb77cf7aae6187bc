"""Gunicorn's worker of threads, none of which waits for a client that sends nothing."""

import logging
import socket
import struct
import time
from functools import partial
from selectors import EVENT_READ
from types import FrameType

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from web.serving.standing import standing_of

SLOW_S = 10
"""A client that keeps a thread waiting for so long, to send or to take in more, is cut off."""


class PatientWorker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    """Holds new connections in the main loop until something arrives, however many there are.

    Gunicorn's own gives each a thread for up to five seconds: a few browsers that connect ahead of
    need, as they do, would keep health checks waiting.
    """

    def init_process(self) -> None:
        """Begin, and don't log each slow client as if something had failed here."""
        self.log.error_log.addFilter(_is_no_slow_client)
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        """Take a connection in, and listen for its first bytes."""
        self._take_in(listener)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop: not ready from now on, while what is at hand is finished."""
        if self.wsgi is not None:
            standing_of(self.wsgi).stop()
        super().handle_exit(sig, frame)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Take in connections or no more; at the end, first those that wait to be taken in.

        The system would reset them; who comes later is refused by it.
        """
        super().set_accept_enabled(enabled)
        if self.alive:
            return
        for listener in self.sockets:
            while self._take_in(listener):
                pass
            listener.close()
        soon = time.monotonic() + STOP_KEEPALIVE_LINGER
        for connection in self.pending_conns:
            connection.timeout = min(connection.timeout, soon)

    def _take_in(self, listener: socket.socket) -> bool:
        """Take in one connection, and say whether there was any."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return False
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            client.setsockopt(socket.SOL_SOCKET, option, struct.pack("@ll", SLOW_S, 0))
        self.nr_conns += 1
        connection = TConn(self.cfg, client, address, listener.getsockname())
        connection.timeout = time.monotonic() + self.cfg.keepalive
        self.pending_conns.append(connection)
        self.poller.register(
            client, EVENT_READ, partial(self.on_pending_socket_readable, connection)
        )
        return True


def _is_no_slow_client(record: logging.LogRecord) -> bool:
    """Say whether *record* is of anything but a socket whose time was up."""
    return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError))
