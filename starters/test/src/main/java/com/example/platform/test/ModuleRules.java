package com.example.platform.test;

import java.time.Clock;
import java.util.List;
import java.util.Set;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMembers;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * Rules that do not depend on what a module is for.
 */
final class ModuleRules {

	private ModuleRules() {
	}

	static List<ArchRule> forMainAndTests() {
		return List.of(
				classes()
					.should(ArchCondition.from(describe("be in a package with @NullMarked", ModuleRules::nullMarked)))
					.because("null is checked only there: add a package-info.java with @NullMarked"),
				noClasses().should()
					.resideInAnyPackage("..config..", "..util..", "..utils..", "..common..", "..dto..", "..impl..",
							"..helper..", "..helpers..", "..misc..")
					.because("a package is named after a feature or after what it adapts: move the class to its user"),
				noClasses().should()
					.dependOnClassesThat()
					.haveFullyQualifiedName("java.util.Date")
					.orShould()
					.dependOnClassesThat()
					.haveFullyQualifiedName("java.util.Calendar")
					.because("they are mutable and know no zone: use java.time"),
				noClasses().should()
					.dependOnClassesThat()
					.resideInAPackage("java.util.logging..")
					.because("its lines bypass the log's format: use Commons Logging's LogFactory"));
	}

	static List<ArchRule> forTests() {
		return List.of(noSleep(),
				classes()
					.should(ArchCondition.from(describe("be enabled, with all their methods", ModuleRules::isEnabled)))
					.because("a test that does not run proves nothing: repair it, or delete it with its reason"),
				methods().that()
					.areMetaAnnotatedWith("org.junit.platform.commons.annotation.Testable")
					.should()
					.beDeclaredInClassesThat(describe("are named *Tests",
							(JavaClass type) -> outermost(type).getSimpleName().endsWith("Tests")))
					.because("the build runs no others: rename the class"));
	}

	static List<ArchRule> forMain(String basePackage) {
		return List.of(
				slices().assignedFrom(new FirstPackageBelow(basePackage))
					.should()
					.beFreeOfCycles()
					.because("packages in a cycle can only be understood, changed and removed together: "
							+ "let the user own the interface"),
				noMembers().should()
					.beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
					.orShould()
					.beAnnotatedWith("org.springframework.beans.factory.annotation.Value")
					.orShould()
					.beAnnotatedWith("jakarta.inject.Inject")
					.orShould()
					.beAnnotatedWith("jakarta.annotation.Resource")
					.because("an object is complete once constructed: take it as parameter of the only constructor"),
				noClasses().that()
					.resideOutsideOfPackage("com.example..autoconfigure..")
					.should()
					.dependOnClassesThat()
					.resideInAPackage("com.example..autoconfigure..")
					.because("wiring is replaceable and nobody's interface: depend on the starter's root package"));
	}

	static List<ArchRule> forProduction(String basePackage, String... otherPackages) {
		return List.of(
				GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS
					.because("output without level, time and trace is lost: log it"),
				noClasses().should()
					.accessTargetWhere(describe("reads the system's clock", ModuleRules::isSystemTime))
					.because("a test must be able to set the time: take a java.time.Clock, "
							+ "or System.nanoTime() for durations"),
				noClasses().should()
					.dependOnClassesThat(resideInAPackage("com.example..")
						.and(not(resideInAnyPackage(basePackage + "..", "com.example.platform..")))
						.and(not(resideInAnyPackage(otherPackages)))
						.as("belong to another part of the system"))
					.because("services call each other by contract, and a starter knows none of them: "
							+ "invert the dependency"));
	}

	static ArchRule noSleep() {
		return noClasses().should()
			.accessTargetWhere(describe("is a sleep", ModuleRules::isSleep))
			.because("nobody knows how long is enough: wait for the condition itself, tests with Awaitility");
	}

	static JavaClass outermost(JavaClass type) {
		return type.getEnclosingClass().map(ModuleRules::outermost).orElse(type);
	}

	private static boolean nullMarked(JavaClass type) {
		return type.getPackage().isAnnotatedWith(NullMarked.class);
	}

	private static boolean isEnabled(JavaClass type) {
		String disabled = "org.junit.jupiter.api.Disabled";
		return !type.isAnnotatedWith(disabled)
				&& type.getMethods().stream().noneMatch((method) -> method.isAnnotatedWith(disabled));
	}

	private static boolean isSleep(JavaAccess<?> access) {
		return access.getTarget().getName().equals("sleep")
				&& Set.of("java.lang.Thread", "java.util.concurrent.TimeUnit")
					.contains(access.getTargetOwner().getName());
	}

	private static boolean isSystemTime(JavaAccess<?> access) {
		AccessTarget target = access.getTarget();
		if (target.getName().equals("now") && access.getTargetOwner().getPackageName().startsWith("java.time")) {
			return target instanceof AccessTarget.CodeUnitAccessTarget method
					&& method.getRawParameterTypes().stream().noneMatch((type) -> type.isEquivalentTo(Clock.class));
		}
		return target.getName().equals("currentTimeMillis") && access.getTargetOwner().isEquivalentTo(System.class);
	}

	/**
	 * Puts the classes right in the base package in one slice, and each package below
	 * with all its descendants in another.
	 */
	private static final class FirstPackageBelow implements SliceAssignment {

		private final String basePackage;

		private FirstPackageBelow(String basePackage) {
			this.basePackage = basePackage;
		}

		@Override
		public SliceIdentifier getIdentifierOf(JavaClass type) {
			String name = type.getPackageName();
			int end = name.indexOf('.', basePackage.length() + 1);
			return SliceIdentifier.of((end < 0) ? name : name.substring(0, end));
		}

		@Override
		public String getDescription() {
			return "packages below " + basePackage;
		}

	}

}
