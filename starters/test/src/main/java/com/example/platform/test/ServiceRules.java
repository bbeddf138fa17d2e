package com.example.platform.test;

import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * Rules of what is built on the starters.
 */
final class ServiceRules {

	private static final String APPLICATION = "org.springframework.boot.autoconfigure.SpringBootApplication";

	private ServiceRules() {
	}

	static List<ArchRule> process() {
		return List.of(ModuleRules.noSleep(),
				classes().that()
					.areTopLevelClasses()
					.should(ArchCondition.from(
							describe("be public only if another package uses them", ServiceRules::isAsPublicAsNeeded)))
					.because("what is package-private can change without asking anybody: remove the word public"));
	}

	static List<ArchRule> technologies(String basePackage) {
		return List.of(
				noClasses().that(areNotNamed("Grpc.*", ".*GrpcService"))
					.should()
					.dependOnClassesThat()
					.resideInAnyPackage("com.example.contracts..", "com.google.protobuf..", "io.grpc..",
							"org.springframework.grpc..")
					.because("the contract changes for other reasons than the domain: "
							+ "translate in a class named Grpc* or *GrpcService"),
				noClasses().that(areNotNamed(".*Controller", ".*Problems"))
					.should()
					.dependOnClassesThat()
					.resideInAnyPackage("io.swagger.v3..", "jakarta.servlet..", "org.springframework.http..",
							"org.springframework.web..")
					.because("gRPC obeys the same rules as REST: keep HTTP in classes named *Controller or *Problems"),
				noClasses().that(areNotNamed(".*Repository"))
					.should()
					.dependOnClassesThat()
					.resideInAnyPackage("java.sql..", "javax.sql..", "org.springframework.jdbc..")
					.because("how data is stored is one class's secret: keep SQL in classes named *Repository"),
				classes().that(describe("are records, enums or exceptions", ServiceRules::isDomainType))
					.should()
					.onlyDependOnClassesThat(
							resideInAnyPackage("java..", basePackage + "..", "org.jspecify..", "jakarta.validation..",
									"org.hibernate.validator.constraints..", "org.springframework.data.annotation..",
									"org.springframework.data.relational.core.mapping..")
								.or(name("org.springframework.boot.context.properties.ConfigurationProperties"))
								.or(name("org.springframework.boot.context.properties.bind.DefaultValue"))
								.or(name("com.example.platform.liveconfiguration.Live"))
								.as("are the domain's own or declare constraints, mapping, keys or defaults"))
					.because("the domain outlives frameworks: move what needs one to the class that adapts it"));
	}

	private static DescribedPredicate<JavaClass> areNotNamed(String... patterns) {
		return describe("are not named " + String.join(" or ", patterns).replace(".*", "*"),
				(type) -> Stream.of(patterns)
					.noneMatch((pattern) -> ModuleRules.outermost(type).getSimpleName().matches(pattern)));
	}

	private static boolean isDomainType(JavaClass type) {
		JavaClass outermost = ModuleRules.outermost(type);
		return outermost.isRecord() || outermost.isEnum() || outermost.isAssignableTo(Throwable.class);
	}

	private static boolean isAsPublicAsNeeded(JavaClass type) {
		return !type.getModifiers().contains(JavaModifier.PUBLIC) || type.isAnnotatedWith(APPLICATION)
				|| type.getDirectDependenciesToSelf()
					.stream()
					.anyMatch((use) -> !use.getOriginClass().getPackageName().equals(type.getPackageName()));
	}

}
