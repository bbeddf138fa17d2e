package com.example.configserver;

import com.example.platform.test.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTests {

	@Test
	void followsTheRulesOfAnApplication() {
		ArchitectureRules.application("com.example.configserver").check();
	}

}
