package com.example.platform.web;

import java.sql.SQLTransientConnectionException;

import org.junit.jupiter.api.Test;

import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.CannotCreateTransactionException;

import static org.assertj.core.api.Assertions.assertThat;

class UnavailableDataAdviceTests {

	@Test
	void aTransactionThatCannotBeginAnyMoreIsLateAndNotWithoutADatabase() {
		ResponseEntity<ProblemDetail> late = begun(new QueryTimeoutException("The call is over"));
		assertThat(late.getStatusCode()).isEqualTo(HttpStatus.GATEWAY_TIMEOUT);
		assertThat(late.getHeaders().containsHeader(HttpHeaders.RETRY_AFTER)).isFalse();
		ResponseEntity<ProblemDetail> away = begun(new SQLTransientConnectionException());
		assertThat(away.getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
		assertThat(away.getHeaders().getFirst(HttpHeaders.RETRY_AFTER)).isEqualTo("1");
	}

	private static ResponseEntity<ProblemDetail> begun(Exception failure) {
		return new UnavailableDataAdvice().unavailable(new CannotCreateTransactionException("begin", failure));
	}

}
