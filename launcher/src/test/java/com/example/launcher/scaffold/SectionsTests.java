package com.example.launcher.scaffold;

import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SectionsTests {

	@ParameterizedTest
	@CsvSource({ "a, 146", "a b, 12346", "b c, 1456", "'', 1" })
	void aSectionStaysIfItsConditionHolds(String capabilities, String kept) {
		String text = """
				1
				// if a and b
				2
				  # if b or c
				3
				  # end
				// end
				<!-- if a or c -->
				4
				-- if c
				5
				-- end
				6
				<!-- end -->
				""";
		assertThat(Sections.keep(text, Set.of(capabilities.split(" ", -1))).replace("\n", "")).isEqualTo(kept);
	}

	@Test
	void whatOnlyLooksLikeAMarkStays() {
		String text = "// if it rains, go in\n// endless\nend\nif a\n";
		assertThat(Sections.keep(text, Set.of())).isEqualTo(text);
	}

	@Test
	void aSectionHasABeginningAndAnEnd() {
		assertThatIllegalArgumentException().isThrownBy(() -> Sections.keep("// if a\n", Set.of("a")));
		assertThatIllegalArgumentException().isThrownBy(() -> Sections.keep("// end\n", Set.of("a")));
	}

}
