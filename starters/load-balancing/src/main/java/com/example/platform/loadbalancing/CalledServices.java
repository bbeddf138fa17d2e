package com.example.platform.loadbalancing;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

import com.example.platform.discovery.ServiceDirectory;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * All services that this process calls. The first question about a service starts to
 * follow it. Safe for use by several threads.
 */
public final class CalledServices implements AutoCloseable {

	private static final Log log = LogFactory.getLog(CalledServices.class);

	private static final long TICK_MILLIS = 500;

	private final ServiceDirectory directory;

	private final String self;

	private final LongSupplier nanoTime;

	private final RandomGenerator random;

	private final ScheduledExecutorService control;

	private final Map<String, Followed> services = new ConcurrentHashMap<>();

	private final List<Runnable> tickListeners = new CopyOnWriteArrayList<>();

	private volatile Function<String, BalancingSettings> settings;

	/**
	 * Creates an empty set.
	 * @param directory the source of instances
	 * @param self unique name of this process
	 * @param settings how calls to a service of a name are balanced
	 * @param nanoTime a clock like {@link System#nanoTime()}
	 * @param random source of randomness, called from several threads
	 */
	public CalledServices(ServiceDirectory directory, String self, Function<String, BalancingSettings> settings,
			LongSupplier nanoTime, RandomGenerator random) {
		this.directory = directory;
		this.self = self;
		this.settings = settings;
		this.nanoTime = nanoTime;
		this.random = random;
		this.control = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "load-balancing");
			thread.setDaemon(true);
			return thread;
		});
		var unused = control.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
	}

	/**
	 * Returns the service of a name.
	 * @param name the service's name
	 * @return always the same for the same name
	 */
	public CalledService service(String name) {
		Followed known = services.get(name);
		if (known != null) {
			return known.service;
		}
		Followed mine = new Followed(
				new CalledService(name, self, settings.apply(name), nanoTime, random, this::execute));
		Followed other = services.putIfAbsent(name, mine);
		if (other != null) {
			return other.service;
		}
		// With no lock held: another listener of the directory may be asking for one.
		mine.subscription = directory.subscribe(name, mine.service::update);
		// They may have changed before it could be told.
		mine.service.configure(settings.apply(name));
		return mine.service;
	}

	/**
	 * Returns the services that have been called so far.
	 * @return the services, in no order
	 */
	public Collection<CalledService> all() {
		return services.values().stream().map((followed) -> followed.service).toList();
	}

	/**
	 * Changes how calls are balanced, at once and without closing anything.
	 * @param next how calls to a service of a name are balanced from now on
	 */
	public void configure(Function<String, BalancingSettings> next) {
		settings = next;
		all().forEach((service) -> service.configure(next.apply(service.name())));
	}

	/**
	 * Has a listener called twice a second, when the services have been renewed.
	 * @param listener called on the control thread; must not block
	 */
	public void onTick(Runnable listener) {
		tickListeners.add(listener);
	}

	@Override
	public void close() {
		control.shutdownNow();
		services.values().forEach((followed) -> followed.subscription.close());
	}

	private void execute(Runnable task) {
		try {
			control.execute(task);
		}
		catch (RejectedExecutionException ex) {
			log.debug("Not done, since this process ends", ex);
		}
	}

	private void tick() {
		runEach(all().stream().map((service) -> (Runnable) service::tick).toList(),
				"The half-second check of a service");
		runEach(tickListeners, "A listener to the half-second check");
	}

	/**
	 * Runs tasks one after the other. One that fails must not keep those behind it from
	 * their turn, nor end the thread that comes back every half second.
	 * @param tasks the tasks
	 * @param what names one of them, for the log
	 */
	static void runEach(Iterable<? extends Runnable> tasks, String what) {
		for (Runnable task : tasks) {
			try {
				task.run();
			}
			catch (RuntimeException | Error ex) {
				log.error(what + " failed; the others go on", ex);
			}
		}
	}

	private static final class Followed {

		private final CalledService service;

		private volatile ServiceDirectory.Subscription subscription = () -> {
		};

		private Followed(CalledService service) {
			this.service = service;
		}

	}

}
