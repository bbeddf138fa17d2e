package com.example.platform.loadbalancing;

import com.example.platform.test.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTests {

	@Test
	void theModuleFollowsTheRulesOfAStarter() {
		ArchitectureRules.starter("com.example.platform.loadbalancing").check();
	}

}
