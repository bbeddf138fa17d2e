package com.example.platform.grpc.client;

import java.util.Optional;

import io.grpc.ServiceDescriptor;

import org.springframework.util.ReflectionUtils;

/**
 * Finds the contract that a generated stub was generated from.
 */
public final class StubContract {

	private StubContract() {
	}

	/**
	 * Returns the contract of a stub: what the generated class around the stub's own
	 * describes.
	 * @param stub a stub's type
	 * @return empty for a stub that grpc-java's compiler did not generate
	 */
	public static Optional<ServiceDescriptor> of(Class<?> stub) {
		return Optional.ofNullable(stub.getEnclosingClass())
			.map((type) -> ReflectionUtils.findMethod(type, "getServiceDescriptor"))
			.map((method) -> (ServiceDescriptor) ReflectionUtils.invokeMethod(method, null));
	}

}
