package com.example.sampleitem;

import com.example.platform.test.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTests {

	@Test
	void followsTheRulesOfAService() {
		ArchitectureRules.service("com.example.sampleitem").check();
	}

}
