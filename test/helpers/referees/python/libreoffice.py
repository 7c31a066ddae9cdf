"""Asks LibreOffice, which it starts without a window and with a profile of its own, and ends again.

    libreoffice.py judge DATABASE    cases on standard input, as test/helpers/referees/tool.ts writes them
    libreoffice.py make FILE...      new documents, in the formats that their names end with
    libreoffice.py sign DATABASE FILE...    with the first key of the database

A DATABASE of NSS holds the only authorities that are believed.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import uno
from com.sun.star.beans import PropertyValue

START_SECONDS = 120
END_SECONDS = 30
READ, READ_WRITE = 1, 7  # com.sun.star.embed.ElementModes
VALID = 0  # com.sun.star.security.CertificateValidity

NEW = {
    ".docx": ("swriter", "MS Word 2007 XML"),
    ".xlsx": ("scalc", "Calc MS Excel 2007 XML"),
    ".pptx": ("simpress", "Impress MS PowerPoint 2007 XML"),
}


class Office:
    """A running LibreOffice."""

    def __init__(self, database=None):
        self.profile = tempfile.mkdtemp(prefix="trien-libreoffice-")
        pipe = os.path.basename(self.profile)
        environment = dict(os.environ, SAL_USE_VCLPLUGIN="svp")
        if database:
            environment["MOZILLA_CERTIFICATE_FOLDER"] = f"sql:{database}"
        command = ["soffice", "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"]
        command += [f"-env:UserInstallation=file://{self.profile}", f"--accept=pipe,name={pipe};urp"]
        # In a group of its own: what answers is a child of what is started.
        self.process = subprocess.Popen(
            command, env=environment, start_new_session=True, stdin=subprocess.DEVNULL, stdout=sys.stderr
        )
        try:
            self.context = self.connect(pipe)
        except BaseException:
            self.end()
            raise

    def connect(self, pipe):
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            except Exception as error:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise RuntimeError(f"LibreOffice does not answer: {error}") from error
                time.sleep(0.1)

    def create(self, name, *arguments):
        return self.context.ServiceManager.createInstanceWithArgumentsAndContext(name, arguments, self.context)

    def open_package(self, file, mode):
        factory = self.create("com.sun.star.embed.StorageFactory")
        options = uno.Any("[]com.sun.star.beans.PropertyValue", (PropertyValue("StorageFormat", 0, "ZipFormat", 0),))
        return uno.invoke(factory, "createInstanceWithArguments", ((uno.systemPathToFileUrl(file), mode, options),))

    def signatures(self):
        return self.create("com.sun.star.security.DocumentDigitalSignatures", "1.2", True)

    def end(self):
        try:
            self.create("com.sun.star.frame.Desktop").terminate()
        except Exception:
            pass  # It has ended by itself, or never began.
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


def judge(office, file):
    """Every signature is over what the file holds, and by somebody who is believed."""
    storage = office.open_package(file, READ)
    found = office.signatures().verifyDocumentContentSignatures(storage, None)
    good = len(found) > 0
    words = []
    for one in found:
        name = one.Signer.SubjectName if one.Signer else "nobody"
        words.append(f"{name}: valid {one.SignatureIsValid}, certificate {one.CertificateStatus}")
        good = good and one.SignatureIsValid and one.CertificateStatus == VALID
    return f"{'accepted' if good else 'refused'}\t{'; '.join(words) or 'no signature'}"


def judge_all(office):
    for line in sys.stdin:
        try:
            answer = judge(office, line.rstrip("\n").split("\t")[2])
        except Exception as error:
            answer = f"refused\t{error!r}"
        print(answer.replace("\n", " "), flush=True)


def make(office, file):
    kind, output = NEW[os.path.splitext(file)[1]]
    hidden = PropertyValue("Hidden", 0, True, 0)
    desktop = office.create("com.sun.star.frame.Desktop")
    document = desktop.loadComponentFromURL(f"private:factory/{kind}", "_blank", 0, (hidden,))
    text = "Cộng hòa xã hội chủ nghĩa Việt Nam"
    if kind == "swriter":
        document.Text.setString(text)
        document.Text.createTextCursor().HyperLinkURL = "https://example.test/"
    elif kind == "scalc":
        document.Sheets.getByIndex(0).getCellByPosition(0, 0).setString(text)
    document.storeToURL(uno.systemPathToFileUrl(file), (PropertyValue("FilterName", 0, output, 0),))
    document.close(True)


def sign(office, file):
    context = office.create("com.sun.star.xml.crypto.SEInitializer").createSecurityContext("")
    certificate = context.getSecurityEnvironment().getPersonalCertificates()[0]
    storage = office.open_package(file, READ_WRITE)
    if not office.signatures().signDocumentWithCertificate(certificate, storage, None):
        raise RuntimeError(f"LibreOffice did not sign {file}")
    storage.commit()
    storage.dispose()


def main(task, *arguments):
    office = Office(None if task == "make" else arguments[0])
    try:
        if task == "judge":
            judge_all(office)
        for file in arguments[0 if task == "make" else 1 :]:
            (make if task == "make" else sign)(office, file)
    finally:
        office.end()


main(*sys.argv[1:])
