package com.example.platform.defaults;

import com.example.platform.test.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTests {

	@Test
	void followsTheRulesOfALibrary() {
		ArchitectureRules.library("com.example.platform.defaults").check();
	}

}
