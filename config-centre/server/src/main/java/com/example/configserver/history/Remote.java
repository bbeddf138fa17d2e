package com.example.configserver.history;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache.FileKey;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

/**
 * A git repository elsewhere. Its address is free of credentials, so that no message can
 * show any.
 *
 * @param silence when to give up an unanswered request
 */
record Remote(URIish address, @Nullable CredentialsProvider credentials, Duration silence) {

	private static final Set<String> SCHEMES = Set.of("file", "git", "http", "https", "ssh");

	/**
	 * Reads an address.
	 * @param username instead of that in the uri, or {@code null}
	 * @param password instead of that in the uri, or {@code null}
	 */
	static Remote of(String uri, @Nullable String username, @Nullable String password, Duration silence) {
		URIish address = parsed(uri.strip());
		String user = (username != null) ? username : address.getUser();
		String secret = (password != null) ? password : address.getPass();
		CredentialsProvider credentials = null;
		if (user != null && (secret != null || isHttp(address))) {
			credentials = new UsernamePasswordCredentialsProvider(user, (secret != null) ? secret : "");
		}
		URIish clean = address.setPass(null);
		if (isHttp(address)) {
			// It may be a token.
			clean = clean.setUser(null);
		}
		if (isLocal(address)) {
			clean = clean.setPath(Path.of(address.getPath()).toAbsolutePath().normalize().toString());
		}
		return new Remote(clean, credentials, silence);
	}

	// No message quotes what cannot be read: nobody knows where in it the password is.
	private static URIish parsed(String uri) {
		URIish address;
		try {
			address = new URIish(uri);
		}
		catch (URISyntaxException ex) {
			throw unusable();
		}
		boolean isUrl = uri.contains("://");
		// What git calls name::address starts a program.
		if (isUrl == (address.getScheme() == null) || (!isUrl && uri.contains("::"))) {
			throw unusable();
		}
		if (isUrl && !SCHEMES.contains(address.getScheme())) {
			throw new IllegalArgumentException("A configuration repository cannot be reached by '" + address.getScheme()
					+ "'. Use https, ssh, git, http, file, or a path.");
		}
		// It ends a password with a slash in it, which is taken for a path.
		if (!isLocal(address) && address.getUser() == null && address.getPath().contains("@")) {
			throw unusable();
		}
		return address;
	}

	private static IllegalArgumentException unusable() {
		return new IllegalArgumentException("The address of the configuration repository cannot be read. Write it like"
				+ " https://example.org/config.git, with special characters of a password percent-encoded.");
	}

	private static boolean isHttp(URIish address) {
		return address.getScheme() != null && address.getScheme().startsWith("http");
	}

	private static boolean isLocal(URIish address) {
		return address.getHost() == null && (address.getScheme() == null || address.getScheme().equals("file"));
	}

	Transport open(Repository local) throws NotSupportedException, TransportException {
		Transport transport = Transport.open(local, address);
		transport.setCredentialsProvider(credentials);
		transport.setTimeout((int) silence.toSeconds());
		return transport;
	}

	/**
	 * Tells why a branch must not be pushed to, as far as it can be told from here: of a
	 * repository on another machine only its own git knows.
	 * @param branch the full name
	 * @return empty if nothing is known against it
	 */
	Optional<String> refusal(String branch) throws IOException {
		try (Repository repository = openLocal()) {
			if (repository == null) {
				return Optional.empty();
			}
			Path common = repository.getCommonDirectory().toPath();
			if (!Files.isWritable(common.resolve("objects"))) {
				return Optional.of("it cannot be written");
			}
			// A push would move the branch under somebody's files.
			return isCheckedOut(branch, repository.isBare(), common)
					? Optional.of(Repository.shortenRefName(branch) + " is checked out there") : Optional.empty();
		}
	}

	private static boolean isCheckedOut(String branch, boolean isBare, Path directory) throws IOException {
		List<Path> heads = new ArrayList<>();
		if (!isBare) {
			heads.add(directory.resolve("HEAD"));
		}
		if (Files.isDirectory(directory.resolve("worktrees"))) {
			try (Stream<Path> worktrees = Files.list(directory.resolve("worktrees"))) {
				worktrees.forEach((worktree) -> heads.add(worktree.resolve("HEAD")));
			}
		}
		for (Path head : heads) {
			if (Files.exists(head) && Files.readString(head).strip().equals("ref: " + branch)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Lists the commits whose parents it does not have, if it is a shallow clone on this
	 * machine.
	 */
	Set<ObjectId> shallowCommits() throws IOException {
		try (Repository repository = openLocal()) {
			return (repository != null) ? repository.getObjectDatabase().getShallowCommits() : Set.of();
		}
	}

	private @Nullable Repository openLocal() throws IOException {
		File directory = isLocal(address) ? FileKey.resolve(new File(address.getPath()), FS.DETECTED) : null;
		return (directory != null) ? new FileRepositoryBuilder().setGitDir(directory).build() : null;
	}

	/**
	 * Says why something failed, in one line.
	 */
	static String reason(Throwable failure) {
		Throwable root = failure;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		return (root == failure) ? String.valueOf(failure.getMessage()) : root.toString();
	}

	@Override
	public String toString() {
		return address.toString();
	}

}
