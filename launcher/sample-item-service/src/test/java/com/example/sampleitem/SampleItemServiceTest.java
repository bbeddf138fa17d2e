package com.example.sampleitem;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

// if database
import com.example.platform.test.WithPostgres;
// end

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.TestConstructor;
import org.springframework.test.context.TestConstructor.AutowireMode;
// if client
import org.springframework.test.context.TestPropertySource;
// end

/**
 * Runs the whole sample-item-service on free ports.
 */
@SpringBootTest(classes = SampleItemServiceApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "spring.cloud.config.enabled=false", "spring.cloud.consul.enabled=false",
				"spring.grpc.server.port=0" })
// if database
@WithPostgres
// end
// if client
@TestPropertySource(properties = "spring.grpc.client.channel.user-service.target=static://127.0.0.1:1")
// end
@TestConstructor(autowireMode = AutowireMode.ALL)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface SampleItemServiceTest {

}
