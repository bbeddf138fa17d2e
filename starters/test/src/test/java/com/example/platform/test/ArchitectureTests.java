package com.example.platform.test;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ArchitectureTests {

	@Test
	void followsTheRulesOfATool() {
		ArchitectureRules.tool("com.example.platform.test").check();
	}

	/** The launcher cannot check itself: this module depends on it. */
	@Test
	void theLauncherFollowsTheRulesOfATool() {
		String launcher = "com.example.launcher";
		assertThat(ArchitectureRules.tool(launcher)
			.brokenByMain(new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
				.importPackages(launcher)))
			.isEmpty();
	}

}
