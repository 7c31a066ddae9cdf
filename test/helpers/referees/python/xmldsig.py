"""Judges every Signature of XML files by lxml's canonicalisation and cryptography's signatures: core validation alone.

Reads one case a line, fields parted by tabs, and answers each with one line:
  xades LEVEL SIGNATURE [DATA]   ->   accepted|refused TAB why
Whatever a reference names outside the file is DATA, or lies in it by its name where DATA is a folder.
"""
import base64
import hashlib
import sys
from pathlib import Path
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
from lxml import etree

DS = "{http://www.w3.org/2000/09/xmldsig#}"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
MORE_2007 = "http://www.w3.org/2007/05/xmldsig-more#"
ENC = "http://www.w3.org/2001/04/xmlenc#"
C14N_10 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N = {
    C14N_10: False,
    "http://www.w3.org/2006/12/xml-c14n11": False,
    "http://www.w3.org/2001/10/xml-exc-c14n#": True,
}
XML = "{http://www.w3.org/XML/1998/namespace}"
DIGESTS = {ENC + "sha256": "sha256", MORE + "sha384": "sha384", ENC + "sha512": "sha512"}
HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
ENVELOPED = DS[1:-1] + "enveloped-signature"
BASE64 = DS[1:-1] + "base64"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
EXPRESSION = "not(ancestor-or-self::ds:Signature)"


def remove(element):
    """Takes an element out and leaves the text behind it."""
    parent, before = element.getparent(), element.getprevious()
    if element.tail:
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def inherit(node, alone, method):
    """Gives an element what an inclusive form has it take from above, after which both versions write it alike."""
    for above in node.iterancestors():
        for name, value in above.attrib.items():
            if not name.startswith(XML) or name in alone.attrib or (name == XML + "id" and method != C14N_10):
                continue
            if name == XML + "base" and method != C14N_10:
                raise ValueError("xml:base would have to be joined")
            alone.set(name, value)


def canonical(node, method):
    if not isinstance(node, etree._ElementTree) and node.getparent() is not None:
        # Canonicalised where it stands, an element would lose the default namespace that it has from outside.
        # In UTF-8: in ASCII, the name of an element could not be written.
        alone = etree.fromstring(etree.tostring(node, with_tail=False, encoding="utf-8"))
        if not C14N[method]:
            inherit(node, alone, method)
        node = alone
    return etree.tostring(node, method="c14n", exclusive=C14N[method], with_comments=False)


def follow(path, index, reference, data):
    """Gives what a reference is hashed from, in a tree of its own."""
    uri = reference.get("URI")
    if uri and not uri.startswith("#"):
        path = Path(data)
        return (path / unquote(uri) if path.is_dir() else path).read_bytes()
    tree = etree.parse(path, etree.XMLParser(resolve_entities=False, strip_cdata=False))
    signature = list(tree.iter(DS + "Signature"))[index]
    node = tree
    if uri:
        found = [one for one in tree.iter("*") if uri[1:] in (one.get("Id"), one.get("ID"), one.get("id"))]
        if len(found) != 1:
            raise ValueError("not one element of this Id")
        node = found[0]
    method = C14N_10
    for transform in reference.iterfind(f"{DS}Transforms/{DS}Transform"):
        name = transform.get("Algorithm")
        if name == ENVELOPED:
            remove(signature)
        elif name == XPATH and transform.findtext(DS + "XPath") == EXPRESSION:
            for one in [s for s in tree.iter(DS + "Signature") if not any(True for _ in s.iterancestors(DS + "Signature"))]:
                remove(one)
        elif name == BASE64:
            return base64.b64decode("".join(node.itertext()))
        else:
            C14N[name]
            method = name
    return canonical(node, method)


def verify(key, method, value, octets):
    name = method.split("#")[1]
    digest = HASHES[name.replace("-", "").replace("rsa", "").replace("ecdsa", "").replace("MGF1", "")]
    if method.startswith(MORE_2007):
        pss = padding.PSS(mgf=padding.MGF1(digest), salt_length=digest.digest_size)
        key.verify(value, octets, pss, digest)
    elif "ecdsa" in name:
        half = len(value) // 2
        assert half == (key.curve.key_size + 7) // 8, "r and s are not as long as the curve"
        numbers = [int.from_bytes(part, "big") for part in (value[:half], value[half:])]
        key.verify(utils.encode_dss_signature(*numbers), octets, ec.ECDSA(digest))
    else:
        key.verify(value, octets, padding.PKCS1v15(), digest)


def judge(path, data):
    tree = etree.parse(path, etree.XMLParser(resolve_entities=False))
    signatures = list(tree.iter(DS + "Signature"))
    assert signatures, "no signature"
    for index, signature in enumerate(signatures):
        info = signature.find(DS + "SignedInfo")
        for reference in info.iterfind(DS + "Reference"):
            digest = DIGESTS[reference.find(DS + "DigestMethod").get("Algorithm")]
            value = hashlib.new(digest, follow(path, index, reference, data)).digest()
            assert base64.b64decode(reference.findtext(DS + "DigestValue")) == value, reference.get("URI")
        certificate = signature.findtext(f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate")
        key = x509.load_der_x509_certificate(base64.b64decode(certificate)).public_key()
        octets = canonical(info, info.find(DS + "CanonicalizationMethod").get("Algorithm"))
        value = base64.b64decode(signature.findtext(DS + "SignatureValue"))
        verify(key, info.find(DS + "SignatureMethod").get("Algorithm"), value, octets)
    return f"{len(signatures)} verified"


for line in sys.stdin:
    fields = line.rstrip("\n").split("\t")
    try:
        answer = "accepted\t" + judge(fields[2], fields[3] if len(fields) > 3 else None)
    except Exception as error:  # Whatever goes wrong is a refusal.
        answer = f"refused\t{type(error).__name__} {error}".replace("\n", " ")
    print(answer, flush=True)
