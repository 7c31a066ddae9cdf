"""Signs PDFs by pyHanko at level PAdES B-B, so that referees have good files that are not ours.

sign.py KEY.pem CERTIFICATE.pem CA.pem OUT.pdf [pss]       writes a one-page PDF, signed twice
sign.py KEY.pem CERTIFICATE.pem CA.pem OUT.pdf certified   writes one that is certified: no changes are allowed
sign.py KEY.pem CERTIFICATE.pem CA.pem OUT.pdf locked      writes one whose only signature locks all fields
"""

import sys
from io import BytesIO
from pathlib import Path

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import fields, signers

key, certificate, ca, out, *rest = sys.argv[1:]
signer = signers.SimpleSigner.load(
    key, certificate, ca_chain_files=[ca], prefer_pss="pss" in rest
)
writer = PdfFileWriter()
contents = writer.add_object(generic.StreamObject(stream_data=b"0 0 m 100 100 l S"))
writer.insert_page(PageObject(contents=contents, media_box=generic.ArrayObject(map(generic.NumberObject, (0, 0, 200, 200)))))
buffer = BytesIO()
writer.write(buffer)
if "locked" in rest:
    lock = fields.FieldMDPSpec(fields.FieldMDPAction.ALL)
    spec = fields.SigFieldSpec("First", field_mdp_spec=lock, doc_mdp_update_value=fields.MDPPerm.NO_CHANGES)
    update = IncrementalPdfFileWriter(buffer)
    fields.append_signature_field(update, spec)
    update.write_in_place()
for name in ("First",) if "certified" in rest or "locked" in rest else ("First", "Second"):
    metadata = signers.PdfSignatureMetadata(
        field_name=name,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify="certified" in rest,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES if "certified" in rest else fields.MDPPerm.FILL_FORMS,
    )
    buffer = signers.PdfSigner(metadata, signer).sign_pdf(IncrementalPdfFileWriter(buffer))
Path(out).write_bytes(buffer.getvalue())
