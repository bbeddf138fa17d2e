package com.example.platform.grpc.server;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

import io.grpc.Decompressor;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Refuses requests that cannot be decoded with {@code INVALID_ARGUMENT}. gRPC itself
 * answers {@code UNKNOWN}, logs a stack trace, and no interceptor hears of it, since it
 * decodes outside of them. Therefore {@link #passOn a service} hands such a request on as
 * what it is, and this interceptor, inside of those that map and measure failures, throws
 * for it.
 */
public final class UndecodableRequests implements ServerInterceptor {

	/**
	 * Unpacks like gRPC's own gzip, but tells that a message is none only when it is
	 * read, for {@link #passOn} to hear of it: gRPC unpacks outside of all interceptors,
	 * too.
	 */
	public static final Decompressor GZIP = new Decompressor() {

		@Override
		public String getMessageEncoding() {
			return "gzip";
		}

		@Override
		public InputStream decompress(InputStream message) {
			try {
				return new GZIPInputStream(message);
			}
			catch (IOException ex) {
				return new InputStream() {

					@Override
					public int read() throws IOException {
						throw ex;
					}

					@Override
					public int read(byte[] buffer, int offset, int length) throws IOException {
						throw ex;
					}

				};
			}
		}

	};

	private static final Log logger = LogFactory.getLog(UndecodableRequests.class);

	/**
	 * Has a service hand on what it cannot decode.
	 * @param service the service, all interceptors included
	 * @return the same service, to be served in its place
	 */
	public static ServerServiceDefinition passOn(ServerServiceDefinition service) {
		ServiceDescriptor.Builder contract = ServiceDescriptor.newBuilder(service.getServiceDescriptor().getName())
			.setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
		var methods = service.getMethods().stream().map(UndecodableRequests::passOn).toList();
		methods.forEach((method) -> contract.addMethod(method.getMethodDescriptor()));
		ServerServiceDefinition.Builder result = ServerServiceDefinition.builder(contract.build());
		methods.forEach(result::addMethod);
		return result.build();
	}

	private static <I, O> ServerMethodDefinition<I, O> passOn(ServerMethodDefinition<I, O> method) {
		MethodDescriptor<I, O> contract = method.getMethodDescriptor();
		return ServerMethodDefinition.create(
				contract.toBuilder().setRequestMarshaller(new PassingOn<>(contract.getRequestMarshaller())).build(),
				method.getServerCallHandler());
	}

	@Override
	public <I, O> ServerCall.Listener<I> interceptCall(ServerCall<I, O> call, Metadata headers,
			ServerCallHandler<I, O> next) {
		return new Refusing<>(next.startCall(call, headers), call.getMethodDescriptor().getFullMethodName());
	}

	private record Undecodable(RuntimeException reason) {

		// A message that unpacks to more than is allowed shows only here.
		private Status status() {
			Status known = Status.fromThrowable(reason);
			Throwable cause = (reason.getCause() != null) ? reason.getCause() : reason;
			return (known.getCode() == Status.Code.RESOURCE_EXHAUSTED) ? known.withCause(null) : Status.INVALID_ARGUMENT
				.withDescription("The request could not be decoded: " + cause.getMessage());
		}

	}

	private record PassingOn<T>(Marshaller<T> marshaller) implements Marshaller<T> {

		@Override
		public InputStream stream(T value) {
			return marshaller.stream(value);
		}

		@Override
		@SuppressWarnings("unchecked") // only interceptors see it, until this one throws
		public T parse(InputStream stream) {
			try {
				return marshaller.parse(stream);
			}
			catch (RuntimeException ex) {
				return (T) new Undecodable(ex);
			}
		}

	}

	private static final class Refusing<I> extends SimpleForwardingServerCallListener<I> {

		private final String method;

		private boolean refused;

		private Refusing(ServerCall.Listener<I> handler, String method) {
			super(handler);
			this.method = method;
		}

		@Override
		public void onMessage(I message) {
			if (refused) {
				return;
			}
			if (!((Object) message instanceof Undecodable undecodable)) {
				super.onMessage(message);
				return;
			}
			refused = true;
			Status status = undecodable.status();
			logger.warn(method + ": " + status.getDescription());
			// The handler of a stream lets go of what it holds.
			super.onCancel();
			throw new StatusRuntimeException(status);
		}

		// It is over for the handler, whatever of it is on its way.
		@Override
		public void onHalfClose() {
			if (!refused) {
				super.onHalfClose();
			}
		}

		@Override
		public void onReady() {
			if (!refused) {
				super.onReady();
			}
		}

		@Override
		public void onCancel() {
			if (!refused) {
				super.onCancel();
			}
		}

		@Override
		public void onComplete() {
			if (!refused) {
				super.onComplete();
			}
		}

	}

}
