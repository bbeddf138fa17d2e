package com.example.platform.test;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.Source;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The rules of the architecture that the compiled classes of one module have to follow.
 * Each kind of module has its own; the message of a broken rule ends with what to do. A
 * rule that finds nothing to look at is broken too.
 */
public final class ArchitectureRules {

	// What JMH generates beside a benchmark.
	private static final ImportOption NOT_GENERATED = (location) -> !location.contains("/jmh_generated/");

	private final String basePackage;

	private final List<ArchRule> mainRules;

	private final List<ArchRule> testRules = Stream.of(ModuleRules.forMainAndTests(), ModuleRules.forTests())
		.flatMap(List::stream)
		.toList();

	private ArchitectureRules(String basePackage, List<List<ArchRule>> mainRules) {
		this.basePackage = basePackage;
		this.mainRules = mainRules.stream().flatMap(List::stream).toList();
	}

	/**
	 * Rules of a service: features in packages, and each technology behind classes that
	 * are named after it.
	 * @param basePackage package of the application class
	 */
	public static ArchitectureRules service(String basePackage) {
		return new ArchitectureRules(basePackage,
				List.of(ModuleRules.forMainAndTests(), ModuleRules.forMain(basePackage),
						ModuleRules.forProduction(basePackage, "com.example.contracts.."), ServiceRules.process(),
						ServiceRules.technologies(basePackage)));
	}

	/**
	 * Rules of a process that is not a service, such as the gateway.
	 * @param basePackage package of the application class
	 */
	public static ArchitectureRules application(String basePackage) {
		return new ArchitectureRules(basePackage,
				List.of(ModuleRules.forMainAndTests(), ModuleRules.forMain(basePackage),
						ModuleRules.forProduction(basePackage), ServiceRules.process(),
						StarterRules.configurationKeys(basePackage)));
	}

	/**
	 * Rules of a starter that configures itself.
	 * @param basePackage package of the capability
	 */
	public static ArchitectureRules starter(String basePackage) {
		return new ArchitectureRules(basePackage,
				List.of(ModuleRules.forMainAndTests(), ModuleRules.forMain(basePackage),
						ModuleRules.forProduction(basePackage), StarterRules.autoConfiguration(basePackage),
						StarterRules.configurationKeys(basePackage)));
	}

	/**
	 * Rules of a module that runs in a service without configuring itself.
	 * @param basePackage package that all classes are in
	 */
	public static ArchitectureRules library(String basePackage) {
		return new ArchitectureRules(basePackage, List.of(ModuleRules.forMainAndTests(),
				ModuleRules.forMain(basePackage), ModuleRules.forProduction(basePackage)));
	}

	/**
	 * Rules of a program for developers, which may write to the terminal and look at the
	 * time.
	 * @param basePackage package that all classes are in
	 */
	public static ArchitectureRules tool(String basePackage) {
		return new ArchitectureRules(basePackage,
				List.of(ModuleRules.forMainAndTests(), ModuleRules.forMain(basePackage)));
	}

	/**
	 * Checks the classes on the class path, those of tests by fewer rules.
	 * @throws AssertionError with all that breaks a rule
	 */
	public void check() {
		JavaClasses all = new ClassFileImporter().withImportOption(NOT_GENERATED).importPackages(basePackage);
		List<String> broken = brokenByMain(all.that(are(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)));
		broken.addAll(brokenByTests(all.that(are(ImportOption.Predefined.ONLY_INCLUDE_TESTS))));
		if (!broken.isEmpty()) {
			throw new AssertionError(String.join("\n\n", broken));
		}
	}

	List<String> brokenByMain(JavaClasses classes) {
		return broken(mainRules, classes);
	}

	List<String> brokenByTests(JavaClasses classes) {
		return broken(testRules, classes);
	}

	// Reading the classes takes longest, so that they are read once.
	private static DescribedPredicate<JavaClass> are(ImportOption option) {
		return DescribedPredicate.describe(option.toString(),
				(type) -> type.getSource().map(Source::getUri).map(Location::of).filter(option::includes).isPresent());
	}

	private static List<String> broken(List<ArchRule> rules, JavaClasses classes) {
		List<String> broken = new ArrayList<>();
		for (ArchRule rule : rules) {
			try {
				rule.check(classes);
			}
			catch (AssertionError ex) {
				broken.add(String.valueOf(ex.getMessage()));
			}
		}
		return broken;
	}

}
