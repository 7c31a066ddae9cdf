"""Judges every Signature of XML files by libxmlsec1 1.3, as its Python bindings bring it: core validation and the chain.

libxmlsec.py CA.pem   reads one case a line, fields parted by tabs, and answers each with one line:
    xades LEVEL SIGNATURE [DATA]   ->   accepted|refused TAB why
Whatever a reference names outside the file is DATA, or lies in it by its name where DATA is a folder.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import xmlsec
from lxml import etree

DS = "{http://www.w3.org/2000/09/xmldsig#}"


def verify_all(path, manager):
    tree = etree.parse(path, etree.XMLParser(resolve_entities=False, strip_cdata=False))
    xmlsec.tree.add_ids(tree.getroot(), ["Id", "ID", "id"])
    signatures = list(tree.iter(DS + "Signature"))
    if not signatures:
        raise ValueError("no signature")
    for signature in signatures:
        xmlsec.SignatureContext(manager).verify(signature)
    return f"{len(signatures)} verified"


def judge(path, data, manager):
    if data is None:
        return verify_all(path, manager)
    # libxmlsec1 looks for files where the process is.
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        beside = Path(folder, "data")
        if Path(data).is_dir():
            shutil.copytree(data, beside)
        else:
            beside.mkdir()
            shutil.copy(data, beside / "data.txt")
        os.chdir(beside)
        try:
            return verify_all(path, manager)
        finally:
            os.chdir(before)


def main():
    manager = xmlsec.KeysManager()
    manager.load_cert(sys.argv[1], xmlsec.KeyFormat.PEM, xmlsec.KeyDataType.TRUSTED)
    for line in sys.stdin:
        _, _, path, *data = line.rstrip("\n").split("\t")
        try:
            answer = "accepted\t" + judge(path, data[0] if data else None, manager)
        except Exception as error:  # Whatever goes wrong is a refusal.
            answer = f"refused\t{type(error).__name__} {error}".replace("\n", " ")
        print(answer, flush=True)


main()
