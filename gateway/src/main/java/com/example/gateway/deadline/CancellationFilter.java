package com.example.gateway.deadline;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import com.example.gateway.observation.LogIds;
import com.example.gateway.observation.LogIdsHandler;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;

import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Has a request end early on the event loop of its connection to the service: when the
 * client goes away, or the deadline passes. Reactor Netty gives a connection back to its
 * pool on that loop. A cancellation by another thread closes the connection a little
 * later, when the pool may have lent it to another request.
 */
@Component
final class CancellationFilter implements GlobalFilter, Ordered, HttpClientCustomizer {

	@Override
	public int getOrder() {
		return NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER - 1;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		ServiceLoop loop = new ServiceLoop(LogIds.of(exchange));
		exchange.getAttributes().put(ServiceLoop.ATTRIBUTE, loop);
		return chain.filter(exchange)
			.cancelOn(Schedulers.fromExecutor(loop))
			.contextWrite((context) -> context.put(ServiceLoop.class, loop));
	}

	@Override
	public HttpClient customize(HttpClient client) {
		return client.doOnRequest((request, connection) -> request.currentContextView()
			.<ServiceLoop>getOrEmpty(ServiceLoop.class)
			.ifPresent((loop) -> {
				loop.eventLoop = connection.channel().eventLoop();
				connection.channel().attr(LogIdsHandler.IDS).set(loop.ids);
			}));
	}

	/**
	 * Returns where to end a request early.
	 * @param exchange the request
	 * @return runs tasks on the event loop of the connection, at once before there is one
	 */
	static Scheduler scheduler(ServerWebExchange exchange) {
		ServiceLoop loop = exchange.getAttribute(ServiceLoop.ATTRIBUTE);
		return (loop != null) ? Schedulers.fromExecutor(loop) : Schedulers.immediate();
	}

	private static final class ServiceLoop implements Executor {

		private static final String ATTRIBUTE = ServiceLoop.class.getName();

		private final LogIds ids;

		private volatile @Nullable EventLoop eventLoop;

		private ServiceLoop(LogIds ids) {
			this.ids = ids;
		}

		@Override
		public void execute(Runnable work) {
			Runnable task = () -> ids.during(work);
			EventLoop present = eventLoop;
			if (present == null || present.inEventLoop()) {
				task.run();
			}
			else {
				try {
					present.execute(task);
				}
				catch (RejectedExecutionException ex) {
					// The gateway stops, and its connections with it.
					task.run();
				}
			}
		}

	}

}
