package com.example.sampleitem;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The sample-item-service process.
 */
@SpringBootApplication
public class SampleItemServiceApplication {

	public static void main(String[] args) {
		SpringApplication.run(SampleItemServiceApplication.class, args);
	}

}
