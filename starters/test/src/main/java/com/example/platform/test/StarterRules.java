package com.example.platform.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

/**
 * Rules of what configures itself.
 */
final class StarterRules {

	private static final String AUTO_CONFIGURATION = "org.springframework.boot.autoconfigure.AutoConfiguration";

	private static final String IMPORTS = "META-INF/spring/" + AUTO_CONFIGURATION + ".imports";

	private static final String PROPERTIES = "org.springframework.boot.context.properties.ConfigurationProperties";

	private StarterRules() {
	}

	static List<ArchRule> autoConfiguration(String basePackage) {
		return List.of(
				classes().that()
					.areAnnotatedWith(AUTO_CONFIGURATION)
					.should()
					.haveSimpleNameEndingWith("AutoConfiguration")
					.andShould()
					.resideInAPackage(basePackage + ".autoconfigure")
					.because("wiring is looked for there: move it to the package autoconfigure, with that ending"),
				classes().that()
					.haveSimpleNameEndingWith("AutoConfiguration")
					.should()
					.beAnnotatedWith(AUTO_CONFIGURATION)
					.because("Spring Boot orders only those: annotate it with @AutoConfiguration"),
				classes().that()
					.areAnnotatedWith(AUTO_CONFIGURATION)
					.should(ArchCondition.from(
							describe("be public and final, without public methods or fields", StarterRules::isClosed)))
					.because("others name it to exclude it and may do nothing else with it: close what is open"),
				classes().that()
					.areAnnotatedWith(AUTO_CONFIGURATION)
					.should(ArchCondition.from(describe("be listed in " + IMPORTS, StarterRules::isListed)))
					.because("Spring Boot finds no others: add a line with its name"),
				noMethods().should()
					.beAnnotatedWith("org.springframework.boot.autoconfigure.condition.ConditionalOnClass")
					.because("the class of the method is loaded first and fails: put the condition on a nested class"));
	}

	static List<ArchRule> configurationKeys(String basePackage) {
		String prefix = "platform." + basePackage.substring(basePackage.lastIndexOf('.') + 1);
		return List.of(classes()
			.should(ArchCondition.from(describe("keep configuration in records with keys below " + prefix,
					(type) -> !type.isAnnotatedWith(
							PROPERTIES)
							|| (type.isRecord() && (hasPrefix(type, prefix) || hasPrefix(type, "spring"))))))
			.because(
					"configuration is immutable and named after its owner, Spring's own keys apart: make it a record with that prefix"));
	}

	private static boolean isClosed(JavaClass type) {
		return type.getModifiers().containsAll(List.of(JavaModifier.PUBLIC, JavaModifier.FINAL))
				&& Stream.concat(type.getMethods().stream(), type.getFields().stream())
					.noneMatch((member) -> member.getModifiers().contains(JavaModifier.PUBLIC));
	}

	private static boolean isListed(JavaClass type) {
		String path = type.getName().replace('.', '/') + ".class";
		String uri = type.getSource().orElseThrow().getUri().toString();
		URI imports = URI.create(uri.substring(0, uri.length() - path.length()) + IMPORTS);
		try (InputStream stream = imports.toURL().openStream()) {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().anyMatch(type.getName()::equals);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	// Kebab case in a key stands for no separator in a package name.
	private static boolean hasPrefix(JavaClass type, String prefix) {
		JavaAnnotation<JavaClass> annotation = type.getAnnotationOfType(PROPERTIES);
		return Stream.of("value", "prefix")
			.flatMap((name) -> annotation.get(name).stream())
			.map((key) -> key.toString().replace("-", ""))
			.anyMatch((key) -> key.equals(prefix) || key.startsWith(prefix + "."));
	}

}
