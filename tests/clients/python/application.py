"""The application server that callbacks go to."""

import base64
import http.server
import json
import threading


class Application:
    """A server that answers every callback with one status; a context manager."""

    ANSWER = '{"accepted": true}'

    def __init__(self, status):
        self.bodies = bodies = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
                answer = Application.ANSWER.encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self._server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.headers = {
            "x-oss-callback": _encoded({
                "callbackUrl": f"http://127.0.0.1:{self._server.server_port}/done",
                "callbackBody": "key=${object}&size=${size}&who=${x:who}",
            }),
            "x-oss-callback-var": _encoded({"x:who": "alice"}),
        }

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


def _encoded(value):
    return base64.b64encode(json.dumps(value).encode()).decode()
