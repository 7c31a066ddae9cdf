import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.apache.poi.openxml4j.opc.OPCPackage;
import org.apache.poi.openxml4j.opc.PackageAccess;
import org.apache.poi.poifs.crypt.dsig.SignatureConfig;
import org.apache.poi.poifs.crypt.dsig.SignatureInfo;
import org.apache.poi.poifs.crypt.dsig.SignaturePart;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.usermodel.XWPFDocument;

/**
 * Judges the signatures of Word, Excel and PowerPoint files by Apache POI.
 *
 * Reads one case a line, fields parted by tabs, and answers each with one line:
 *   ooxml LEVEL FILE   ->   accepted|refused TAB why
 *
 * Accepted means that every signature is valid, with all that its manifest names.
 *
 * With arguments it makes a file of the kind that its name ends with, and signs it where a PKCS#12 is named:
 *   FILE [IDENTITY.p12]
 */
public final class PoiJudge {
  private static final char[] PASSWORD = "trien".toCharArray();

  public static void main(String[] arguments) throws Exception {
    // POI logs by an interface alone, which else says on our own output that nothing is behind it.
    System.setProperty("log4j2.loggerContextFactory", "org.apache.logging.log4j.simple.SimpleLoggerContextFactory");
    System.setProperty("org.apache.logging.log4j.simplelog.level", "OFF");
    if (arguments.length > 0) {
      make(new File(arguments[0]));
      if (arguments.length > 1) sign(new File(arguments[0]), new File(arguments[1]));
      return;
    }
    BufferedReader cases = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = cases.readLine(); line != null; line = cases.readLine()) {
      String verdict;
      try {
        verdict = judge(new File(line.split("\t")[2]));
      } catch (Exception | LinkageError error) {
        verdict = "refused\t" + error;
      }
      System.out.println(verdict.replaceAll("[\\r\\n]+", " "));
    }
  }

  private static String judge(File file) throws Exception {
    try (OPCPackage opened = OPCPackage.open(file, PackageAccess.READ)) {
      SignatureInfo info = new SignatureInfo();
      SignatureConfig config = new SignatureConfig();
      // It would stop at thirty parts.
      config.setSecureValidation(false);
      info.setSignatureConfig(config);
      info.setOpcPackage(opened);
      List<String> findings = new ArrayList<>();
      boolean accepted = false;
      boolean refused = false;
      for (SignaturePart part : info.getSignatureParts()) {
        boolean valid = part.validate();
        accepted |= valid;
        refused |= !valid;
        findings.add((valid ? "VALID " : "INVALID ") + part.getSigner().getSubjectX500Principal());
      }
      return (accepted && !refused ? "accepted" : "refused") + "\t" + String.join("; ", findings);
    }
  }

  private static void make(File file) throws Exception {
    try (OutputStream output = new FileOutputStream(file)) {
      if (file.getName().endsWith(".docx")) {
        try (XWPFDocument document = new XWPFDocument()) {
          document.createParagraph().createRun().setText("Cộng hòa xã hội chủ nghĩa Việt Nam");
          document.createHeader(org.apache.poi.wp.usermodel.HeaderFooterType.DEFAULT).createParagraph();
          document.createParagraph().createHyperlinkRun("https://example.test/").setText("đường dẫn");
          document.write(output);
        }
      } else if (file.getName().endsWith(".xlsx")) {
        try (XSSFWorkbook book = new XSSFWorkbook()) {
          book.createSheet("Bảng 1").createRow(0).createCell(0).setCellValue("Hà Nội");
          book.createSheet("Bảng 2");
          book.write(output);
        }
      } else {
        try (XMLSlideShow show = new XMLSlideShow()) {
          show.createSlide().createTextBox().setText("Hà Nội");
          show.write(output);
        }
      }
    }
  }

  private static void sign(File file, File identity) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream input = new FileInputStream(identity)) {
      store.load(input, PASSWORD);
    }
    String alias = store.aliases().nextElement();
    SignatureConfig config = new SignatureConfig();
    config.setKey((PrivateKey) store.getKey(alias, PASSWORD));
    config.setSigningCertificateChain(List.of((X509Certificate) store.getCertificate(alias)));
    try (OPCPackage opened = OPCPackage.open(file, PackageAccess.READ_WRITE)) {
      SignatureInfo info = new SignatureInfo();
      info.setSignatureConfig(config);
      info.setOpcPackage(opened);
      info.confirmSignature();
    }
  }
}
