package com.example.gateway;

import com.example.platform.test.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTests {

	@Test
	void followsTheRulesOfAnApplication() {
		ArchitectureRules.application("com.example.gateway").check();
	}

}
