package com.example.platform.scheduling.autoconfigure;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.discovery.ServiceEndpoint;
import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.liveconfiguration.autoconfigure.LiveConfigurationAutoConfiguration;
import com.example.platform.scheduling.actuate.JobMetrics;
import com.example.platform.scheduling.actuate.JobsEndpoint;
import com.example.platform.scheduling.job.AnnotatedJobs;
import com.example.platform.scheduling.job.JobDefinition;
import com.example.platform.scheduling.job.JobListener;
import com.example.platform.scheduling.job.JobScheduler;
import com.example.platform.scheduling.job.Jobs;
import com.example.platform.scheduling.job.SchedulingSettings;
import com.example.platform.scheduling.queue.QueueConnections;
import com.example.platform.scheduling.queue.Tables;
import com.example.platform.scheduling.sharding.ShardedJob;
import com.example.platform.scheduling.sharding.Sharding;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.cloud.consul.discovery.ConsulDiscoveryProperties;
import org.springframework.cloud.consul.serviceregistry.ConsulAutoRegistration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Auto-configuration for jobs.
 */
@AutoConfiguration(after = LiveConfigurationAutoConfiguration.class,
		afterName = { "org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration",
				"org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnBean({ DataSource.class, LiveConfiguration.class })
public final class JobsAutoConfiguration {

	private static final Duration REBALANCED_EVERY = Duration.ofMillis(500);

	@Bean
	static AnnotatedJobs annotatedJobs() {
		return new AnnotatedJobs();
	}

	// After the service's own tables, since its migrations begin with an empty schema.
	@Bean
	@DependsOnDatabaseInitialization
	@ConditionalOnMissingBean
	JobScheduler jobScheduler(LiveConfiguration live, DataSource database, JdbcClient jdbc,
			PlatformTransactionManager transactions, ObjectProvider<JobListener> listener, ApplicationContext context,
			ObjectProvider<ConsulDiscoveryProperties> discovery) throws SQLException {
		HikariDataSource connections = QueueConnections.open(database.unwrap(HikariDataSource.class));
		Tables.migrate(connections);
		return new JobScheduler(instance(context, discovery), live.bind(SchedulingSettings.class), connections, jdbc,
				transactions, listener.getIfAvailable(() -> JobListener.NONE));
	}

	@Bean
	@ConditionalOnMissingBean
	Jobs jobs(JobScheduler scheduler) {
		return scheduler.jobs();
	}

	@Bean
	@ConditionalOnMissingBean
	Sharding sharding(JdbcClient jdbc, Jobs jobs, ObjectProvider<ServiceDirectory> directory, JobScheduler scheduler,
			Environment environment) {
		String service = environment.getProperty("spring.application.name", "application");
		ServiceDirectory known = directory.getIfAvailable();
		// The first question begins the watch.
		return new Sharding(jdbc, jobs,
				() -> (known != null)
						? known.instances(service).getNow(List.of()).stream().map(ServiceEndpoint::instanceId).toList()
						: List.of(scheduler.instance()));
	}

	@Bean
	SmartLifecycle jobsRunWithTheApplication(JobScheduler scheduler, AnnotatedJobs annotated,
			ObjectProvider<JobDefinition> defined, Sharding sharding, ObjectProvider<ShardedJob<?>> sharded,
			LiveConfiguration live) {
		return new RunsWithTheApplication(scheduler, () -> {
			List<JobDefinition> jobs = new ArrayList<>(annotated.found());
			defined.orderedStream().forEach(jobs::add);
			sharded.orderedStream().forEach((job) -> jobs.addAll(sharding.define(job)));
			// First, so that nothing is run by what is refused.
			live.follow(SchedulingSettings.class, SchedulingSettings::requireUsable,
					(changed) -> scheduler.settingsChanged());
			scheduler.start(jobs);
			scheduler.every(REBALANCED_EVERY, sharding::rebalance);
		});
	}

	private static String instance(ApplicationContext context, ObjectProvider<ConsulDiscoveryProperties> discovery) {
		ConsulDiscoveryProperties properties = discovery.getIfAvailable();
		return (properties != null) ? ConsulAutoRegistration.getInstanceId(properties, context)
				: context.getId() + "-" + ProcessHandle.current().pid();
	}

	private static final class RunsWithTheApplication implements SmartLifecycle {

		private final JobScheduler scheduler;

		private final Runnable begin;

		private boolean begun;

		private volatile boolean running;

		private RunsWithTheApplication(JobScheduler scheduler, Runnable begin) {
			this.scheduler = scheduler;
			this.begin = begin;
		}

		@Override
		public void start() {
			if (begun) {
				scheduler.resume();
			}
			else {
				begin.run();
				begun = true;
			}
			running = true;
		}

		// Before the connections of the service are closed.
		@Override
		public void stop() {
			scheduler.stop();
			running = false;
		}

		@Override
		public boolean isRunning() {
			return running;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterRegistry.class)
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnBean(MeterRegistry.class)
		@ConditionalOnMissingBean(JobListener.class)
		JobMetrics jobMetrics(MeterRegistry meters) {
			return new JobMetrics(meters);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Endpoint.class)
	static class EndpointConfiguration {

		@Bean
		@ConditionalOnMissingBean
		JobsEndpoint jobsEndpoint(Jobs jobs) {
			return new JobsEndpoint(jobs);
		}

	}

}
