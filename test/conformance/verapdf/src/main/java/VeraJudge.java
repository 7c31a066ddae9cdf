import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Tells by veraPDF whether PDFs are PDF/A or PDF/UA, offline.
 *
 * Reads one case a line, `FLAVOUR TAB FILE`, a flavour being for example `1b`, `2u` or `ua1`, and answers each with one
 * line: accepted|refused TAB the rules that are broken, each as clause, number, message and place.
 */
public final class VeraJudge {
  private static final int MAX_FAILURES = 20;

  public static void main(String[] arguments) throws Exception {
    LogManager.getLogManager().reset();
    VeraGreenfieldFoundryProvider.initialise();
    BufferedReader cases = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = cases.readLine(); line != null; line = cases.readLine()) {
      String[] fields = line.split("\t");
      String verdict;
      try {
        verdict = judge(PDFAFlavour.fromString(fields[0]), new File(fields[1]));
      } catch (Exception error) {
        verdict = "refused\t" + error.getClass().getSimpleName() + ": " + error.getMessage();
      }
      System.out.println(verdict.replaceAll("[\\r\\n]+", " "));
    }
  }

  private static String judge(PDFAFlavour flavour, File file) throws Exception {
    try (PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour);
        PDFAValidator validator =
            Foundries.defaultInstance().createValidator(flavour, MAX_FAILURES, false, false, false)) {
      ValidationResult result = validator.validate(parser);
      TreeSet<String> broken = new TreeSet<>();
      for (TestAssertion one : result.getTestAssertions()) {
        if (one.getStatus() != TestAssertion.Status.FAILED) continue;
        String rule = one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber();
        broken.add(rule + " " + one.getMessage() + " at " + one.getLocation().getContext());
      }
      return (result.isCompliant() ? "accepted\t" : "refused\t") + String.join("; ", broken);
    }
  }
}
