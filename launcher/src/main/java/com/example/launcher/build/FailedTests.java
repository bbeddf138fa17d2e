package com.example.launcher.build;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

import com.example.launcher.process.LocalSystemException;

/**
 * The tests that failed, as the reports of Surefire and Failsafe tell. Modules are tested
 * side by side, so that what Maven prints of a failure is far above its last line.
 */
public final class FailedTests {

	private static final List<String> REPORTS = List.of("target/surefire-reports", "target/failsafe-reports");

	private static final int LONGEST_MESSAGE = 300;

	private FailedTests() {
	}

	/**
	 * A line for each test that failed: its module, its name and why.
	 * @param workspace the repository
	 * @param start reports that are older tell of another run
	 * @throws LocalSystemException if a report cannot be read
	 */
	public static List<String> since(Instant start, Workspace workspace) {
		// Some file systems know seconds only.
		FileTime oldest = FileTime.from(start.truncatedTo(ChronoUnit.SECONDS));
		List<String> failed = new ArrayList<>();
		for (String module : workspace.modules()) {
			for (String reports : REPORTS) {
				Path folder = workspace.root().resolve(module).resolve(reports);
				if (Files.isDirectory(folder)) {
					failed.addAll(in(folder, oldest).stream().map((test) -> module + ": " + test).toList());
				}
			}
		}
		return failed;
	}

	private static List<String> in(Path folder, FileTime oldest) {
		List<String> failed = new ArrayList<>();
		try (DirectoryStream<Path> reports = Files.newDirectoryStream(folder, "TEST-*.xml")) {
			for (Path report : reports) {
				if (Files.getLastModifiedTime(report).compareTo(oldest) >= 0) {
					try {
						failed.addAll(in(report));
					}
					catch (XMLStreamException ex) {
						failed.add(report.getFileName() + " ends half way: the tests were killed");
					}
				}
			}
			return failed;
		}
		catch (IOException ex) {
			throw new LocalSystemException("The reports in %s cannot be read (%s).".formatted(folder, ex), ex);
		}
	}

	private static List<String> in(Path report) throws IOException, XMLStreamException {
		List<String> failed = new ArrayList<>();
		try (InputStream input = Files.newInputStream(report)) {
			XMLStreamReader xml = XMLInputFactory.newDefaultFactory().createXMLStreamReader(input);
			String test = "";
			while (xml.hasNext()) {
				if (xml.next() != XMLStreamReader.START_ELEMENT) {
					continue;
				}
				switch (xml.getLocalName()) {
					case "testcase" ->
						test = xml.getAttributeValue(null, "classname") + "." + xml.getAttributeValue(null, "name");
					case "failure", "error" -> failed.add("%s: %s".formatted(test, message(xml)));
					default -> {
					}
				}
			}
		}
		return failed;
	}

	private static String message(XMLStreamReader failure) {
		String told = failure.getAttributeValue(null, "message");
		String message = (told != null) ? told.strip().replaceAll("\\s+", " ") : "";
		return message.isEmpty() ? failure.getAttributeValue(null, "type")
				: message.substring(0, Math.min(LONGEST_MESSAGE, message.length()));
	}

}
