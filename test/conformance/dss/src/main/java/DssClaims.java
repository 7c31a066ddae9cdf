import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.signature.CommitmentTypeIndication;
import eu.europa.esig.dss.model.signature.SignatureProductionPlace;
import eu.europa.esig.dss.model.signature.SignerRole;
import eu.europa.esig.dss.pades.validation.PAdESSignature;
import eu.europa.esig.dss.spi.signature.AdvancedSignature;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jose4j.json.JsonUtil;

/**
 * Tells what DSS reads of signers' claims: `DssClaims`.
 *
 * Reads one signed file a line, SIGNATURE [TAB DATA], and answers with one line of JSON, `{ "signatures": [{ commitments,
 * city, province, postalCode, country, address, roles, location, structure }] }`; location is that of a PDF, structure what
 * DSS finds wrong by the schema of the format.
 */
public final class DssClaims {
  public static void main(String[] arguments) throws Exception {
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader files = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = files.readLine(); line != null; line = files.readLine()) {
      answers.println(JsonUtil.toJson(Map.of("signatures", describe(line.split("\t")))));
    }
  }

  private static List<Map<String, Object>> describe(String[] fields) {
    SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(fields[0]));
    validator.setCertificateVerifier(new CommonCertificateVerifier());
    if (fields.length > 1) validator.setDetachedContents(List.<DSSDocument>of(new FileDocument(fields[1])));
    List<Map<String, Object>> described = new ArrayList<>();
    for (AdvancedSignature signature : validator.getSignatures()) {
      described.add(describe(signature));
      for (AdvancedSignature counter : signature.getCounterSignatures()) described.add(describe(counter));
    }
    return described;
  }

  private static Map<String, Object> describe(AdvancedSignature signature) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("commitments", list(signature.getCommitmentTypeIndications(), CommitmentTypeIndication::getIdentifier));
    claims.put("roles", list(signature.getClaimedSignerRoles(), SignerRole::getRole));
    SignatureProductionPlace place = signature.getSignatureProductionPlace();
    if (place != null) {
      claims.put("city", place.getCity());
      claims.put("province", place.getStateOrProvince());
      claims.put("postalCode", place.getPostalCode());
      claims.put("country", place.getCountryName());
      claims.put("address", place.getPostalAddress());
    }
    if (signature instanceof PAdESSignature pdf) claims.put("location", pdf.getPdfSignatureDictionary().getLocation());
    claims.put("structure", list(signature.getStructureValidationResult(), problem -> problem));
    return claims;
  }

  private static <T> List<String> list(List<T> all, Function<T, String> textOf) {
    return all == null ? List.of() : all.stream().map(textOf).toList();
  }
}
