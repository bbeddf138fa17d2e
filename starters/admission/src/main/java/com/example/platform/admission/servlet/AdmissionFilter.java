package com.example.platform.admission.servlet;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

import com.example.platform.admission.Admission;
import com.example.platform.admission.BodyMemory;
import com.example.platform.admission.Importance;
import com.example.platform.admission.http.OverloadedException;
import com.example.platform.web.CountedRequest;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Refuses HTTP requests that the process cannot carry, before anything of their body is
 * read. A body that does not declare its length takes its room as it is read. What goes
 * on without a thread, as a stream of events does, is no longer counted.
 */
public final class AdmissionFilter extends OncePerRequestFilter implements Ordered {

	private final Admission admission;

	private final BodyMemory bodies;

	private final HandlerExceptionResolver exceptions;

	private final String exemptPath;

	/**
	 * Creates the filter.
	 * @param admission takes on calls
	 * @param bodies takes on bodies
	 * @param exceptions renders refusals
	 * @param exemptPath what stands below it is never refused: health and metrics; none
	 * if it is the root
	 */
	public AdmissionFilter(Admission admission, BodyMemory bodies, HandlerExceptionResolver exceptions,
			String exemptPath) {
		this.admission = admission;
		this.bodies = bodies;
		this.exceptions = exceptions;
		this.exemptPath = exemptPath;
	}

	// Behind those that give the request its ids and observe it, before all work.
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE + 5;
	}

	@Override
	protected boolean shouldNotFilter(HttpServletRequest request) {
		// As the container has read it: what is sent as /actuator/../orders is none of
		// it.
		String path = request.getServletPath() + Objects.requireNonNullElse(request.getPathInfo(), "");
		return exemptPath.length() > 1 && (path.equals(exemptPath) || path.startsWith(exemptPath + "/"));
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		boolean write = request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
		Optional<Admission.Call> call = admission.enter(Importance.of(request.getHeader(Importance.HEADER)), write);
		if (call.isEmpty()) {
			refuse(request, response);
			return;
		}
		BodyMemory.Reservation body = bodies.reserve();
		boolean succeeded = false;
		try {
			if (!body.resize(request.getContentLengthLong())) {
				refuse(request, response);
				return;
			}
			chain.doFilter(new CountedRequest(request, (bytes) -> {
				if (!body.resize(bytes)) {
					throw new OverloadedException();
				}
			}), response);
			succeeded = response.getStatus() < 500;
		}
		finally {
			body.release();
			call.get().end(succeeded && !request.isAsyncStarted());
		}
	}

	private void refuse(HttpServletRequest request, HttpServletResponse response) {
		exceptions.resolveException(request, response, null, new OverloadedException());
	}

}
