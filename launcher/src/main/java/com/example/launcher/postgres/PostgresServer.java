package com.example.launcher.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import com.example.launcher.process.ChildProcess;
import com.example.launcher.process.Folders;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.OperatingSystem;
import com.example.launcher.process.ProcessIdentity;
import com.example.launcher.process.Programs;
import com.example.launcher.process.Secrets;
import com.example.launcher.process.WriteFailure;

/**
 * A running PostgreSQL server on 127.0.0.1, which keeps its data in a folder that only
 * one server uses at a time. Small buffers: it serves a developer's machine. It starts as
 * root too, in a user namespace of its own.
 */
public final class PostgresServer implements AutoCloseable {

	/** Asks a server to stop without waiting until its clients leave. */
	public static final ProcessIdentity.Signal STOP_SIGNAL = ProcessIdentity.Signal.INT;

	/** How long a server may take to stop. */
	public static final Duration STOP_GRACE = Duration.ofSeconds(10);

	private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

	private static final List<String> UNSHARE = List.of("unshare", "--user");

	private static final String DATA = "data";

	private static final String SUPERUSER = "postgres";

	private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

	private final ChildProcess process;

	private final int port;

	private final String password;

	private PostgresServer(ChildProcess process, int port, String password) {
		this.process = process;
		this.port = port;
		this.password = password;
	}

	/**
	 * Starts a server and waits until it answers. A new folder gets an empty cluster and
	 * a generated password.
	 * @param folder data and password of the server
	 * @param port TCP port
	 * @param log file that gets its output
	 * @param settings further settings, as {@code name=value}
	 * @param progress gets a sentence before each thing that takes time
	 */
	public static PostgresServer start(Path folder, int port, Path log, List<String> settings,
			Consumer<String> progress) {
		Path programs = prepareFolder(folder, progress);
		String password = read(passwordFile(folder));
		List<String> all = new ArrayList<>(
				List.of("unix_socket_directories=", "shared_buffers=16MB", "max_connections=200",
						"synchronous_commit=off", "max_worker_processes=0", "io_method=sync", "max_wal_size=256MB"));
		all.addAll(settings);
		List<String> command = command(programs, "postgres");
		command.addAll(List.of("-D", folder.resolve(DATA).toString(), "-h", "127.0.0.1", "-p", Integer.toString(port)));
		all.forEach((setting) -> command.addAll(List.of("-c", setting)));
		ChildProcess process = ChildProcess.start("PostgreSQL", command, Map.of(), folder, log);
		return new PostgresServer(process, port, password);
	}

	/**
	 * Does the part of starting that takes time and leaves no process: unpacks the
	 * programs and creates the cluster where that was not done before.
	 * @return the folder of PostgreSQL's programs
	 */
	public static Path prepareFolder(Path folder, Consumer<String> progress) {
		requireUser();
		Path programs = PostgresBinaries.unpacked(OperatingSystem.current().cacheFolder(), progress);
		Path data = folder.resolve(DATA);
		if (!Files.exists(data)) {
			progress.accept("Creating the PostgreSQL cluster in " + folder);
			createCluster(programs, data, passwordFile(folder));
		}
		return programs;
	}

	/**
	 * Starts a server whose data need not survive a crash of the machine, and which is
	 * faster for it. Otherwise like {@link #start}.
	 */
	public static PostgresServer startVolatile(Path folder, int port, Path log) {
		return start(folder, port, log, List.of("fsync=off", "full_page_writes=off"), (sentence) -> {
		});
	}

	/**
	 * Waits until the server answers.
	 * @return this server
	 * @throws LocalSystemException if it does not start; then its process is gone
	 */
	public PostgresServer awaitReady() {
		process.awaitReady(START_TIMEOUT, this::answers);
		return this;
	}

	/**
	 * The database of that name, owned by a role of the same name; both are created if
	 * they do not exist.
	 * @param name lower case letters, digits and underscores
	 */
	public Database database(String name) {
		return database(port, password, name);
	}

	/**
	 * A database of a server that another process started. Otherwise like
	 * {@link #database(String)}.
	 * @param folder data and password of the server
	 * @param port its TCP port
	 */
	public static Database database(Path folder, int port, String name) {
		return database(port, read(passwordFile(folder)), name);
	}

