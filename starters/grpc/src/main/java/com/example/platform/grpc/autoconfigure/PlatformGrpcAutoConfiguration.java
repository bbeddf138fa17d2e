package com.example.platform.grpc.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.grpc.OpenStreams;
import com.example.platform.grpc.UnavailableDataGrpcExceptionHandler;
import com.example.platform.grpc.UnexpectedGrpcExceptionHandler;
import com.example.platform.grpc.ValidationGrpcExceptionHandler;
import com.example.platform.grpc.client.ClientServiceConfigs;
import com.example.platform.grpc.client.ClientSettings;
import com.example.platform.grpc.client.StubContract;
import com.example.platform.grpc.resolver.DiscoveryNameResolverProvider;
import com.example.platform.grpc.server.FaultOfCalls;
import com.example.platform.grpc.server.ServerExecutors;
import com.example.platform.grpc.server.UndecodableRequests;
import com.example.platform.liveconfiguration.LiveConfiguration;
import io.grpc.BindableService;
import io.grpc.DecompressorRegistry;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ServerBuilder;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.AbstractStub;
import io.micrometer.core.instrument.binder.grpc.GrpcServerObservationConvention;
import io.micrometer.core.instrument.binder.grpc.ObservationGrpcServerInterceptor;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientDefaultServiceConfigCustomizer;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientProperties;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerAutoConfiguration;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerExecutorProvider;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerObservationAutoConfiguration;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.dao.DataAccessException;
import org.springframework.grpc.client.GrpcChannelBuilderCustomizer;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.grpc.server.GrpcServerFactory;
import org.springframework.grpc.server.ServerBuilderCustomizer;
import org.springframework.grpc.server.exception.CompositeGrpcExceptionHandler;
import org.springframework.grpc.server.exception.GrpcExceptionHandler;
import org.springframework.grpc.server.exception.GrpcExceptionHandlerInterceptor;
import org.springframework.grpc.server.service.DefaultGrpcServiceConfigurer;
import org.springframework.grpc.server.service.GrpcServiceConfigurer;
import org.springframework.grpc.server.service.GrpcServiceSpec;

/**
 * Auto-configuration for how a gRPC server runs its handlers and what it answers when a
 * call fails or the server shuts down, and for how the calls of a client end.
 */
@AutoConfiguration(before = { GrpcServerAutoConfiguration.class, GrpcServerObservationAutoConfiguration.class },
		afterName = { "com.example.platform.liveconfiguration.autoconfigure.LiveConfigurationAutoConfiguration",
				"org.springframework.boot.grpc.client.autoconfigure.GrpcClientAutoConfiguration",
				"org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration" })
