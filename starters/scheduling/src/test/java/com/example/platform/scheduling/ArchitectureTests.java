package com.example.platform.scheduling;

import com.example.platform.test.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTests {

	@Test
	void followsTheRulesOfAStarter() {
		ArchitectureRules.starter("com.example.platform.scheduling").check();
	}

}
