"""Has certomancer answer on a free port of loopback, for the PKI that lies beside this file, until it is ended.

serve.py KEYS      makes the private keys in this folder, then prints the address
"""

import sys
import threading
from pathlib import Path

import yaml
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import CertomancerConfig
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

KEYS = Path(sys.argv[1])
PKI = (Path(__file__).parent / "pki.yml").read_text(encoding="utf-8")


def make_key(file):
    file.write_bytes(
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def one_at_a_time(app):
    """A connection by which nothing comes must not keep others waiting, yet what certomancer remembers is for one thread."""
    turn = threading.Lock()

    def answer(environ, start_response):
        with turn:
            return app(environ, start_response)

    return answer


def spoilt_on_the_way(app):
    """What is answered comes as a header of the question says."""

    def answer(environ, start_response):
        way = environ.get("HTTP_X_TRIEN_WAY")
        if way is None:
            return app(environ, start_response)
        response = Response.from_app(app, environ)
        if response.status_code != 200:
            return response(environ, start_response)
        whole = response.get_data()
        part = whole[: len(whole) // 2]
        if way == "broken-off":
            start_response(response.status, [("Content-Length", str(len(whole)))])
            return [part]
        response.set_data("<html>xin chào</html>" if way == "garbage" else part)
        return response(environ, start_response)

    return answer


for key in yaml.safe_load(PKI)["keysets"]["trien"]["keys"].values():
    make_key(KEYS / key["path"])

# Certificates name the address: it must be known before they are made.
server = make_server("127.0.0.1", 0, app=None, threaded=True)
address = f"http://127.0.0.1:{server.server_port}"
config = CertomancerConfig.from_yaml(PKI, key_search_dir=str(KEYS), external_url_prefix=address)
server.app = spoilt_on_the_way(one_at_a_time(Animator(AnimatorArchStore(config.pki_archs))))
print(address, flush=True)
server.serve_forever()
