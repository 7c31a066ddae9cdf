import eu.europa.esig.dss.diagnostic.TimestampWrapper;
import eu.europa.esig.dss.enumerations.Indication;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.policy.ValidationPolicy;
import eu.europa.esig.dss.pades.validation.PDFDocumentValidator;
import eu.europa.esig.dss.pdf.IPdfObjFactory;
import eu.europa.esig.dss.pdf.modifications.DefaultPdfDifferencesFinder;
import eu.europa.esig.dss.pdf.pdfbox.PdfBoxDefaultObjectFactory;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.signature.AdvancedSignature;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.policy.ValidationPolicyLoader;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Judges signatures by DSS, offline, against one trusted CA: `DssJudge CA.pem`.
 *
 * Reads one case a line, fields parted by tabs, and answers each with one line:
 *   detached LEVEL SIGNATURE DATA | attached LEVEL SIGNATURE DATA | pdf LEVEL FILE |
 *   jades|xades LEVEL SIGNATURE [DATA] | asic-cades LEVEL FILE | asic-xades LEVEL FILE   ->   accepted|refused TAB why
 *
 * Accepted means TOTAL_PASSED and the level that is named, exactly, for every signature; for a CAdES signature on
 * another B-LT where B-LTA is named, for the archive time stamp that is over it is that of the signature above. The
 * policy is DSS's own default; up to B-T without revocation data, which these levels do not carry and a test CA does not
 * publish.
 */
public final class DssJudge {
  private static final Set<String> REVOCATION_CONSTRAINTS =
      Set.of("RevocationDataAvailable", "AcceptableRevocationDataFound");

  private static final Map<String, String> FORMATS =
      Map.of("detached", "CAdES", "attached", "CAdES", "pdf", "PAdES", "jades", "JAdES", "asic-cades", "CAdES",
          "asic-xades", "XAdES", "xades", "XAdES");

  public static void main(String[] arguments) throws Exception {
    CommonTrustedCertificateSource trust = new CommonTrustedCertificateSource();
    trust.addCertificate(DSSUtils.loadCertificate(new File(arguments[0])));
    // Read once: reading them takes longer than judging a small file by them.
    ValidationPolicy whole = ValidationPolicyLoader.fromDefaultValidationPolicy().create();
    ValidationPolicy offline = ValidationPolicyLoader.fromValidationPolicy(policyWithoutRevocation()).create();
    BufferedReader cases = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = cases.readLine(); line != null; line = cases.readLine()) {
      String verdict;
      try {
        verdict = judge(line.split("\t"), trust, whole, offline);
      } catch (Exception error) {
        verdict = "refused\t" + error.getClass().getSimpleName() + ": " + error.getMessage();
      }
      System.out.println(verdict.replaceAll("[\\r\\n]+", " "));
    }
  }

  private static String judge(
      String[] fields, CommonTrustedCertificateSource trust, ValidationPolicy whole, ValidationPolicy offline)
      throws Exception {
    CommonCertificateVerifier verifier = new CommonCertificateVerifier();
    verifier.setTrustedCertSources(trust);
    verifier.setAIASource(null);
    SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(fields[2]));
    validator.setCertificateVerifier(verifier);
    if (validator instanceof PDFDocumentValidator pdf && !fields[1].equals("B-B")) pdf.setPdfObjFactory(withoutPictures());
    String format = FORMATS.get(fields[0]);
    boolean isBeside = fields.length > 3 && !fields[0].equals("attached");
    if (isBeside) {
      validator.setDetachedContents(List.<DSSDocument>of(new FileDocument(fields[3])));
    }
    // Above B-T all that it takes must be in the file: DSS's own policy asks for it.
    boolean isProvable = fields[1].startsWith("B-LT");
    validator.setEnableEtsiValidationReport(false);
    Reports reports = validator.validateDocument(isProvable ? whole : offline);
    SimpleReport report = reports.getSimpleReport();

    List<String> findings = new ArrayList<>();
    List<String> documents = validator.getSignatures().stream().map(AdvancedSignature::getId).toList();
    boolean accepted = !documents.isEmpty();
    for (String id : report.getSignatureIdList()) {
      boolean isBelow = format.equals("CAdES") && !documents.contains(id);
      String wanted = isBelow ? fields[1].replace("LTA", "LT") : fields[1];
      SignatureLevel expected = SignatureLevel.valueOf(format + wanted.replace("B-", "_BASELINE_"));
      SignatureLevel level = report.getSignatureFormat(id);
      Indication indication = report.getIndication(id);
      accepted &= indication == Indication.TOTAL_PASSED && level == expected;
      String reason = report.getSubIndication(id) == null ? "" : " " + report.getSubIndication(id);
      StringBuilder finding = new StringBuilder(indication + reason + " " + level);
      report.getAdESValidationErrors(id).forEach(error -> finding.append(" (").append(error.getValue()).append(')'));
      findings.add(finding.toString());
    }
    if (findings.isEmpty()) findings.add("no signatures");
    // An archive time stamp over something else leaves DSS's verdict and level as they are.
    for (TimestampWrapper stamp : reports.getDiagnosticData().getTimestampList()) {
      if (stamp.isMessageImprintDataIntact() && stamp.isSignatureIntact()) continue;
      accepted = false;
      findings.add(stamp.getType() + " of something else");
    }
    if (fields[0].equals("attached") && !contentIs(validator, documents, Path.of(fields[3]))) {
      accepted = false;
      findings.add("other content inside");
    }
    return (accepted ? "accepted" : "refused") + "\t" + String.join("; ", findings);
  }

  /** Objects of revisions are compared, pages are not drawn: what levels add has none, and drawing takes most of the time. */
  private static IPdfObjFactory withoutPictures() {
    DefaultPdfDifferencesFinder differences = new DefaultPdfDifferencesFinder();
    differences.setMaximalPagesAmountForVisualComparison(0);
    PdfBoxDefaultObjectFactory factory = new PdfBoxDefaultObjectFactory();
    factory.setPdfDifferencesFinder(differences);
    return factory;
  }

  private static boolean contentIs(SignedDocumentValidator validator, List<String> ids, Path data) throws Exception {
    for (String id : ids) {
      List<DSSDocument> originals = validator.getOriginalDocuments(id);
      if (originals.size() != 1) return false;
      try (InputStream content = originals.get(0).openStream()) {
        if (!Arrays.equals(content.readAllBytes(), Files.readAllBytes(data))) return false;
      }
    }
    return true;
  }

  private static InputStream policyWithoutRevocation() throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    Document policy;
    try (InputStream source = DssJudge.class.getResourceAsStream("/policy/constraint.xml")) {
      policy = factory.newDocumentBuilder().parse(source);
    }
    NodeList elements = policy.getElementsByTagNameNS("*", "*");
    for (int index = 0; index < elements.getLength(); index++) {
      Element element = (Element) elements.item(index);
      if (REVOCATION_CONSTRAINTS.contains(element.getLocalName())) element.setAttribute("Level", "IGNORE");
    }
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    TransformerFactory.newInstance().newTransformer().transform(new DOMSource(policy), new StreamResult(output));
    return new ByteArrayInputStream(output.toByteArray());
  }
}
