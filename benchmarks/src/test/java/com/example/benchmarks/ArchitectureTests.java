package com.example.benchmarks;

import com.example.platform.test.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTests {

	@Test
	void followsTheRulesOfATool() {
		ArchitectureRules.tool("com.example.benchmarks").check();
	}

}
