package com.example.platform.database;

import com.example.platform.test.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTests {

	@Test
	void followsTheRulesOfAStarter() {
		ArchitectureRules.starter("com.example.platform.database").check();
	}

}
