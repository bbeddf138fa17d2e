package com.example.platform.test;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

/**
 * A module given as source text, compiled without the guards of this build, so that it
 * may break every rule of the architecture.
 */
final class SourceModule {

	private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");

	private static final Pattern TYPE = Pattern.compile("(?:class|record|enum|interface) (\\w+)");

	private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

	// Shared because it keeps the class path's jars open.
	private static final StandardJavaFileManager FILES = COMPILER.getStandardFileManager(null, null,
			StandardCharsets.UTF_8);

	private final Path folder;

	private final List<String> main = new ArrayList<>();

	private final List<String> tests = new ArrayList<>();

	private final List<String> libraries = new ArrayList<>();

	SourceModule(Path folder) {
		this.folder = folder;
	}

	/** Adds a compilation unit. */
	SourceModule main(String source) {
		main.add(source);
		return this;
	}

	/** Adds an empty class in a package with {@code @NullMarked}. */
	SourceModule feature(String packageName) {
		return main("@org.jspecify.annotations.NullMarked package " + packageName + ";")
			.main("package " + packageName + "; class Feature {}");
	}

	/** Adds a line to a file on the class path. */
	SourceModule resource(String name, String line) {
		try {
			Path file = output("main").resolve(name);
			Files.createDirectories(file.getParent());
			Files.writeString(file, line + "\n");
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Adds a compilation unit of the tests. */
	SourceModule test(String source) {
		tests.add(source);
		return this;
	}

	/** Adds a compilation unit that belongs to another module. */
	SourceModule library(String source) {
		libraries.add(source);
		return this;
	}

	/** Returns what breaks the rules, one message for each broken rule. */
	List<String> broken(ArchitectureRules rules) {
		compile(libraries, output("libraries"));
		List<String> broken = rules.brokenByMain(compile(main, output("main")));
		broken.addAll(rules.brokenByTests(compile(tests, output("tests"))));
		return broken;
	}

	private JavaClasses compile(List<String> sources, Path output) {
		StringWriter messages = new StringWriter();
		List<String> options = List.of("-proc:none", "-d", output.toString(), "-cp",
				String.join(System.getProperty("path.separator"), System.getProperty("java.class.path"),
						folder.resolve("libraries").toString(), folder.resolve("main").toString()));
		List<? extends JavaFileObject> units = sources.stream().map(SourceModule::unit).toList();
		if (!units.isEmpty() && !COMPILER.getTask(messages, FILES, null, options, null, units).call()) {
			throw new IllegalArgumentException(messages.toString());
		}
		return new ClassFileImporter().importPath(output);
	}

	private Path output(String name) {
		try {
			return Files.createDirectories(folder.resolve(name));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static JavaFileObject unit(String source) {
		String packageName = first(PACKAGE, source, "").replace('.', '/');
		String name = packageName + "/" + first(TYPE, source, "package-info") + ".java";
		return new SimpleJavaFileObject(URI.create("source:/" + name), JavaFileObject.Kind.SOURCE) {
			@Override
			public CharSequence getCharContent(boolean ignoreEncodingErrors) {
				return source;
			}
		};
	}

	private static String first(Pattern pattern, String text, String otherwise) {
		Matcher matcher = pattern.matcher(text);
		return matcher.find() ? matcher.group(1) : otherwise;
	}

}
