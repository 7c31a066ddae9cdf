"""Unpacks signature containers (ASiC, Office files, PDF) for referees that judge CMS alone, or signatures in XML.

Reads a container and a folder a line, parted by a tab, and answers each with one line of JSON:
    {"signatures": [[SIGNATURE, DATA], ...]}   paths in the folder: each CMS, and what it must be over; or each file of
                                               signatures in XML, and a folder with all that they may name
    {"problem": TEXT}                          where a file is not the one that a manifest names, or is not named at all

The ZIP is read by zipfile, which checks every checksum, the manifests by ElementTree. Of a PDF nothing is read but its
/ByteRanges; document time stamps are left to others.
"""

import base64
import hashlib
import json
import re
import sys
import zipfile
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

from office import unpack_office

ASIC = "{http://uri.etsi.org/02918/v1.2.1#}"
DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
HASHES = {
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}


BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
# id-ct-TSTInfo: what a document time stamp encloses. A signature names it, if at all, far behind its beginning.
TIME_STAMP = bytes.fromhex("060b2a864886f70d0109100104")


def unpack_pdf(pdf, folder):
    """Gives each CMS, without the zeros behind it, beside the bytes that its /ByteRange names."""
    for index, found in enumerate(BYTE_RANGE.finditer(pdf)):
        gap, resume, rest = map(int, found.groups())
        if pdf[gap : gap + 1] + pdf[resume - 1 : resume] != b"<>" or resume + rest > len(pdf):
            raise ValueError("/ByteRange does not frame /Contents")
        cms = bytes.fromhex(pdf[gap + 1 : resume - 1].decode())
        if TIME_STAMP in cms[:100]:
            continue
        lengths = cms[1] & 0x7F if cms[1] & 0x80 else 0
        length = int.from_bytes(cms[2 : 2 + lengths], "big") if lengths else cms[1]
        pair = [Path(folder, f"{index}.p7s"), Path(folder, f"{index}.data")]
        pair[0].write_bytes(cms[: 2 + lengths + length])
        pair[1].write_bytes(pdf[:gap] + pdf[resume : resume + rest])
        yield [str(path) for path in pair]


def check_digests(name, root, archive):
    """Every file that the manifest names has its digest."""
    named = []
    for reference in root.iter(f"{ASIC}DataObjectReference"):
        path = unquote(reference.get("URI"))
        method = reference.find(f"{DSIG}DigestMethod").get("Algorithm")
        digest = hashlib.new(HASHES[method], archive.read(path)).digest()
        if base64.b64decode(reference.find(f"{DSIG}DigestValue").text) != digest:
            raise ValueError(f"{name}: {path} is another")
        named.append(path)
    return named


def check_manifest(name, root, archive, files):
    """Every file is named by the manifest, with its digest."""
    named = check_digests(name, root, archive)
    if sorted(named) != sorted(files):
        raise ValueError(f"{name}: not every file is named")


def unpack(container, folder):
    octets = Path(container).read_bytes()
    if octets.startswith(b"%PDF"):
        signatures = list(unpack_pdf(octets, folder))
        if not signatures:
            raise ValueError("no signatures")
        return signatures
    with zipfile.ZipFile(container) as archive:
        if archive.testzip() is not None:
            raise ValueError("checksum")
        names = archive.namelist()
        if "[Content_Types].xml" in names:
            return unpack_office(archive, folder)
        first = archive.infolist()[0]
        if first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED or first.extra:
            raise ValueError("mimetype")
        files = [name for name in names if name != "mimetype" and not name.startswith("META-INF/")]
        over = {}
        for name in names:
            if name.startswith("META-INF/ASiCArchiveManifest"):
                check_digests(name, ElementTree.fromstring(archive.read(name)), archive)
            if name.startswith("META-INF/ASiCManifest"):
                root = ElementTree.fromstring(archive.read(name))
                check_manifest(name, root, archive, files)
                over[unquote(root.find(f"{ASIC}SigReference").get("URI"))] = name
        signatures = list(unpack_cms(archive, folder, files, over)) or list(unpack_xml(archive, folder, files))
        if not signatures:
            raise ValueError("no signatures")
        return signatures


def unpack_cms(archive, folder, files, over):
    """Gives each CMS beside the file or manifest that it is over."""
    for index, name in enumerate(one for one in archive.namelist() if one.endswith(".p7s")):
        data = over[name] if name in over else files[0]
        if name not in over and len(files) != 1:
            raise ValueError(f"{name}: over which file?")
        pair = [Path(folder, f"{index}.p7s"), Path(folder, f"{index}.data")]
        pair[0].write_bytes(archive.read(name))
        pair[1].write_bytes(archive.read(data))
        yield [str(path) for path in pair]


def unpack_xml(archive, folder, files):
    """Gives each file of signatures beside a folder of all files, each of which every signature must name."""
    data = Path(folder, "data")
    for name in files:
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(archive.read(name))
    signed = [one for one in archive.namelist() if one.startswith("META-INF/signatures")]
    for index, name in enumerate(signed):
        root = ElementTree.fromstring(archive.read(name))
        if root.tag != f"{ASIC}XAdESSignatures":
            raise ValueError(f"{name}: {root.tag}")
        for signature in root.findall(f"{DSIG}Signature"):
            uris = [one.get("URI") for one in signature.find(f"{DSIG}SignedInfo").iter(f"{DSIG}Reference")]
            if sorted(unquote(uri) for uri in uris if not uri.startswith("#")) != sorted(files):
                raise ValueError(f"{name}: not every file is named")
        path = Path(folder, f"{index}.xml")
        path.write_bytes(archive.read(name))
        yield [str(path), str(data)]


for line in sys.stdin.read().splitlines():
    try:
        print(json.dumps({"signatures": unpack(*line.split("\t"))}), flush=True)
    except Exception as error:  # one container that cannot be read must not hide the next
        print(json.dumps({"problem": f"{type(error).__name__}: {error}"}), flush=True)
