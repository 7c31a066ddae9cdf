"""Judges signatures by pyHanko, offline.

judge.py judge CA.pem   reads one case a line, fields parted by tabs, and answers each with one line:
    detached LEVEL SIGNATURE DATA | attached LEVEL SIGNATURE DATA | pdf LEVEL FILE   ->   accepted|refused TAB why
judge.py describe       reads one PDF a line, PATH [TAB PASSWORD], and answers with one line of JSON: what each signature
                        and document time stamp is, whoever signed it
"""

import asyncio
import hashlib
import json
import logging
import sys
from pathlib import Path

from asn1crypto import cms, pem, x509
from pyhanko.pdf_utils.misc import PdfStrictReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import check_ess_certid, find_unique_cms_attribute
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    async_validate_cms_signature,
    async_validate_detached_cms,
    validate_pdf_signature,
    validate_pdf_timestamp,
)
from pyhanko.sign.validation.utils import extract_message_digest
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.sig_validate import DefaultSignatureValidator, SignatureValidationContext

HARMLESS = {"NONE", "LTA_UPDATES", "FORM_FILLING"}


def context(roots):
    return ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail")


def stored(reader, level, roots):
    """Above B-T everything must be provable by what the file stores."""
    if level not in {"B-LT", "B-LTA"}:
        return context(roots)
    trust = {"trust_roots": roots, "allow_fetching": False, "revocation_mode": "hard-fail"}
    return DocumentSecurityStore.read_dss(reader).as_validation_context(trust)


def modification(status):
    if status.modification_level is not None:
        return status.modification_level.name
    return f"{type(status.diff_result).__name__}: {status.diff_result}"


def open_pdf(file, strict=True, password=""):
    reader = PdfFileReader(file, strict=strict)
    if reader.encrypted:
        reader.decrypt(password)
    return reader


def judge_pdf(path, level, roots):
    problems = []
    with open(path, "rb") as file:
        reader = open_pdf(file)
        embedded = reader.embedded_signatures
        signatures = [one for one in embedded if one.sig_object_type == "/Sig"]
        stamps = [one for one in embedded if one.sig_object_type == "/DocTimeStamp"]
        if not signatures:
            problems.append("no signatures")
        problems += [problem for stamp in stamps for problem in judge_document_stamp(stamp, stamp is embedded[-1], roots)]
        for signature in signatures:
            status = validate_pdf_signature(signature, stored(reader, level, roots), stored(reader, level, roots))
            # at B-LT the file ends with what is stored
            problems += judge_changes(signature, status, signature is embedded[-1] and level != "B-LT")
            stamped_later = any(stamp.signed_revision > signature.signed_revision for stamp in stamps)
            if not (stamped_later and status.timestamp_validity is None):
                problems += judge_stamp(status, level)
        if level == "B-LTA" and embedded and embedded[-1] not in stamps:
            problems.append("no document time stamp at the end")
    return problems


def judge_changes(signature, status, is_last):
    # bytes after %%EOF leave a signature valid for pyHanko: the last one must cover them all
    covers = not is_last or status.coverage.name == "ENTIRE_FILE"
    if status.bottom_line and covers and modification(status) in HARMLESS:
        return []
    return [f"{signature.field_name}: {status.summary()}, {status.coverage.name}, {modification(status)}"]


def judge_document_stamp(stamp, is_last, roots):
    status = validate_pdf_timestamp(stamp, context(roots))
    covers = not is_last or status.coverage.name == "ENTIRE_FILE"
    if good(status) and covers and modification(status) in HARMLESS:
        return []
    return [f"{stamp.field_name}: {status.summary()}, {status.coverage.name}, {modification(status)}"]


def judge_stamp(status, level):
    stamp = status.timestamp_validity
    if stamp is None or level == "B-B":
        return [] if (stamp is None) == (level == "B-B") else [f"time stamp at {level}: {stamp}"]
    return [] if stamp.intact and stamp.valid and stamp.trusted else [f"time stamp: {stamp.summary()}"]


def judge_cms(kind, level, signature, data, roots):
    info = cms.ContentInfo.load(Path(signature).read_bytes(), strict=True)
    signed, content = info["content"], Path(data).read_bytes()
    if kind == "attached" and signed["encap_content_info"]["content"].native != content:
        return ["other content inside"]
    problems = []
    for signer in signed["signer_infos"]:
        # pyHanko takes one signer at a time.
        alone = signed.copy()
        alone["signer_infos"] = cms.SignerInfos([signer])
        problems += judge_signer(kind, level, alone, content, roots)
        for counter in countersigners(signer):
            problems += judge_countersigner(counter, signer, signed, roots)
    return problems