@ConditionalOnProperty(name = "platform.grpc.enabled", matchIfMissing = true)
@EnableConfigurationProperties(GrpcProperties.class)
public final class PlatformGrpcAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ValidationGrpcExceptionHandler validationGrpcExceptionHandler() {
		return new ValidationGrpcExceptionHandler();
	}

	@Bean
	@ConditionalOnMissingBean
	UnexpectedGrpcExceptionHandler unexpectedGrpcExceptionHandler() {
		return new UnexpectedGrpcExceptionHandler();
	}

	// Outside of all others, whose failures are mapped too, but for the one that observes
	// calls, which has to see what is sent and not what was thrown.
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE + 1)
	@GlobalServerInterceptor
	@ConditionalOnMissingBean
	GrpcExceptionHandlerInterceptor grpcExceptionHandlerInterceptor(ObjectProvider<GrpcExceptionHandler> handlers) {
		return new GrpcExceptionHandlerInterceptor(
				new CompositeGrpcExceptionHandler(handlers.orderedStream().toArray(GrpcExceptionHandler[]::new)));
	}

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE + 2)
	@GlobalServerInterceptor
	@ConditionalOnMissingBean
	UndecodableRequests undecodableRequests() {
		return new UndecodableRequests();
	}

	@Bean
	@ConditionalOnMissingBean(GrpcServiceConfigurer.class)
	DefaultGrpcServiceConfigurer grpcServiceConfigurer(ApplicationContext context) {
		return new DefaultGrpcServiceConfigurer(context) {

			@Override
			public ServerServiceDefinition configure(GrpcServiceSpec service, @Nullable GrpcServerFactory server) {
				return UndecodableRequests.passOn(super.configure(service, server));
			}

		};
	}

	@Bean
	@ConditionalOnMissingBean
	OpenStreams openStreams() {
		return new OpenStreams();
	}

	@Bean
	@ConditionalOnMissingBean
	ServerExecutors serverExecutors(GrpcProperties properties, ObjectProvider<BindableService> services,
			Environment environment) {
		int threads = Objects.requireNonNullElseGet(properties.threads(),
				() -> Runtime.getRuntime().availableProcessors());
		Executor blocking = Threading.VIRTUAL.isActive(environment) ? ServerExecutors.virtualThreads()
				: ServerExecutors.boundedPool(properties.blockingThreads());
		return new ServerExecutors(threads, blocking, () -> services.stream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	GrpcServerExecutorProvider grpcServerExecutorProvider(ServerExecutors executors) {
		return executors::fast;
	}

	@Bean
	<T extends ServerBuilder<T>> ServerBuilderCustomizer<T> handlersRunWhereTheyBelong(ServerExecutors executors) {
		return (builder) -> builder.callExecutor(executors);
	}

	@Bean
	<T extends ServerBuilder<T>> ServerBuilderCustomizer<T> whatIsNoGzipIsUndecodable() {
		return (builder) -> builder
			.decompressorRegistry(DecompressorRegistry.getDefaultInstance().with(UndecodableRequests.GZIP, true));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ObservationGrpcServerInterceptor.class)
	@ConditionalOnBean(ObservationRegistry.class)
	@ConditionalOnBooleanProperty(name = "spring.grpc.server.observation.enabled", matchIfMissing = true)
	static class ObservationConfiguration {

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		@GlobalServerInterceptor
		@ConditionalOnMissingBean
		ObservationGrpcServerInterceptor grpcServerObservationInterceptor(ObservationRegistry registry,
				ObjectProvider<GrpcServerObservationConvention> convention) {
			ObservationGrpcServerInterceptor interceptor = new ObservationGrpcServerInterceptor(registry);
			convention.ifAvailable(interceptor::setCustomConvention);
			return interceptor;
		}

		@Bean
		@ConditionalOnMissingBean
		FaultOfCalls faultOfCalls() {
			return new FaultOfCalls();
		}

	}

	// Spring Boot serves by the shaded Netty where it finds it, else by the other. A
	// servlet container has limits of its own.
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(NettyServerBuilder.class)
	static class NettyConfiguration {

		@Bean
		ServerBuilderCustomizer<NettyServerBuilder> nettyLimits(GrpcProperties properties) {
			return (builder) -> builder.maxConcurrentCallsPerConnection(properties.maxConcurrentCallsPerConnection())
				.flowControlWindow((int) properties.flowControlWindow().toBytes())
				.maxRstFramesPerWindow(properties.maxStreamResetsPerMinute(), 60);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder.class)
	static class ShadedNettyConfiguration {

		@Bean
		ServerBuilderCustomizer<io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder> shadedNettyLimits(
				GrpcProperties properties) {
			return (builder) -> builder.maxConcurrentCallsPerConnection(properties.maxConcurrentCallsPerConnection())
				.flowControlWindow((int) properties.flowControlWindow().toBytes())
				.maxRstFramesPerWindow(properties.maxStreamResetsPerMinute(), 60);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ServiceDirectory.class, GrpcClientDefaultServiceConfigCustomizer.class })
	@EnableConfigurationProperties({ ClientSettings.class, GrpcClientProperties.class })
	static class ClientConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ClientServiceConfigs clientServiceConfigs(ListableBeanFactory beans, ClientSettings settings) {
			return new ClientServiceConfigs(() -> contracts(beans), settings);
		}

		// For channels with another kind of target, where the policies of the start count
		// until the end, and until discovery has found an instance for the first time.
		@Bean
		GrpcClientDefaultServiceConfigCustomizer callPolicies(ClientServiceConfigs configs,
				GrpcClientProperties properties) {
			return (channel, config) -> configs.of(service(properties, channel)).forEach(config::putIfAbsent);
		}

		private static String service(GrpcClientProperties properties, String channel) {
			GrpcClientProperties.Channel known = properties.getChannel().get(channel);
			String target = (known != null) ? known.getTarget() : channel;
			return DiscoveryNameResolverProvider.service(target).orElse(channel);
		}

		// Asked while stubs are made, so that only their types may be looked at.
		private static List<ServiceDescriptor> contracts(ListableBeanFactory beans) {
			return Stream.of(beans.getBeanNamesForType(AbstractStub.class, true, false))
				.map((name) -> beans.getType(name, false))
				.flatMap(Stream::ofNullable)
				.map(StubContract::of)
				.flatMap(Optional::stream)
				.distinct()
				.toList();
		}

		@Bean
		<T extends ManagedChannelBuilder<T>> GrpcChannelBuilderCustomizer<T> lastingConnections(
				GrpcClientProperties properties, Environment environment) {
			Map<String, ConnectionDefaults> channels = ConnectionDefaults.bind(environment);
			return (target, builder) -> {
				String name = properties.getChannel().containsKey(target) ? target : "default";
				channels.getOrDefault(name, ConnectionDefaults.UNCHANGED).apply(builder);
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ServiceDirectory.class, LiveConfiguration.class })
	static class LiveClientConfiguration {

		@Bean
		@ConditionalOnBean(LiveConfiguration.class)
		SmartInitializingSingleton liveClientSettings(LiveConfiguration live,
				ObjectProvider<ClientServiceConfigs> clientServiceConfigs) {
			return () -> clientServiceConfigs
				.ifAvailable((configs) -> live.follow(ClientSettings.class, configs::check, configs::configure));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(DataAccessException.class)
	static class DataAccessConfiguration {

		@Bean
		@ConditionalOnMissingBean
		UnavailableDataGrpcExceptionHandler unavailableDataGrpcExceptionHandler() {
			return new UnavailableDataGrpcExceptionHandler();
		}

	}

}
