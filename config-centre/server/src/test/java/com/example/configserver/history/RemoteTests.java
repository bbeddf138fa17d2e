package com.example.configserver.history;

import java.nio.file.Path;
import java.time.Duration;

import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.URIish;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RemoteTests {

	private static final String SECRET = "se-cr-et";

	@ParameterizedTest
	@CsvSource(textBlock = """
			https://ada:se-cr-et@example.org/config.git, https://example.org/config.git, ada, se-cr-et
			https://se-cr-et@example.org/config.git, https://example.org/config.git, se-cr-et, ''
			http://ada:se%2Fcr@example.org/config.git, http://example.org/config.git, ada, se/cr
			ssh://git:se-cr-et@example.org/config.git, ssh://git@example.org/config.git, git, se-cr-et
			ssh://git@example.org/config.git, ssh://git@example.org/config.git, ,
			git@example.org:config.git, git@example.org:config.git, ,
			file:///srv/x/../config.git, file:///srv/config.git, ,
			/srv/config.git/, /srv/config.git, ,
			""")
	void credentialsAreNoPartOfTheAddress(String uri, String address, @Nullable String user, @Nullable String password)
			throws Exception {
		Remote remote = Remote.of(" " + uri + "\n", null, null, Duration.ZERO);
		assertThat(remote).hasToString(address);
		assertCredentials(remote, user, password);
	}

	@Test
	void credentialsThatAreGivenApartComeFirst() throws Exception {
		Remote remote = Remote.of("https://ada:one@example.org/config.git", "bob", SECRET, Duration.ZERO);
		assertThat(remote).hasToString("https://example.org/config.git");
		assertCredentials(remote, "bob", SECRET);
	}

	@Test
	void aPathIsThatOfThisProcess() {
		assertThat(Remote.of("a/../config", null, null, Duration.ZERO))
			.hasToString(Path.of("config").toAbsolutePath().toString());
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://ada:/se-cr-et@127.0.0.1/config.git", "ftp://ada:se-cr-et@127.0.0.1/config.git",
			"ext::sh -c se-cr-et", "://se-cr-et", "https://ada:%zzse-cr-et@127.0.0.1/config.git" })
	void anAddressThatIsWrongIsNotQuoted(String wrong) {
		assertThatIllegalArgumentException().isThrownBy(() -> Remote.of(wrong, null, null, Duration.ZERO))
			.satisfies((failure) -> assertThat(failure).hasNoCause())
			.withMessageNotContaining(SECRET)
			.withMessageContaining("https");
	}

	private static void assertCredentials(Remote remote, @Nullable String user, @Nullable String password)
			throws Exception {
		CredentialsProvider credentials = remote.credentials();
		if (user == null || credentials == null) {
			assertThat(credentials).isNull();
			assertThat(user).isNull();
			return;
		}
		CredentialItem.Username name = new CredentialItem.Username();
		CredentialItem.Password secret = new CredentialItem.Password();
		assertThat(credentials.get(new URIish("https://example.org"), name, secret)).isTrue();
		assertThat(name.getValue()).isEqualTo(user);
		assertThat(new String(secret.getValue())).isEqualTo(password);
	}

}
