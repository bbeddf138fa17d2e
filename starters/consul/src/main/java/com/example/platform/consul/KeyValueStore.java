package com.example.platform.consul;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.springframework.web.util.UriUtils;

/**
 * Consul's key-value store. What is returned fails as {@link Consul#get} does.
 */
public final class KeyValueStore {

	private final Consul consul;

	KeyValueStore(Consul consul) {
		this.consul = consul;
	}

	/**
	 * Reads a key.
	 * @param key the key, such as {@code platform/config/release}
	 * @return its entry; empty when there is none
	 */
	public CompletableFuture<Optional<KeyValue>> get(String key) {
		return consul.get(path(key), KeyValueStore::entry);
	}

	/**
	 * Reads all keys that begin with a prefix.
	 * @param prefix what they begin with
	 * @return their entries, ordered by key
	 */
	public CompletableFuture<List<KeyValue>> list(String prefix) {
		return consul.get(path(prefix) + "?recurse=true", KeyValueStore::entries);
	}

	/**
	 * Writes a key, whatever it has now.
	 * @param key the key
	 * @param value its next value
	 * @return completes when it is written
	 */
	public CompletableFuture<?> put(String key, String value) {
		return consul.put(path(key), value);
	}

	/**
	 * Writes a key unless somebody else has written it in between.
	 * @param key the key
	 * @param value its next value
	 * @param modifyIndex what was read of the key; 0 when there was none
	 * @return whether it is written
	 */
	public CompletableFuture<Boolean> compareAndSet(String key, String value, long modifyIndex) {
		return consul.put(path(key) + "?cas=" + modifyIndex, value, KeyValueStore::isTrue);
	}

	/**
	 * Writes a key and has a session hold it as a lock, unless another one does. The
	 * entry's {@code modifyIndex} is then a fencing token: it grows from holder to
	 * holder, also when the key is deleted in between, which the entry's
	 * {@code LockIndex} does not.
	 * @param key the key
	 * @param value its next value
	 * @param session the session's id
	 * @return whether the session holds it, as it may have before; fails when there is no
	 * such session
	 * @see Sessions
	 */
	public CompletableFuture<Boolean> acquire(String key, String value, String session) {
		return consul.put(path(key) + "?acquire=" + session, value, KeyValueStore::isTrue);
	}

	/**
	 * Empties a key that a session holds, which anybody may hold from then on.
	 * @param key the key
	 * @param session the session's id
	 * @return whether the session held it
	 */
	public CompletableFuture<Boolean> release(String key, String session) {
		return consul.put(path(key) + "?release=" + session, "", KeyValueStore::isTrue);
	}

	/**
	 * Deletes a key, if there is one.
	 * @param key the key
	 * @return completes when there is none any more
	 */
	public CompletableFuture<?> delete(String key) {
		return consul.delete(path(key));
	}

	/**
	 * Watches a key.
	 * @param key the key, which need not exist
	 * @param listener gets its entry; empty when there is none
	 * @return the running watch
	 */
	public BlockingQuery watch(String key, WatchListener<Optional<KeyValue>> listener) {
		return consul.watch(path(key), KeyValueStore::entry, listener);
	}

	/**
	 * Watches all keys that begin with a prefix.
	 * @param prefix what they begin with
	 * @param listener gets their entries, ordered by key
	 * @return the running watch
	 */
	public BlockingQuery watchAll(String prefix, WatchListener<List<KeyValue>> listener) {
		return consul.watch(path(prefix) + "?recurse=true", KeyValueStore::entries, listener);
	}

	private static boolean isTrue(String body) {
		return body.strip().equals("true");
	}

	private static String path(String key) {
		return "/v1/kv/" + UriUtils.encodePath(key, StandardCharsets.UTF_8);
	}

	private static Optional<KeyValue> entry(Optional<String> body) {
		return entries(body).stream().findFirst();
	}

	private static List<KeyValue> entries(Optional<String> body) {
		return body.map((list) -> Consul.read(list, KeyValue[].class)).orElse(List.of());
	}

}
