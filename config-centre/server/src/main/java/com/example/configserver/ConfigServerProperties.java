package com.example.configserver;

import java.nio.file.Path;
import java.time.Duration;

import com.example.configserver.release.gray.GrayBounds;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration of the configuration server.
 *
 * @param directory Folder whose files are served when no git repository is named; a save
 * is a revision.
 * @param history Folder in which the server keeps the revisions, as a bare git
 * repository.
 * @param scanInterval Longest time between two looks at the folder.
 * @param token What changes of the configuration by HTTP must know; if empty, they must
 * come from this machine.
 * @param encryptKeyFile File with the key of encrypted values; the environment variable
 * ENCRYPT_KEY is the other way to give it.
 * @param git A git repository to serve instead of the folder; a commit is a revision.
 * @param gray When a gray release is taken back.
 */
@ConfigurationProperties("platform.config-server")
record ConfigServerProperties(@DefaultValue("config-repo") Path directory,
		@DefaultValue(".config-history.git") Path history, @DefaultValue("100ms") Duration scanInterval,
		@DefaultValue("") String token, @Nullable Path encryptKeyFile, @DefaultValue Git git,
		@NestedConfigurationProperty @DefaultValue GrayBounds gray) {

	/**
	 * A git repository.
	 *
	 * @param uri Where it is: https, ssh or file, or a path; empty for none.
	 * @param branch The branch that is served; if empty, the repository's own.
	 * @param path Folder inside it that holds the configuration; if empty, all of it.
	 * @param username Name to log in with.
	 * @param password Password or token to log in with.
	 * @param pollInterval Time between two looks at the repository; a webhook makes it
	 * look at once.
	 */
	record Git(@DefaultValue("") String uri, @DefaultValue("") String branch, @DefaultValue("") String path,
			@Nullable String username, @Nullable String password, @DefaultValue("5s") Duration pollInterval) {
	}

}
