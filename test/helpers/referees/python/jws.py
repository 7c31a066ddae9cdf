"""Judges JSON Web Signatures by jwcrypto: signature values, crit, b64; of counter-signatures too. Blind to chains and to
what JAdES adds, but for the digest of the certificate.

Reads one case a line, fields parted by tabs, and answers each with one line:
    jades LEVEL SIGNATURE [DATA]   ->   accepted|refused TAB why

DATA is the one document outside, where sigD names it.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography import x509
from jwcrypto import jwk, jws
from jwcrypto.common import JWSEHeaderParameter, base64url_decode

NAMES = {"S256": "sha256", "S384": "sha384", "S512": "sha512"}
REGISTRY = {
    "sigD": JWSEHeaderParameter("documents outside", True, True, None),
    "iat": JWSEHeaderParameter("time", False, True, None),
}
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]


def parts(text):
    """Each signature as a flattened object, with the payload of all."""
    if not text.startswith("{"):
        protected, payload, signature = text.split(".")
        return payload, [{"protected": protected, "signature": signature}]
    whole = json.loads(text)
    return whole.get("payload"), whole.get("signatures") or [whole]


def countersignatures(signature):
    """TS 119 182-1 5.3.2: each in an element of its own, which is base64url of JSON or JSON."""
    for element in signature.get("header", {}).get("etsiU", []):
        component = json.loads(base64url_decode(element)) if isinstance(element, str) else element
        if "cSig" in component:
            one = component["cSig"]
            yield one if isinstance(one, dict) else parts(one)[1][0]


def verify(payload, signature):
    """Verifies a signature and all below it; gives its header."""
    header = json.loads(base64url_decode(signature["protected"]))
    der = base64.b64decode(header["x5c"][0])
    if "x5t#S256" in header and base64url_decode(header["x5t#S256"]) != hashlib.sha256(der).digest():
        raise ValueError("another certificate is named")
    key = jwk.JWK.from_pyca(x509.load_der_x509_certificate(der).public_key())
    token = jws.JWS(header_registry=REGISTRY)
    token.allowed_algs = ALGORITHMS
    one = {"protected": signature["protected"], "signature": signature["signature"], "payload": payload or ""}
    token.deserialize(json.dumps(one))
    token.verify(key)
    for counter in countersignatures(signature):
        verify(signature["signature"], counter)
    return header


def judge_one(payload, signature, data):
    header = verify(payload, signature)
    if data is None:
        return [] if "sigD" not in header else ["a document outside"]
    named = header["sigD"]
    digest = hashlib.new(NAMES[named["hashM"]], data).digest()
    expected = [base64url_decode(value) for value in named["hashV"]]
    return [] if expected == [digest] and len(named["pars"]) == 1 else ["the document is another"]


def judge(line):
    _, _, signature, *beside = line.split("\t")
    try:
        payload, signatures = parts(Path(signature).read_text())
        data = Path(beside[0]).read_bytes() if beside else None
        problems = [problem for one in signatures for problem in judge_one(payload, one, data)]
    except Exception as error:  # one file that cannot be read must not hide the next
        problems = [f"{type(error).__name__}: {error}"]
    return "refused\t" + " ".join("; ".join(problems).split()) if problems else "accepted\tvalid"


for line in sys.stdin.read().splitlines():
    print(judge(line), flush=True)
