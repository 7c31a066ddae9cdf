import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import java.security.cert.X509Certificate;
import javax.xml.crypto.Data;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.KeySelectorException;
import javax.xml.crypto.KeySelectorResult;
import javax.xml.crypto.OctetStreamData;
import javax.xml.crypto.XMLCryptoContext;
import javax.xml.crypto.XMLStructure;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.TransformException;
import javax.xml.crypto.dsig.TransformService;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.keyinfo.X509Data;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Judges every Signature of XML files by the JDK's own XML Signature, with secure validation on: core validation alone.
 *
 * Reads one case a line, fields parted by tabs, and answers each with one line:
 *   xades LEVEL SIGNATURE [DATA]   ->   accepted|refused TAB why
 * Whatever a reference names outside the file is DATA, or lies in it by its name where DATA is a folder.
 */
public final class XmlJudge {
  public static void main(String[] arguments) throws Exception {
    Security.addProvider(new OfficeProvider());
    // A manifest names as many parts as an Office file has; the JDK would stop at thirty.
    String policy = "jdk.xml.dsig.secureValidationPolicy";
    Security.setProperty(policy, Security.getProperty(policy).replaceFirst("maxReferences \\d+", "maxReferences 10000"));
    BufferedReader cases = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = cases.readLine(); line != null; line = cases.readLine()) {
      String verdict;
      try {
        verdict = judge(line.split("\t"));
      } catch (Exception error) {
        Throwable cause = error.getCause() == null ? error : error.getCause();
        verdict = "refused\t" + cause;
      }
      System.out.println(verdict.replaceAll("[\\r\\n]+", " "));
    }
  }

  private static String judge(String[] fields) throws Exception {
    DocumentBuilderFactory builders = DocumentBuilderFactory.newInstance();
    builders.setNamespaceAware(true);
    builders.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    Document document = builders.newDocumentBuilder().parse(Path.of(fields[2]).toFile());
    NodeList signatures = document.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature");
    XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
    StringBuilder findings = new StringBuilder();
    boolean accepted = signatures.getLength() > 0;
    for (int index = 0; index < signatures.getLength(); index++) {
      DOMValidateContext context = new DOMValidateContext(new EmbeddedKey(), signatures.item(index));
      context.setProperty("org.jcp.xml.dsig.secureValidation", true);
      registerIds(document, context);
      if (fields.length > 3) {
        var dereferencer = factory.getURIDereferencer();
        context.setURIDereferencer((reference, inner) -> {
          String uri = reference.getURI();
          if (uri.isEmpty() || uri.startsWith("#")) return dereferencer.dereference(reference, inner);
          try {
            Path data = Path.of(fields[3]);
            // URLDecoder is for forms, in which a plus sign is a space.
            String name = URLDecoder.decode(uri.replace("+", "%2B"), StandardCharsets.UTF_8);
            return new OctetStreamData(Files.newInputStream(Files.isDirectory(data) ? data.resolve(name) : data));
          } catch (java.io.IOException error) {
            throw new javax.xml.crypto.URIReferenceException(error);
          }
        });
      }
      XMLSignature signature = factory.unmarshalXMLSignature(context);
      boolean valid = signature.validate(context);
      accepted &= valid;
      findings.append(valid ? "VALID" : "INVALID");
      for (Object one : signature.getSignedInfo().getReferences()) {
        Reference reference = (Reference) one;
        findings.append(' ').append(reference.getURI()).append('=').append(reference.validate(context));
      }
      findings.append(' ').append(signature.getSignedInfo().getSignatureMethod().getAlgorithm().replaceAll(".*#", "")).append("; ");
    }
    return (accepted ? "accepted" : "refused") + "\t" + findings;
  }

  private static void registerIds(Document document, DOMValidateContext context) {
    NodeList elements = document.getElementsByTagName("*");
    for (int index = 0; index < elements.getLength(); index++) {
      Element element = (Element) elements.item(index);
      for (String name : new String[] {"Id", "ID", "id"}) {
        if (element.hasAttribute(name)) context.setIdAttributeNS(element, null, name);
      }
    }
  }

  /** The key of the first certificate that comes along. */
  private static final class EmbeddedKey extends KeySelector {
    @Override
    public KeySelectorResult select(
        javax.xml.crypto.dsig.keyinfo.KeyInfo keyInfo,
        Purpose purpose,
        javax.xml.crypto.AlgorithmMethod method,
        javax.xml.crypto.XMLCryptoContext context)
        throws KeySelectorException {
      for (Object content : keyInfo.getContent()) {
        if (!(content instanceof X509Data)) continue;
        for (Object part : ((X509Data) content).getContent()) {
          if (!(part instanceof X509Certificate)) continue;
          PublicKey key = ((X509Certificate) part).getPublicKey();
          return () -> key;
        }
      }
      throw new KeySelectorException("no certificate");
    }
  }

  /** Lets manifests of Office files be read, in which a transform of their own is named; whoever unpacked them has followed it. */
  public static final class OfficeProvider extends Provider {
    private static final String NAME =
        "TransformService.http://schemas.openxmlformats.org/package/2006/RelationshipTransform";

    public OfficeProvider() {
      super("office", "1", "relationships transform, by name");
      put(NAME, NamedTransform.class.getName());
      put(NAME + " MechanismType", "DOM");
    }
  }

  public static final class NamedTransform extends TransformService {
    @Override
    public void init(TransformParameterSpec parameters) {}

    @Override
    public void init(XMLStructure parent, XMLCryptoContext context) {}

    @Override
    public void marshalParams(XMLStructure parent, XMLCryptoContext context) {}

    @Override
    public AlgorithmParameterSpec getParameterSpec() {
      return null;
    }

    @Override
    public boolean isFeatureSupported(String feature) {
      return false;
    }

    @Override
    public Data transform(Data data, XMLCryptoContext context) throws TransformException {
      throw new TransformException("not followed here");
    }

    @Override
    public Data transform(Data data, XMLCryptoContext context, java.io.OutputStream output) throws TransformException {
      throw new TransformException("not followed here");
    }
  }
}
