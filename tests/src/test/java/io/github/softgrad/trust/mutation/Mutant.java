package io.github.softgrad.trust.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/// One change that PIT made to the library, and what became of it.
///
/// The line of source text, and not its number, says where: it stays the same when lines are added above.
///
/// @param type the class, without the package of the library
/// @param method the method that it was made in; a lambda counts as its method
/// @param mutator the kind of change, such as `Math`
/// @param source the line of source text that was changed
/// @param status what PIT says, such as `KILLED`
record Mutant(String type, String method, String mutator, String source, String status) {

    private static final String PACKAGE = "io.github.softgrad.";

    /// Whether a test noticed, by failing or by not coming to an end.
    boolean isKilled() {
        return switch (status) {
            case "KILLED", "TIMED_OUT", "MEMORY_ERROR" -> true;
            default -> false;
        };
    }

    /// Whether no test noticed.
    boolean survived() {
        return status.equals("SURVIVED") || status.equals("NO_COVERAGE");
    }

    /// Whether PIT failed to say: neither killed nor alive, nor refused by the virtual machine.
    boolean isUndecided() {
        return !isKilled() && !survived() && !status.equals("NON_VIABLE");
    }

    /// The columns with which one survivor is listed, without the argument.
    String listed() {
        return String.join("\t", type, method, mutator, "1", source);
    }

    /// The mutants of a report of PIT's. The sources are those under the directory.
    static List<Mutant> read(Path report, Path sources) throws IOException {
        NodeList elements;
        try {
            elements = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(report.toFile())
                    .getElementsByTagName("mutation");
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(report + " is not a report of PIT's", e);
        }
        Map<Path, List<String>> lines = new HashMap<>();
        List<Mutant> mutants = new ArrayList<>();
        for (int i = 0; i < elements.getLength(); i++) {
            Element element = (Element) elements.item(i);
            Path file = source(element, sources);
            List<String> text = lines.get(file);
            if (text == null) {
                text = Files.readAllLines(file);
                lines.put(file, text);
            }
            mutants.add(of(element, text));
        }
        return mutants;
    }

    private static Path source(Element element, Path sources) {
        String type = text(element, "mutatedClass");
        String folder = type.substring(0, type.lastIndexOf('.')).replace('.', '/');
        return sources.resolve(folder).resolve(text(element, "sourceFile"));
    }

    private static Mutant of(Element element, List<String> source) {
        String mutator = text(element, "mutator");
        return new Mutant(
                text(element, "mutatedClass").substring(PACKAGE.length()),
                text(element, "mutatedMethod").replaceFirst("^lambda\\$(.*)\\$\\d+$", "$1"),
                mutator.substring(mutator.lastIndexOf('.') + 1).replaceFirst("Mutator.*$", ""),
                source.get(Integer.parseInt(text(element, "lineNumber")) - 1).strip(),
                element.getAttribute("status"));
    }

    private static String text(Element element, String name) {
        return element.getElementsByTagName(name).item(0).getTextContent();
    }
}
