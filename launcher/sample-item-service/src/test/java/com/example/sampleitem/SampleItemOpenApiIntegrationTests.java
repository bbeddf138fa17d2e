// if rest
package com.example.sampleitem;

import com.example.platform.test.OpenApiDocument;
import com.example.platform.test.ReleasedRestApi;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.web.server.LocalServerPort;

@SampleItemServiceTest
class SampleItemOpenApiIntegrationTests {

	private final OpenApiDocument api;

	SampleItemOpenApiIntegrationTests(@LocalServerPort int port) {
		api = new OpenApiDocument("http://127.0.0.1:" + port);
	}

	@Test
	void whatWasReleasedDoesNotBreak() {
		new ReleasedRestApi("sample-item-service").assertUnbroken(api);
	}

}
// end
