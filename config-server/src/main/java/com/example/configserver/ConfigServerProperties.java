package com.example.configserver;

import java.nio.file.Path;
import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration of the configuration server.
 *
 * @param directory Folder whose files are served.
 * @param scanInterval Time between two looks at the folder.
 */
@ConfigurationProperties("platform.config-server")
record ConfigServerProperties(@DefaultValue("config-repo") Path directory,
		@DefaultValue("100ms") Duration scanInterval) {

}
