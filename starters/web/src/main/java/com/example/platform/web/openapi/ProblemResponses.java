package com.example.platform.web.openapi;

import java.util.stream.Stream;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationCustomizer;

import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.method.HandlerMethod;

import static org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE;

/**
 * Describes the errors that every operation of a service can answer, and every error as a
 * problem detail. What an operation answers besides is told by {@code @ApiResponse} at
 * its method.
 */
public final class ProblemResponses implements GlobalOperationCustomizer, GlobalOpenApiCustomizer {

	private static final String PROBLEM = "Problem";

	@Override
	public Operation customize(Operation operation, HandlerMethod handler) {
		ApiResponses responses = operation.getResponses();
		if (handler.getMethodParameters().length > 0) {
			add(responses, "400", "Something in the request is missing or not valid; errors tells what and why.");
		}
		add(responses, "406", "The Accept header allows nothing that can be answered.");
		if (Stream.of(handler.getMethodParameters())
			.anyMatch((parameter) -> parameter.hasParameterAnnotation(RequestBody.class))) {
			add(responses, "413", "The body is too large.");
			add(responses, "415", "The body is of a type that is not read here.");
		}
		add(responses, "503", "The service, or what it needs, cannot be reached at the moment; repeat it later.");
		add(responses, ApiResponses.DEFAULT, "Any other error.");
		responses.forEach(ProblemResponses::complete);
		return operation;
	}

	@Override
	public void customise(OpenAPI document) {
		document.schema(PROBLEM, new ObjectSchema().description("A problem detail of RFC 9457.")
			.addProperty("type", new StringSchema().description("The kind of error; about:blank: its status says all."))
			.addProperty("title", new StringSchema())
			.addProperty("status", new IntegerSchema())
			.addProperty("detail", new StringSchema().description("What went wrong, for a person."))
			.addProperty("instance", new StringSchema().description("The path of the request."))
			.addProperty("errors",
					new ArraySchema()
						.items(new ObjectSchema().addProperty("field", new StringSchema())
							.addProperty("reason", new StringSchema()))
						.description("Each bad part of the request."))
			.addProperty("requestId", new StringSchema().description("The id of the request, also in its log lines."))
			.addProperty("traceId", new StringSchema().description("The id of its trace, if there is one.")));
	}

	private static void add(ApiResponses responses, String status, String description) {
		if (!responses.containsKey(status)) {
			responses.addApiResponse(status, new ApiResponse().description(description));
		}
	}

	private static void complete(String status, ApiResponse response) {
		if (status.equals("201")) {
			response.addHeaderObject("Location", text("Where what was created can be read."));
		}
		if (status.equals("503")) {
			response.addHeaderObject("Retry-After", text("After how many seconds to repeat it."));
		}
		if (!status.startsWith("2")) {
			response.setContent(new Content().addMediaType(APPLICATION_PROBLEM_JSON_VALUE,
					new MediaType().schema(new Schema<>().$ref(PROBLEM))));
		}
	}

	private static Header text(String description) {
		return new Header().description(description).schema(new StringSchema());
	}

}
