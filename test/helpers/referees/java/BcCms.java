import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.util.encoders.Hex;

/**
 * Judges CMS signatures by BouncyCastle, with what EN 319 122-1 and EN 319 142-1 ask of levels B-B and B-T and
 * BouncyCastle leaves to its caller: DER, one of each signed attribute, signing-time, the signing certificate's hash,
 * the stamp. It knows nothing of chains and revocation.
 *
 * Reads one case a line, fields parted by tabs, and answers each with one line:
 *   detached LEVEL SIGNATURE DATA | attached LEVEL SIGNATURE DATA | pdf LEVEL FILE   ->   accepted|refused TAB why
 * What is accepted comes with each signer's algorithms: `digest OID/signature OID`.
 */
public final class BcCms {
  private static final Pattern BYTE_RANGE =
      Pattern.compile("/ByteRange\\s*\\[\\s*(\\d+)\\s+(\\d+)\\s+(\\d+)\\s+(\\d+)\\s*\\]");

  private enum Profile { CADES_DETACHED, CADES_ATTACHED, PADES }

  public static void main(String[] arguments) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    BufferedReader cases = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = cases.readLine(); line != null; line = cases.readLine()) {
      List<String> algorithms = new ArrayList<>();
      List<String> problems;
      try {
        problems = judge(line.split("\t"), algorithms);
      } catch (Exception error) {
        problems = List.of(error.getClass().getSimpleName() + ": " + error.getMessage());
      }
      String why = String.join(problems.isEmpty() ? " " : "; ", problems.isEmpty() ? algorithms : problems);
      System.out.println((problems.isEmpty() ? "accepted" : "refused") + "\t" + why.replaceAll("\\s+", " "));
    }
  }

  private static List<String> judge(String[] fields, List<String> algorithms) throws Exception {
    byte[] first = Files.readAllBytes(Path.of(fields[2]));
    switch (fields[0]) {
      case "pdf":
        return judgePdf(first, fields[1], algorithms);
      case "detached":
        return judgeCms(first, Files.readAllBytes(Path.of(fields[3])), Profile.CADES_DETACHED, fields[1], false, algorithms);
      case "attached":
        return judgeCms(first, Files.readAllBytes(Path.of(fields[3])), Profile.CADES_ATTACHED, fields[1], false, algorithms);
      default:
        throw new IllegalArgumentException("no such kind: " + fields[0]);
    }
  }

  /** A signature or document time stamp of a PDF: how far it reaches, what it is, what it is over. */
  private record Embedded(int number, int end, byte[] cms, byte[] data) {
    boolean isTimeStamp() throws Exception {
      try (ASN1InputStream input = new ASN1InputStream(cms)) {
        return new CMSSignedData(input.readObject().getEncoded()).getSignedContentTypeOID()
            .equals(PKCSObjectIdentifiers.id_ct_TSTInfo.getId());
      }
    }
  }

  /** Every /ByteRange in the file must frame its own hexadecimal string, and one of them must end where the file ends. */
  private static List<String> judgePdf(byte[] pdf, String level, List<String> algorithms) throws Exception {
    List<String> problems = new ArrayList<>();
    List<Embedded> found = findEmbedded(pdf, problems);
    int stampedTo = 0;
    for (Embedded one : found) if (one.isTimeStamp()) stampedTo = Math.max(stampedTo, one.end);
    for (Embedded one : found) {
      List<String> own =
          one.isTimeStamp()
              ? judgeDocumentTimeStamp(one)
              : judgeCms(one.cms, one.data, Profile.PADES, level, one.end < stampedTo, algorithms);
      for (String problem : own) problems.add("signature " + one.number + ": " + problem);
    }
    if (found.isEmpty()) problems.add("no /ByteRange");
    // At B-LT the file ends with what is stored.
    else if (!level.equals("B-LT") && found.stream().noneMatch(one -> one.end == pdf.length)) {
      problems.add("bytes after the last signature");
    }
    if (level.equals("B-LTA") && stampedTo != pdf.length) problems.add("no document time stamp at the end");
    return problems;
  }

  private static List<Embedded> findEmbedded(byte[] pdf, List<String> problems) {
    List<Embedded> found = new ArrayList<>();
    Matcher matcher = BYTE_RANGE.matcher(new String(pdf, StandardCharsets.ISO_8859_1));
    for (int number = 1; matcher.find(); number++) {
      int start = Integer.parseInt(matcher.group(1));
      int gap = start + Integer.parseInt(matcher.group(2));
      int resume = Integer.parseInt(matcher.group(3));
      int end = resume + Integer.parseInt(matcher.group(4));
      if (start != 0 || end > pdf.length || pdf[gap] != '<' || pdf[resume - 1] != '>') {
        problems.add("signature " + number + ": /ByteRange does not frame /Contents");
        continue;
      }
      byte[] data = new byte[gap + end - resume];
      System.arraycopy(pdf, 0, data, 0, gap);
      System.arraycopy(pdf, resume, data, gap, end - resume);
      found.add(new Embedded(number, end, Hex.decode(Arrays.copyOfRange(pdf, gap + 1, resume - 1)), data));
    }
    return found;
  }

  /** RFC 3161: a token that verifies, over the file but its own gap. */
  private static List<String> judgeDocumentTimeStamp(Embedded one) throws Exception {
    try (ASN1InputStream input = new ASN1InputStream(one.cms)) {
      List<String> problems = new ArrayList<>();
      judgeToken(input.readObject().getEncoded(), one.data, problems);
      return problems;
    }
  }

  private static List<String> judgeCms(
      byte[] encoded, byte[] data, Profile profile, String level, boolean isStampedLater, List<String> algorithms)
      throws Exception {
    List<String> problems = new ArrayList<>();
    ASN1Primitive root;
    try (ASN1InputStream input = new ASN1InputStream(encoded)) {
      root = input.readObject();
    }
    byte[] der = root.getEncoded("DER");
    boolean isDer = encoded.length >= der.length && Arrays.equals(der, Arrays.copyOf(encoded, der.length));
    if (!isDer) problems.add("not DER");
    for (int at = der.length; at < encoded.length; at++) {
      // /Contents is padded with zeros; a file of CMS is not.
      if (encoded[at] != 0 || profile != Profile.PADES) {
        problems.add("bytes after the CMS");
        break;
      }
    }
    byte[] exact = isDer ? der : encoded;
    CMSSignedData signed = new CMSSignedData(exact);
    if (profile == Profile.CADES_ATTACHED) {
      if (signed.getSignedContent() == null) return List.of("no content inside");
      if (!Arrays.equals((byte[]) signed.getSignedContent().getContent(), data)) problems.add("other content inside");
    } else {
      if (signed.getSignedContent() != null) problems.add("content inside a detached signature");
      signed = new CMSSignedData(new CMSProcessableByteArray(data), exact);
    }
    int signers = signed.getSignerInfos().size();
    if (signers == 0 || (profile == Profile.PADES && signers != 1)) problems.add(signers + " signers");
    for (SignerInformation signer : signed.getSignerInfos()) {
      for (SignerInformation counter : signer.getCounterSignatures()) {
        if (profile == Profile.PADES) problems.add("a counter-signature in a PDF");
        judgeSigner(signed, counter, profile, problems);
        judgeTimestamps(counter, level, false, problems);
        algorithms.add(counter.getDigestAlgOID() + "/" + counter.getEncryptionAlgOID());
      }
      judgeSigner(signed, signer, profile, problems);
      judgeTimestamps(signer, level, isStampedLater, problems);
      algorithms.add(signer.getDigestAlgOID() + "/" + signer.getEncryptionAlgOID());
    }
    return problems;
  }

  @SuppressWarnings("unchecked")
  private static void judgeSigner(
      CMSSignedData signed, SignerInformation signer, Profile profile, List<String> problems) throws Exception {
    var certificates = signed.getCertificates().getMatches(signer.getSID());
    if (certificates.size() != 1) {
      problems.add("signing certificate is not inside exactly once");
      return;
    }
    X509CertificateHolder certificate = (X509CertificateHolder) certificates.iterator().next();
    var verifier = new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(certificate);
    if (!signer.verify(verifier)) problems.add("signature does not verify");

    AttributeTable attributes = signer.getSignedAttributes();
    if (attributes == null) {
      problems.add("no signed attributes");
      return;
    }
    // RFC 5652 11.4: a countersignature must not have one.
    int contentTypes = signer.isCounterSignature() ? 0 : 1;
    expectCount(attributes, CMSAttributes.contentType, contentTypes, "content-type", problems);
    expectCount(attributes, CMSAttributes.messageDigest, 1, "message-digest", problems);
    // EN 319 142-1 puts the time into the signature dictionary's /M.
    int signingTimes = profile == Profile.PADES ? 0 : 1;
    expectCount(attributes, CMSAttributes.signingTime, signingTimes, "signing-time", problems);
    ASN1ObjectIdentifier essV2 = PKCSObjectIdentifiers.id_aa_signingCertificateV2;
    if (expectCount(attributes, essV2, 1, "signing-certificate-v2", problems)) {
      judgeSigningCertificate(attributes.get(essV2), certificate, problems);
    }
  }

  /**
   * A stamp above B-B is one that verifies, over this signature value, by the certificate that came with it; a document time
   * stamp that came later is as good.
   */
  private static void judgeTimestamps(
      SignerInformation signer, String level, boolean isStampedLater, List<String> problems) throws Exception {
    AttributeTable attributes = signer.getUnsignedAttributes();
    ASN1ObjectIdentifier type = PKCSObjectIdentifiers.id_aa_signatureTimeStampToken;
    int count = attributes == null ? 0 : attributes.getAll(type).size();
    int expected = level.equals("B-B") ? 0 : 1;
    if (count == 0 && isStampedLater) return;
    if (count != expected) problems.add("signature-time-stamp " + count + " times instead of " + expected);
    if (count != 1) return;
    judgeToken(attributes.get(type).getAttributeValues()[0].toASN1Primitive().getEncoded(), signer.getSignature(), problems);
  }

  private static void judgeToken(byte[] encoded, byte[] stamped, List<String> problems) throws Exception {
    TimeStampToken token = new TimeStampToken(new CMSSignedData(encoded));
    var certificates = token.getCertificates().getMatches(token.getSID());
    if (certificates.size() != 1) {
      problems.add("the time stamp's certificate is not inside exactly once");
      return;
    }
    X509CertificateHolder authority = (X509CertificateHolder) certificates.iterator().next();
    token.validate(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(authority));
    String digestOid = token.getTimeStampInfo().getMessageImprintAlgOID().getId();
    byte[] digest = MessageDigest.getInstance(digestOid, "BC").digest(stamped);
    if (!Arrays.equals(digest, token.getTimeStampInfo().getMessageImprintDigest())) problems.add("stamp of something else");
  }

  private static boolean expectCount(
      AttributeTable attributes, ASN1ObjectIdentifier type, int expected, String name, List<String> problems) {
    int count = attributes.getAll(type).size();
    if (count != expected) problems.add(name + " " + count + " times instead of " + expected);
    return count == expected;
  }

  private static void judgeSigningCertificate(
      Attribute attribute, X509CertificateHolder certificate, List<String> problems) throws Exception {
    ESSCertIDv2 id = SigningCertificateV2.getInstance(attribute.getAttributeValues()[0]).getCerts()[0];
    String digestOid = id.getHashAlgorithm().getAlgorithm().getId();
    byte[] digest = MessageDigest.getInstance(digestOid, "BC").digest(certificate.getEncoded());
    if (!Arrays.equals(digest, id.getCertHash())) problems.add("signing-certificate-v2 names another certificate");
    if (id.getIssuerSerial() != null
        && !id.getIssuerSerial().getSerial().getValue().equals(certificate.getSerialNumber())) {
      problems.add("signing-certificate-v2 names another serial number");
    }
  }
}