	private static Database database(int port, String password, String name) {
		if (!NAME.matcher(name).matches()) {
			throw new IllegalArgumentException("Not a plain name: " + name);
		}
		try (Connection connection = connect(port, password); Statement statement = connection.createStatement()) {
			if (!exists(statement, "SELECT FROM pg_roles WHERE rolname = '" + name + "'")) {
				statement.execute("CREATE ROLE " + name + " LOGIN PASSWORD '" + password + "'");
			}
			if (!exists(statement, "SELECT FROM pg_database WHERE datname = '" + name + "'")) {
				statement.execute("CREATE DATABASE " + name + " OWNER " + name);
			}
			return new Database(url(port, name), name, password);
		}
		catch (SQLException ex) {
			throw new LocalSystemException("Database " + name + " cannot be created: " + ex.getMessage(), ex);
		}
	}

	public int port() {
		return port;
	}

	public ProcessIdentity process() {
		return process.identity();
	}

	@Override
	public void close() {
		process.stop(STOP_SIGNAL, STOP_GRACE);
	}

	private boolean answers() {
		try (Connection connection = connect(port, password)) {
			return connection.isValid(1);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private static Connection connect(int port, String password) throws SQLException {
		// A server that hangs must not make those hang that start others.
		return DriverManager.getConnection(url(port, "postgres") + "?loginTimeout=10&socketTimeout=10", SUPERUSER,
				password);
	}

	private static String url(int port, String database) {
		return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
	}

	private static Path passwordFile(Path folder) {
		return folder.resolve("password");
	}

	private static boolean exists(Statement statement, String query) throws SQLException {
		try (ResultSet rows = statement.executeQuery(query)) {
			return rows.next();
		}
	}

	/** The folder gets its name only when it is complete. */
	private static void createCluster(Path programs, Path data, Path passwordFile) {
		Path unfinished = data.resolveSibling("unfinished");
		try {
			Files.createDirectories(data.toAbsolutePath().getParent());
			Folders.delete(unfinished);
			writePassword(passwordFile);
			List<String> command = command(programs, "initdb");
			command.addAll(List.of("-D", unfinished.toString(), "-U", SUPERUSER, "--auth=scram-sha-256",
					"--pwfile=" + passwordFile, "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
					"--builtin-locale=C.UTF-8", "--no-sync"));
			try {
				Programs.run(command);
				Files.move(unfinished, data);
			}
			finally {
				Folders.delete(unfinished);
			}
		}
		catch (IOException ex) {
			throw WriteFailure.of(data, ex, WriteFailure.STATE);
		}
	}

	private static void writePassword(Path file) {
		byte[] random = new byte[24];
		new SecureRandom().nextBytes(random);
		Secrets.write(file, HexFormat.of().formatHex(random));
	}

	/**
	 * Makes sure that this user can run a server.
	 * @throws LocalSystemException if not
	 */
	public static void requireUser() {
		if (isRoot()) {
			try {
				Programs.run(List.of(UNSHARE.get(0), UNSHARE.get(1), "true"));
			}
			catch (LocalSystemException ex) {
				throw new LocalSystemException(
						"PostgreSQL does not run as root, and this machine lets root be nobody else ('%s' fails). Run ./dev as another user, in a container with 'docker run --user'."
							.formatted(String.join(" ", UNSHARE)),
						ex);
			}
		}
	}

	private static boolean isRoot() {
		return "root".equals(System.getProperty("user.name"));
	}

	/**
	 * PostgreSQL refuses to run as root; in a new user namespace root is somebody else.
	 */
	private static List<String> command(Path programs, String program) {
		List<String> command = new ArrayList<>(isRoot() ? UNSHARE : List.of());
		command.add(programs.resolve(OperatingSystem.current().executable(program)).toString());
		return command;
	}

	private static String read(Path passwordFile) {
		try {
			return Files.readString(passwordFile).strip();
		}
		catch (IOException ex) {
			throw new LocalSystemException(
					"The password of PostgreSQL cannot be read (%s). Start once with --fresh, which drops its data."
						.formatted(ex),
					ex);
		}
	}

}
