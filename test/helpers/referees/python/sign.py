"""Signs PDFs by pyHanko at level PAdES B-B, so that referees have good files that are not ours.

sign.py KEY.pem CERTIFICATE.pem CA.pem OUT.pdf [pss]   writes a one-page PDF, signed twice
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
for name in ("First", "Second"):
    metadata = signers.PdfSignatureMetadata(
        field_name=name, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    buffer = signers.PdfSigner(metadata, signer).sign_pdf(IncrementalPdfFileWriter(buffer))
Path(out).write_bytes(buffer.getvalue())
