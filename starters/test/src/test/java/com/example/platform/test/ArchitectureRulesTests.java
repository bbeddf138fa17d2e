package com.example.platform.test;

import java.nio.file.Path;
import java.util.List;

import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Each rule bites, and no other rule with it.
 */
class ArchitectureRulesTests {

	private static final String IMPORTS = "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports";

	@Test
	void aBasePackageWithoutClassesBreaksTheRules() {
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> ArchitectureRules.tool("com.example.nowhere").check())
			.withMessageContaining("failed to check any classes");
	}

	@Nested
	class Service {

		private SourceModule module;

		@BeforeEach
		void cleanService(@TempDir Path folder) {
			module = new SourceModule(folder).main("@org.jspecify.annotations.NullMarked package com.example.shop;")
				.main("""
						package com.example.shop;
						@org.springframework.boot.autoconfigure.SpringBootApplication public class ShopApplication {}""")
				.main("@org.jspecify.annotations.NullMarked package com.example.shop.sale;")
				.main("""
						package com.example.shop.sale;
						public record Sale(@org.springframework.boot.context.properties.bind.DefaultValue("1") long id) {}""")
				.main("@org.jspecify.annotations.NullMarked package com.example.shop.refund;")
				.main("""
						package com.example.shop.refund;
						class Refunds {
							com.example.shop.sale.Sale sale = new com.example.shop.sale.Sale(1);
							java.time.Instant at(java.time.Clock clock) { return java.time.Instant.now(clock); }
						}""")
				.library("package com.example.contracts.shop.v1; public class Message {}")
				.main("""
						package com.example.shop.sale;
						class SaleGrpcService { com.example.contracts.shop.v1.Message message; }""")
				.main("@org.jspecify.annotations.NullMarked package com.example.shop.stock;")
				.main("package com.example.shop.stock; class StockRepository { javax.sql.DataSource stock; }")
				.library("package org.springframework.web; public @interface Get {}")
				.main("package com.example.shop.stock; class StockController { @org.springframework.web.Get int stock; }")
				.test("@org.jspecify.annotations.NullMarked package com.example.shop.sale;")
				.test("""
						package com.example.shop.sale;
						class SaleTests { @org.junit.jupiter.api.Test void sells() {} }""");
		}

		@Test
		void aCleanServiceFollowsTheRules() {
			assertThat(module.broken(service())).isEmpty();
		}

		@Test
		void aPackageIsNullMarked() {
			assertBroken(module.main("package com.example.shop.gift; class Gifts {}"), "package-info.java", "Gifts");
		}

		@Test
		void aPackageOfTestsIsNullMarked() {
			assertBroken(module.test("package com.example.shop.gift; class GiftTests {}"), "package-info.java",
					"GiftTests");
		}

		@Test
		void aPackageIsNotNamedAfterWhatIsLeftOver() {
			for (String name : new String[] { "config", "util", "utils", "common", "dto", "impl", "helper", "helpers",
					"misc" }) {
				module.feature("com.example.shop." + name);
			}
			assertBroken(module, "a package is named after a feature", ".config.", ".util.", ".utils.", ".common.",
					".dto.", ".impl.", ".helper.", ".helpers.", ".misc.");
		}

		@Test
		void packagesHaveNoCycle() {
			module.main("package com.example.shop.sale; class Sales { com.example.shop.refund.Refund refund; }")
				.main("package com.example.shop.refund; public class Refund {}");
			assertBroken(module, "let the user own the interface", "Cycle detected");
		}

		@Test
		void nothingSleeps() {
			module.main("""
					package com.example.shop.sale;
					class Sleeper { void sleep() throws Exception { Thread.sleep(1); } }""")
				.main("""
						package com.example.shop.sale;
						class UnitSleeper { void sleep() throws Exception { java.util.concurrent.TimeUnit.DAYS.sleep(1); } }""");
			assertBroken(module, "wait for the condition itself", ".Sleeper.", ".UnitSleeper.");
		}

		@Test
		void noTestSleeps() {
			module.test("""
					package com.example.shop.sale;
					class SlowTests { void sleep() throws Exception { Thread.sleep(1); } }""");
			assertBroken(module, "wait for the condition itself", "SlowTests");
		}

		@Test
		void timesAreJavaTime() {
			module.main("package com.example.shop.sale; class Dates { java.util.Date date; }")
				.main("package com.example.shop.sale; class Calendars { java.util.Calendar calendar; }");
			assertBroken(module, "use java.time", "Dates", "Calendars");
		}

		@Test
		void theLogIsTheOnlyOne() {
			module.main("package com.example.shop.sale; class Logs { java.util.logging.Logger log; }");
			assertBroken(module, "use Commons Logging's LogFactory", "Logs");
		}

		@Test
		void nothingIsPrinted() {
			module.main("package com.example.shop.sale; class Out { void print() { System.out.println(); } }")
				.main("package com.example.shop.sale; class Err { void print() { System.err.println(); } }")
				.main("""
						package com.example.shop.sale;
						class Trace { void print() { new Exception().printStackTrace(); } }""");
			assertBroken(module, "log it", ".Out.", ".Err.", ".Trace.");
		}

		@Test
		void theTimeComesFromAClock() {
			module.main("package com.example.shop.sale; class Now { Object now = java.time.LocalDateTime.now(); }")
				.main("""
						package com.example.shop.sale;
						class Reference { java.util.function.Supplier<?> now = java.time.Instant::now; }""")
				.main("package com.example.shop.sale; class Zoned { Object now = java.time.LocalDate.now(java.time.ZoneOffset.UTC); }")
				.main("package com.example.shop.sale; class Millis { long now = System.currentTimeMillis(); }");
			assertBroken(module, "take a java.time.Clock", ".Now.", ".Reference.", ".Zoned.", ".Millis.");
		}

		@Test
		void constructorsInject() {
			module.library("package jakarta.inject; public @interface Inject {}")
				.main("""
						package com.example.shop.sale;
						class AutowiredField { @org.springframework.beans.factory.annotation.Autowired String value; }""")
				.main("""
						package com.example.shop.sale;
						class ValueField { @org.springframework.beans.factory.annotation.Value("") String value; }""")
				.main("""
						package com.example.shop.sale;
						class Setter { @org.springframework.beans.factory.annotation.Autowired void set(String value) {} }""")
				.main("""
						package com.example.shop.sale;
						class InjectField { @jakarta.inject.Inject String value; }""")
				.main("""
						package com.example.shop.sale;
						class ResourceField { @jakarta.annotation.Resource String value; }""");
			assertBroken(module, "parameter of the only constructor", ".AutowiredField.", ".ValueField.", ".Setter.",
					".InjectField.", ".ResourceField.");
		}

		@Test
		void nothingDependsOnWiring() {
			module.library("package com.example.platform.x.autoconfigure; public class XAutoConfiguration {}").main("""
					package com.example.shop.sale;
					class Wired { com.example.platform.x.autoconfigure.XAutoConfiguration wiring; }""");
			assertBroken(module, "depend on the starter's root package", "Wired");
		}

		@Test
		void servicesDoNotDependOnEachOther() {
			module.library("package com.example.bank; public class Bank {}")
				.main("package com.example.shop.sale; class Payment { com.example.bank.Bank bank; }");
			assertBroken(module, "services call each other by contract", "Payment");
		}

		@Test
		void aClassIsPublicOnlyForAnotherPackage() {
			module.main("package com.example.shop.sale; public class Lonely {}")
				.main("package com.example.shop.sale; class Neighbour { Lonely lonely; }");
			assertBroken(module, "remove the word public", "Lonely");
		}

		@Test
		void contractsStayInClassesNamedAfterGrpc() {
			module.library("package io.grpc; public class Status {}")
				.library("package com.google.protobuf; public class Timestamp {}")
				.library("package org.springframework.grpc; public class Handler {}")
				.main("package com.example.shop.sale; class Sent { com.example.contracts.shop.v1.Message message; }")
				.main("package com.example.shop.sale; class Failed { io.grpc.Status status; }")
				.main("package com.example.shop.sale; class At { com.google.protobuf.Timestamp at; }")
				.main("package com.example.shop.sale; class Handled { org.springframework.grpc.Handler handler; }")
				.main("package com.example.shop.sale; class GrpcStatus { io.grpc.Status status; }");
			assertBroken(module, "translate in a class named Grpc*", ".Sent.", ".Failed.", ".At.", ".Handled.");
		}

		@Test
		void httpStaysInControllersAndProblems() {
			module.library("package org.springframework.http; public class Headers {}")
				.library("package io.swagger.v3; public class Tag {}")
				.library("package jakarta.servlet; public class Request {}")
				.main("package com.example.shop.sale; class Page { @org.springframework.web.Get int page; }")
				.main("package com.example.shop.sale; class Headed { org.springframework.http.Headers headers; }")
				.main("package com.example.shop.sale; class Tagged { io.swagger.v3.Tag tag; }")
				.main("package com.example.shop.sale; class Requested { jakarta.servlet.Request request; }")
				.main("package com.example.shop.sale; class SaleProblems { org.springframework.http.Headers headers; }");
			assertBroken(module, "keep HTTP in classes named *Controller", ".Page.", ".Headed.", ".Tagged.",
					".Requested.");
		}

		@Test
		void sqlStaysInRepositories() {
			module.library("package org.springframework.jdbc; public class Client {}")
				.main("package com.example.shop.sale; class Rows { java.sql.ResultSet rows; }")
				.main("package com.example.shop.sale; class Source { javax.sql.DataSource source; }")
				.main("package com.example.shop.sale; class Client { org.springframework.jdbc.Client client; }");
			assertBroken(module, "keep SQL in classes named *Repository", ".Rows.", ".Source.", ".Client.");
		}

		@Test
		void domainTypesKnowNoFramework() {
			String environment = "org.springframework.core.env.Environment";
			module.main("package com.example.shop.sale; record Price(" + environment + " environment) {}")
				.main("package com.example.shop.sale; enum Kind { A; " + environment + " environment; }")
				.main("package com.example.shop.sale; class SaleException extends Exception { " + environment + " e; }")
				.main("package com.example.shop.sale; class Sales { " + environment + " environment; }");
			assertBroken(module, "the domain outlives frameworks", ".Price.", ".Kind.", ".SaleException.");
		}

		@Test
		void aServiceHasDomainTypes(@TempDir Path folder) {
			SourceModule empty = new SourceModule(folder)
				.main("@org.jspecify.annotations.NullMarked package com.example.shop;")
				.main("package com.example.shop; class Shop { void open() {} }")
				.test("@org.jspecify.annotations.NullMarked package com.example.shop;")
				.test("package com.example.shop; class ShopTests { @org.junit.jupiter.api.Test void opens() {} }");
			assertBroken(empty, "failed to check any classes", "are records, enums or exceptions");
		}

		@Test
		void testsRun() {
			module.test("""
					package com.example.shop.sale;
					@org.junit.jupiter.api.Disabled class DisabledTests {}""")
				.test("""
						package com.example.shop.sale;
						class MethodTests { @org.junit.jupiter.api.Disabled @org.junit.jupiter.api.Test void sells() {} }""");
			assertBroken(module, "a test that does not run proves nothing", ".DisabledTests>", ".MethodTests>");
		}

		@Test
		void testsHaveTheNameThatTheBuildRuns() {
			module.test("""
					package com.example.shop.sale;
					class SaleCheck { @org.junit.jupiter.params.ParameterizedTest void sells(int number) {} }""");
			assertBroken(module, "the build runs no others", "SaleCheck");
		}

		private static ArchitectureRules service() {
			return ArchitectureRules.service("com.example.shop");
		}

		private static void assertBroken(SourceModule module, String... parts) {
			assertOneRule(module.broken(service()), parts);
		}

	}

	@Nested
	class Starter {

		private SourceModule module;

		@BeforeEach
		void cleanStarter(@TempDir Path folder) {
			module = new SourceModule(folder)
				.main("@org.jspecify.annotations.NullMarked package com.example.platform.ratelimit;")
				.main("package com.example.platform.ratelimit; public class RateLimit {}")
				.main("""
						package com.example.platform.ratelimit;
						@org.springframework.boot.context.properties.ConfigurationProperties("platform.rate-limit")
						record RateLimitProperties(int limit) {}""")
				.main("@org.jspecify.annotations.NullMarked package com.example.platform.ratelimit.autoconfigure;")
				.main("""
						package com.example.platform.ratelimit.autoconfigure;
						@org.springframework.boot.autoconfigure.AutoConfiguration
						public final class RateLimitAutoConfiguration {
							com.example.platform.ratelimit.RateLimit rateLimit() { throw new IllegalStateException(); }
						}""")
				.resource(IMPORTS, "com.example.platform.ratelimit.autoconfigure.RateLimitAutoConfiguration")
				.test("@org.jspecify.annotations.NullMarked package com.example.platform.ratelimit;")
				.test("""
						package com.example.platform.ratelimit;
						class RateLimitTests { @org.junit.jupiter.api.Test void limits() {} }""");
		}

		@Test
		void aCleanStarterFollowsTheRules() {
			assertThat(module.broken(starter())).isEmpty();
		}

		@Test
		void wiringEndsInAutoConfiguration() {
			module.resource(IMPORTS, """
					com.example.platform.ratelimit.autoconfigure.RateLimitAutoConfiguration
					com.example.platform.ratelimit.autoconfigure.Wiring""").main("""
					package com.example.platform.ratelimit.autoconfigure;
					@org.springframework.boot.autoconfigure.AutoConfiguration public final class Wiring {}""");
			assertBroken(module, "wiring is looked for there", "Wiring");
		}

		@Test
		void wiringLivesInItsPackage() {
			module.resource(IMPORTS, """
					com.example.platform.ratelimit.autoconfigure.RateLimitAutoConfiguration
					com.example.platform.ratelimit.StrayAutoConfiguration""")
				.main("""
						package com.example.platform.ratelimit;
						@org.springframework.boot.autoconfigure.AutoConfiguration public final class StrayAutoConfiguration {}""");
			assertBroken(module, "wiring is looked for there", "StrayAutoConfiguration");
		}

		@Test
		void wiringIsAnnotated() {
			module.main("""
					package com.example.platform.ratelimit.autoconfigure;
					public final class PlainAutoConfiguration {}""");
			assertBroken(module, "annotate it with @AutoConfiguration", "PlainAutoConfiguration");
		}

		@Test
		void wiringIsClosed() {
			module.resource(IMPORTS, """
					com.example.platform.ratelimit.autoconfigure.RateLimitAutoConfiguration
					com.example.platform.ratelimit.autoconfigure.AAutoConfiguration
					com.example.platform.ratelimit.autoconfigure.BAutoConfiguration
					com.example.platform.ratelimit.autoconfigure.CAutoConfiguration
					com.example.platform.ratelimit.autoconfigure.DAutoConfiguration""")
				.main("""
						package com.example.platform.ratelimit.autoconfigure;
						@org.springframework.boot.autoconfigure.AutoConfiguration public class AAutoConfiguration {}""")
				.main("""
						package com.example.platform.ratelimit.autoconfigure;
						@org.springframework.boot.autoconfigure.AutoConfiguration final class BAutoConfiguration {}""")
				.main("""
						package com.example.platform.ratelimit.autoconfigure;
						@org.springframework.boot.autoconfigure.AutoConfiguration public final class CAutoConfiguration {
							public void open() {}
						}""")
				.main("""
						package com.example.platform.ratelimit.autoconfigure;
						@org.springframework.boot.autoconfigure.AutoConfiguration public final class DAutoConfiguration {
							public int open;
						}""");
			assertBroken(module, "close what is open", ".AAuto", ".BAuto", ".CAuto", ".DAuto");
		}

		@Test
		void wiringIsListed() {
			module
				.main("""
						package com.example.platform.ratelimit.autoconfigure;
						@org.springframework.boot.autoconfigure.AutoConfiguration public final class LostAutoConfiguration {}""");
			assertBroken(module, "add a line with its name", "LostAutoConfiguration");
		}

		@Test
		void conditionsOnClassesAreNotOnMethods() {
			module.main("""
					package com.example.platform.ratelimit.autoconfigure;
					class Conditional {
						@org.springframework.boot.autoconfigure.condition.ConditionalOnClass(name = "x") void bean() {}
					}""");
			assertBroken(module, "put the condition on a nested class", "Conditional.bean()");
		}

		@Test
		void configurationIsARecord() {
			module.main("""
					package com.example.platform.ratelimit;
					@org.springframework.boot.context.properties.ConfigurationProperties("platform.rate-limit.mutable")
					class Mutable {}""");
			assertBroken(module, "make it a record with that prefix", "Mutable");
		}

		@Test
		void configurationKeysAreNamedAfterTheCapability() {
			module
				.main("""
						package com.example.platform.ratelimit;
						@org.springframework.boot.context.properties.ConfigurationProperties(prefix = "platform.rate-limits")
						record Plural() {}""")
				.main("""
						package com.example.platform.ratelimit;
						@org.springframework.boot.context.properties.ConfigurationProperties
						record Nameless() {}""");
			assertBroken(module, "make it a record with that prefix", "Plural", "Nameless");
		}

		@Test
		void aStarterKnowsNoContract() {
			module.library("package com.example.contracts.shop.v1; public class Message {}").main("""
					package com.example.platform.ratelimit;
					class Counted { com.example.contracts.shop.v1.Message message; }""");
			assertBroken(module, "a starter knows none of them", "Counted");
		}

		@Test
		void aStarterWithoutWiringBreaksTheRules(@TempDir Path folder) {
			SourceModule plain = new SourceModule(folder)
				.main("@org.jspecify.annotations.NullMarked package com.example.platform.ratelimit;")
				.main("package com.example.platform.ratelimit; class RateLimit { void limit() {} }")
				.test("@org.jspecify.annotations.NullMarked package com.example.platform.ratelimit;")
				.test("""
						package com.example.platform.ratelimit;
						class RateLimitTests { @org.junit.jupiter.api.Test void limits() {} }""");
			assertThat(plain.broken(starter())).isNotEmpty()
				.allSatisfy((message) -> assertThat(message).contains("failed to check any classes"));
		}

		private static ArchitectureRules starter() {
			return ArchitectureRules.starter("com.example.platform.ratelimit");
		}

		private static void assertBroken(SourceModule module, String... parts) {
			assertOneRule(module.broken(starter()), parts);
		}

	}

	private static void assertOneRule(List<String> broken, String... parts) {
		ListAssert<String> one = assertThat(broken).hasSize(1);
		one.first().asString().contains(parts);
	}

}
