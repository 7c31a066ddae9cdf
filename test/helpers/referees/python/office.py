"""Checks what the package signatures of a Word, Excel or PowerPoint file name, by zipfile, ElementTree and hashlib.

Core validation of a signature stops at its manifest; this goes on from there (ISO/IEC 29500-2 section 10):
- each Reference of the manifest has the digest of its part, and the part is of the content type that the address says
- a signature is partial, and refused, where a part or a relationship is left out that Word signs
"""

import base64
import hashlib
import posixpath
from pathlib import Path
from xml.etree import ElementTree

DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
MDSSI = "{http://schemas.openxmlformats.org/package/2006/digital-signature}"
TRANSFORM = "http://schemas.openxmlformats.org/package/2006/RelationshipTransform"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
ORIGIN = "/digital-signature/origin"
SIGNATURE = "/digital-signature/signature"
UNSIGNED = ("/metadata/core-properties", "/extended-properties", "/extendedProperties", ORIGIN)
# Word leaves them out, and may as well not.
OPTIONAL = ("/metadata/thumbnail", "/custom-properties")
HASHES = {
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}


def read_types(archive):
    root = ElementTree.fromstring(archive.read("[Content_Types].xml"))
    defaults = {one.get("Extension").lower(): one.get("ContentType") for one in root.iter(TYPES + "Default")}
    overrides = {one.get("PartName").lower(): one.get("ContentType") for one in root.iter(TYPES + "Override")}
    return lambda part: overrides.get(part.lower()) or defaults.get(part.rsplit(".", 1)[-1].lower())


def read_relationships(archive, part):
    return list(ElementTree.fromstring(archive.read(part[1:])).iter(RELS + "Relationship"))


def source_folder(rels):
    return posixpath.dirname(posixpath.dirname(rels))


def target_of(rels, relationship):
    return posixpath.normpath(posixpath.join(source_folder(rels), relationship.get("Target")))


def escape(value):
    for plain, escaped in (("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;"), ("\t", "&#x9;"), ("\n", "&#xA;"), ("\r", "&#xD;")):
        value = value.replace(plain, escaped)
    return value


def transform(archive, part, ids):
    """The canonical form of chosen relationships, sorted, with their modes."""
    chosen = sorted((one for one in read_relationships(archive, part) if one.get("Id") in ids), key=lambda one: one.get("Id"))
    written = []
    for one in chosen:
        values = {"TargetMode": "Internal", **one.attrib}
        listed = "".join(f' {name}="{escape(values[name])}"' for name in sorted(values))
        written.append(f"<Relationship{listed}></Relationship>")
    return f'<Relationships xmlns="{RELS[1:-1]}">{"".join(written)}</Relationships>'.encode()


def check_reference(archive, type_of, reference):
    """Gives the part that a reference is to, and the relationships of it that are chosen."""
    path, _, query = reference.get("URI").partition("?ContentType=")
    if type_of(path) != query:
        raise ValueError(f"{path} is not of the type that is signed")
    transforms = list(reference.iterfind(f"{DSIG}Transforms/{DSIG}Transform"))
    ids = None
    if transforms:
        names = [one.get("Algorithm") for one in transforms]
        if names != [TRANSFORM, C14N]:
            raise ValueError(f"{path}: transforms {names}")
        ids = {one.get("SourceId") for one in transforms[0].iter(MDSSI + "RelationshipReference")}
        octets = transform(archive, path, ids)
    else:
        octets = archive.read(path[1:])
    name = HASHES[reference.find(DSIG + "DigestMethod").get("Algorithm")]
    if base64.b64decode(reference.findtext(DSIG + "DigestValue")) != hashlib.new(name, octets).digest():
        raise ValueError(f"{path} is another")
    return path, ids


def check_whole(archive, type_of, named):
    """Nothing is left out that Word signs."""
    parts = ["/" + name for name in archive.namelist() if name != "[Content_Types].xml" and not name.endswith("/")]
    left = set()
    for part in parts:
        if "digital-signature-" in (type_of(part) or ""):
            left.update((part, posixpath.join(posixpath.dirname(part), "_rels", posixpath.basename(part) + ".rels")))
    for one in read_relationships(archive, "/_rels/.rels"):
        if one.get("Type").endswith(UNSIGNED + OPTIONAL):
            left.add(target_of("/_rels/.rels", one))
    for part in parts:
        if part in left:
            continue
        if type_of(part) == RELS_TYPE:
            ids = {one.get("Id") for one in read_relationships(archive, part) if not one.get("Type").endswith(UNSIGNED + OPTIONAL)}
            if ids - (named.get(part) or set()):
                raise ValueError(f"{part} is signed in part")
        elif part not in named:
            raise ValueError(f"{part} is not signed")


def check_signature(archive, type_of, part):
    root = ElementTree.fromstring(archive.read(part[1:]))
    signed = [one.get("URI") for one in root.iterfind(f"{DSIG}SignedInfo/{DSIG}Reference")]
    objects = [one for one in root.iter(DSIG + "Object") if one.get("Id") == "idPackageObject"]
    if root.tag != DSIG + "Signature" or len(objects) != 1 or "#idPackageObject" not in signed:
        raise ValueError(f"{part}: the package is not signed")
    references = objects[0].iterfind(f"{DSIG}Manifest/{DSIG}Reference")
    check_whole(archive, type_of, dict(check_reference(archive, type_of, one) for one in references))


def unpack_office(archive, folder):
    """Gives the signatures as files in a folder, once all that they name is what it was."""
    type_of = read_types(archive)
    origins = [one for one in read_relationships(archive, "/_rels/.rels") if one.get("Type").endswith(ORIGIN)]
    if len(origins) != 1:
        raise ValueError("no signatures")
    origin = target_of("/_rels/.rels", origins[0])
    rels = posixpath.join(posixpath.dirname(origin), "_rels", posixpath.basename(origin) + ".rels")
    files = []
    for index, one in enumerate(read_relationships(archive, rels)):
        if not one.get("Type").endswith(SIGNATURE):
            continue
        part = target_of(rels, one)
        check_signature(archive, type_of, part)
        file = Path(folder, f"{index}.xml")
        file.write_bytes(archive.read(part[1:]))
        # It is over itself: nothing lies beside it.
        files.append([str(file), str(file)])
    if not files:
        raise ValueError("no signatures")
    return files