def judge_signer(kind, level, signed, content, roots):
    trust = {"signer_validation_context": context(roots), "ts_validation_context": context(roots)}
    if kind == "attached":
        status = asyncio.run(async_validate_cms_signature(signed, validation_context=context(roots)))
        if not good(status):
            return [status.summary()]
        # What looks at time stamps takes detached ones alone; both are signed alike.
        signed["encap_content_info"] = {"content_type": "data"}
    status = asyncio.run(async_validate_detached_cms(content, signed, **trust))
    return judge_stamp(status, level) if good(status) else [status.summary()]


def countersigners(signer):
    for attribute in signer["unsigned_attrs"]:
        if attribute["type"].native == "counter_signature":
            yield from attribute["values"]


def judge_countersigner(counter, below, signed, roots):
    """What pyHanko has for signatures serves them too, but that their attributes name no type of content."""
    attributes = counter["signed_attrs"].untag()
    serial = counter["sid"].chosen["serial_number"].native
    [certificate] = [one.chosen for one in signed["certificates"] if one.chosen.serial_number == serial]
    named = find_unique_cms_attribute(attributes, "signing_certificate_v2")["certs"][0]
    if not check_ess_certid(certificate, named):
        return ["a counter-signature names another certificate"]
    digest = counter["digest_algorithm"]["algorithm"].native
    if extract_message_digest(counter) != hashlib.new(digest, below["signature"].native).digest():
        return ["a counter-signature is over something else"]
    DefaultSignatureValidator().validate_signature(
        counter["signature"].native,
        attributes.dump(),
        certificate.public_key,
        counter["signature_algorithm"],
        context=SignatureValidationContext(contextual_md_algorithm=digest, prehashed=False),
    )
    validator = CertificateValidator(certificate, validation_context=context(roots))
    asyncio.run(validator.async_validate_usage({"non_repudiation"}))
    return []


def good(status):
    return status.intact and status.valid and status.trusted


def judge(line, roots):
    kind, level, signature, *data = line.split("\t")
    try:
        problems = judge_pdf(signature, level, roots) if kind == "pdf" else judge_cms(kind, level, signature, data[0], roots)
    except Exception as error:  # one file that cannot be read must not hide the next
        problems = [f"{type(error).__name__}: {error}"]
    return "refused\t" + " ".join("; ".join(problems).split()) if problems else "accepted\tvalid"


def describe_signature(signature):
    try:
        roots = [signature.signer_cert, *signature.other_embedded_certs]
        status = validate_pdf_signature(signature, context(roots))
    except PdfStrictReadError:  # whoever reads the file leniently may judge it
        raise
    except Exception as error:  # one bad signature must not hide the next
        return {"field": signature.field_name, "error": f"{type(error).__name__}: {error}"}
    return {
        "field": signature.field_name,
        "intact": status.intact and status.valid,
        "coverage": status.coverage.name,
        "modification": modification(status),
        "docmdpOk": bool(status.docmdp_ok),
        "seedValueOk": status.seed_value_ok,
        "stamped": status.timestamp_validity is not None and status.timestamp_validity.intact,
    }


def describe_stamp(stamp):
    try:
        status = validate_pdf_timestamp(stamp, context([stamp.signer_cert, *stamp.other_embedded_certs]))
    except PdfStrictReadError:
        raise
    except Exception as error:
        return {"field": stamp.field_name, "error": f"{type(error).__name__}: {error}"}
    return {
        "field": stamp.field_name,
        "intact": status.intact and status.valid,
        "coverage": status.coverage.name,
        "modification": modification(status),
    }


def describe(line):
    path, _, password = line.partition("\t")
    try:
        try:
            return describe_file(path, password, strict=True)
        except PdfStrictReadError:
            return describe_file(path, password, strict=False)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def describe_file(path, password, strict):
    with open(path, "rb") as file:
        reader = open_pdf(file, strict, password)
        signatures = [describe_signature(signature) for signature in reader.embedded_regular_signatures]
        stamps = [describe_stamp(stamp) for stamp in reader.embedded_timestamp_signatures]
    return {"strict": strict, "signatures": signatures, "stamps": stamps}


def main():
    logging.disable(logging.CRITICAL)
    lines = sys.stdin.read().splitlines()
    if sys.argv[1] == "judge":
        _, _, der = pem.unarmor(Path(sys.argv[2]).read_bytes())
        roots = [x509.Certificate.load(der)]
        for line in lines:
            print(judge(line, roots), flush=True)
    else:
        for line in lines:
            print(json.dumps(describe(line)), flush=True)


main()
