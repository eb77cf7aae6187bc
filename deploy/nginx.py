"""What nginx needs to be told to stand in front of several workers."""

from collections.abc import Sequence
from pathlib import Path

RETRY_S = 2
"""A worker that did not answer is asked again after this."""

_CONFIG = """\
daemon off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    client_max_body_size 64k;
    upstream workers {{
        {servers}
        keepalive 8;
    }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://workers;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_connect_timeout 2s;
            proxy_buffering off;
            proxy_next_upstream error timeout;
        }}
    }}
}}
"""


def nginx_config(folder: Path, port: int, workers: Sequence[int]) -> str:
    """Return a configuration that spreads what comes to *port* over the ports of *workers*.

    A question that a worker has begun to read is not sent to another, so that no conversation gets
    it twice; one that could not be sent is. What is made on the way lies in *folder*.
    """
    servers = "\n        ".join(
        f"server 127.0.0.1:{worker} max_fails=1 fail_timeout={RETRY_S}s;" for worker in workers
    )
    return _CONFIG.format(folder=folder, port=port, servers=servers)
