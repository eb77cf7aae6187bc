"""`python -m web.serving --bind HOST:PORT`: gunicorn, as Dateline needs it."""

from web.serving.server import Server

if __name__ == "__main__":
    Server("%(prog)s [OPTIONS]", prog="web.serving").run()
