package com.example.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a build has made goes when its source goes, without {@code mvn clean}.
 */
class StaleOutputsTests {

	private static final String PROTO = "contracts/src/main/protobuf/user/v1/user.proto";

	private static final String GENERATED = "contracts/target/generated-sources/protobuf/com/example/contracts";

	private final OfflineMaven maven;

	private final Path root;

	StaleOutputsTests(@TempDir Path root) throws IOException {
		this.root = root;
		this.maven = OfflineMaven.in(root, List.of("contracts"));
	}

	@BeforeEach
	void copyContracts() throws IOException {
		maven.write("contracts/pom.xml", Repository.read(Repository.path("contracts/pom.xml")));
		maven.write(PROTO, Repository.read(Repository.path(PROTO)));
	}

	@Test
	void outputsWithoutASourceGo() throws Exception {
		String proto = Files.readString(root.resolve(PROTO));
		maven.write(PROTO, proto + "message Left { Right right = 1; }\nmessage Right {}\n");
		maven.write("contracts/src/main/protobuf/old/v1/old.proto", """
				syntax = "proto3";
				package com.example.contracts.old.v1;
				option java_multiple_files = true;
				message Old {}
				""");
		Path migration = maven.write("contracts/src/main/resources/db/migration/V2__more.sql", "SELECT 1;");
		Path template = maven.write("contracts/src/main/resources/templates/page.html", "page");
		Path kept = maven.write("contracts/src/main/resources/kept.properties", "a=b");
		build();
		assertThat(root.resolve(GENERATED + "/user/v1/Left.java")).exists();
		assertThat(root.resolve(GENERATED + "/old/v1/Old.java")).exists();

		maven.write(PROTO, proto + "message Left {}\n");
		Path renamed = Files.createDirectories(root.resolve("contracts/src/main/protobuf/next/v1"));
		Path old = root.resolve("contracts/src/main/protobuf/old");
		Files.writeString(renamed.resolve("next.proto"),
				Files.readString(old.resolve("v1/old.proto")).replace("old.v1", "next.v1"));
		Files.delete(old.resolve("v1/old.proto"));
		Files.delete(old.resolve("v1"));
		Files.delete(old);
		Files.delete(migration);
		Files.delete(template);
		build();

		assertThat(root.resolve(GENERATED + "/user/v1/Left.java")).exists();
		assertThat(root.resolve(GENERATED + "/user/v1/Right.java")).doesNotExist();
		assertThat(root.resolve(GENERATED + "/next/v1/Old.java")).exists();
		assertThat(root.resolve(GENERATED + "/old/v1/Old.java")).doesNotExist();
		Path classes = root.resolve("contracts/target/classes");
		assertThat(classes.resolve("com/example/contracts/user/v1/Right.class")).doesNotExist();
		assertThat(classes.resolve("db/migration/V2__more.sql")).doesNotExist();
		assertThat(classes.resolve("templates/page.html")).doesNotExist();
		assertThat(classes.resolve("kept.properties")).hasSameTextualContentAs(kept);

		FileTime before = Files.getLastModifiedTime(root.resolve(GENERATED + "/user/v1/Left.java"));
		build();
		assertThat(Files.getLastModifiedTime(root.resolve(GENERATED + "/user/v1/Left.java")))
			.as("nothing is generated without need")
			.isEqualTo(before);
	}

	private void build() throws IOException, InterruptedException {
		OfflineMaven.Result result = maven.run("compile");
		assertThat(result.exitCode()).as(result.output()).isZero();
	}

}
