package com.example.user.account;

import com.example.platform.web.Problems;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * What REST answers when a user account refuses.
 */
@RestControllerAdvice
class UserProblems {

	@ExceptionHandler
	ProblemDetail notFound(UserNotFoundException ex) {
		return Problems.of(HttpStatus.NOT_FOUND, "id", ex.getMessage());
	}

	@ExceptionHandler
	ProblemDetail taken(EmailTakenException ex) {
		return Problems.of(HttpStatus.CONFLICT, "email", ex.getMessage());
	}

}
