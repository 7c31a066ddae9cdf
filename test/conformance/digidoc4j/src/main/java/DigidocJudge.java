import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.stream.Collectors;
import org.digidoc4j.Configuration;
import org.digidoc4j.Container;
import org.digidoc4j.ContainerOpener;
import org.digidoc4j.ContainerValidationResult;
import org.digidoc4j.impl.asic.tsl.TSLCertificateSourceImpl;

/**
 * Judges containers by digidoc4j, the library of Estonia's identity card, offline: `DigidocJudge CA.pem TSA.pem`.
 *
 * Reads one case a line, fields parted by tabs, and answers each with one line:
 *   asic-xades LEVEL FILE   ->   accepted|refused TAB why
 *
 * Accepted means that the container is valid and each signature of the profile that the level is called there.
 */
public final class DigidocJudge {
  public static void main(String[] arguments) throws Exception {
    TSLCertificateSourceImpl trusted = new TSLCertificateSourceImpl();
    CertificateFactory certificates = CertificateFactory.getInstance("X.509");
    for (String file : arguments) {
      try (InputStream pem = Files.newInputStream(Path.of(file))) {
        trusted.addTSLCertificate((X509Certificate) certificates.generateCertificate(pem));
      }
    }
    Configuration configuration = new Configuration(Configuration.Mode.TEST);
    configuration.setTSL(trusted);
    BufferedReader cases = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = cases.readLine(); line != null; line = cases.readLine()) {
      String verdict;
      try {
        verdict = judge(line.split("\t"), configuration);
      } catch (RuntimeException error) {
        verdict = "refused\t" + error;
      }
      System.out.println(verdict.replaceAll("[\\r\\n]+", " "));
    }
    // Its pool of threads would keep the program alive.
    System.exit(0);
  }

  private static String judge(String[] fields, Configuration configuration) {
    Container container = ContainerOpener.open(fields[2], configuration);
    ContainerValidationResult result = container.validate();
    String profiles =
        container.getSignatures().stream()
            .map(signature -> signature.getProfile().name())
            .distinct()
            .collect(Collectors.joining(" "));
    boolean isAccepted = result.isValid() && profiles.equals(fields[1].replace("B-", ""));
    return (isAccepted ? "accepted" : "refused") + "\t" + profiles + " " + result.getErrors();
  }
}
