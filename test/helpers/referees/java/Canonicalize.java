import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import javax.xml.crypto.OctetStreamData;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.KeySelector;
import javax.xml.parsers.DocumentBuilderFactory;

/**
 * Canonicalises files by the JDK's own implementation, that of Apache Santuario.
 *
 * Reads one case a line, METHOD TAB FILE, and answers each with one line: the canonical form in base64.
 */
public final class Canonicalize {
  public static void main(String[] arguments) throws Exception {
    XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
    var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().newDocument();
    var context =
        new DOMValidateContext(KeySelector.singletonKeySelector(new javax.crypto.spec.SecretKeySpec(new byte[16], "AES")), document.createElement("none"));
    BufferedReader cases = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = cases.readLine(); line != null; line = cases.readLine()) {
      String[] fields = line.split("\t");
      CanonicalizationMethod method = factory.newCanonicalizationMethod(fields[0], (C14NMethodParameterSpec) null);
      InputStream input = new ByteArrayInputStream(Files.readAllBytes(Path.of(fields[1])));
      OctetStreamData written = (OctetStreamData) method.transform(new OctetStreamData(input), context);
      System.out.println(Base64.getEncoder().encodeToString(written.getOctetStream().readAllBytes()));
    }
  }
}
