"""Serves the console by uvicorn, and ends its streams first when asked to stop, so that stopping is quick."""

from __future__ import annotations

import gc
import socket

import uvicorn
from litestar import Litestar


class Server(uvicorn.Server):
    """A uvicorn server whose open streams end before it waits for connections to close."""

    def __init__(self, app: Litestar, host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(
                app, host=host, port=port, log_level="warning", access_log=False, server_header=False,
                timeout_keep_alive=20, timeout_graceful_shutdown=5, lifespan="on", ws="none",
            )
        )  # fmt: skip
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends the streams, then waits for what is still being answered."""
        if "live" in self._app.state:  # a server of lists alone has no stream
            self._app.state.live.close()
        await super().shutdown(sockets)


def serve(app: Litestar, *, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Answer until the process is asked to stop (SIGINT, SIGTERM). Raises OSError when the port is taken."""
    settle()
    Server(app, host, port).run()


def settle() -> None:
    """Leave what this process holds by now out of every later collection: walking it all took 60 ms each time.

    What is made later is walked in small portions: in those of Python's own choice, the cycles that ten pages leave
    behind were one pause of 4 ms within the eleventh; now they are several of 1 ms at most.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(700, 2, 50)
