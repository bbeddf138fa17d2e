package com.example.platform.grpc.server;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.util.ReflectionUtils;

/**
 * The two executors of a gRPC server. Handlers run on the fast one, which has as many
 * threads as it is told, normally one for each core: gRPC's own, which grows with the
 * calls under way, spends its time on switching between them. Handlers marked
 * {@link Blocking} run on the other; when all its threads wait, further calls queue until
 * their deadline. Where they have a virtual thread each, they never queue.
 */
public final class ServerExecutors implements ServerCallExecutorSupplier, AutoCloseable {

	private static final String BLOCKING = "grpc-blocking-";

	private final ExecutorService fast;

	private final Executor blocking;

	private final Supplier<? extends Collection<? extends BindableService>> services;

	private volatile @Nullable Set<String> blockingMethods;

	/**
	 * Creates the executors.
	 * @param threads size of the fast pool
	 * @param blocking where handlers that block run; it is shut down with this
	 * @param services the services of the server; asked at the first call
	 */
	public ServerExecutors(int threads, Executor blocking,
			Supplier<? extends Collection<? extends BindableService>> services) {
		this.fast = Executors.newFixedThreadPool(threads, threads("grpc-"));
		this.blocking = blocking;
		this.services = services;
	}

	/**
	 * Creates a pool for handlers that block.
	 * @param threads most threads
	 * @return a pool that keeps no thread without work
	 */
	public static Executor boundedPool(int threads) {
		ThreadPoolExecutor pool = new ThreadPoolExecutor(threads, threads, 30, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), threads(BLOCKING));
		pool.allowCoreThreadTimeOut(true);
		return pool;
	}

	/**
	 * Gives each handler that blocks a virtual thread of its own.
	 * @return an executor without bounds
	 * @throws UnsupportedOperationException before Java 21
	 */
	public static Executor virtualThreads() {
		return new VirtualThreadTaskExecutor(BLOCKING);
	}

	/**
	 * Returns the pool of the handlers that do not block.
	 * @return the pool
	 */
	public Executor fast() {
		return fast;
	}

	@Override
	public <I, O> @Nullable Executor getExecutor(ServerCall<I, O> call, Metadata metadata) {
		return blockingMethods().contains(call.getMethodDescriptor().getFullMethodName()) ? blocking : null;
	}

	@Override
	public void close() {
		fast.shutdown();
		if (blocking instanceof ExecutorService pool) {
			pool.shutdown();
		}
	}

	private Set<String> blockingMethods() {
		Set<String> known = blockingMethods;
		if (known == null) {
			known = new HashSet<>();
			for (BindableService service : services.get()) {
				for (MethodDescriptor<?, ?> method : service.bindService().getServiceDescriptor().getMethods()) {
					if (isBlocking(AopUtils.getTargetClass(service), method)) {
						known.add(method.getFullMethodName());
					}
				}
			}
			blockingMethods = known;
		}
		return known;
	}

	// A generated method has the name of the contract's, but begins in lower case.
	private static boolean isBlocking(Class<?> type, MethodDescriptor<?, ?> method) {
		return AnnotatedElementUtils.hasAnnotation(type, Blocking.class)
				|| Stream.of(ReflectionUtils.getUniqueDeclaredMethods(type))
					.filter((candidate) -> candidate.getName().equalsIgnoreCase(method.getBareMethodName()))
					.anyMatch((candidate) -> AnnotatedElementUtils.hasAnnotation(candidate, Blocking.class));
	}

	private static ThreadFactory threads(String prefix) {
		CustomizableThreadFactory threads = new CustomizableThreadFactory(prefix);
		threads.setDaemon(true);
		return threads;
	}

}
