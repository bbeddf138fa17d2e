package com.example.user.account;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import com.example.platform.web.Problems;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.PositiveOrZero;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Users over REST.
 */
@Tag(name = "Users")
@RestController
@RequestMapping(path = "/api/users", produces = MediaType.APPLICATION_JSON_VALUE)
class UserController {

	private final UserAccounts accounts;

	private final Supplier<UserSettings> settings;

	UserController(UserAccounts accounts, Supplier<UserSettings> settings) {
		this.accounts = accounts;
		this.settings = settings;
	}

	@Operation(summary = "Create a user")
	@ApiResponse(responseCode = "201", description = "The new user.", useReturnTypeSchema = true)
	@ApiResponse(responseCode = "409", description = "The e-mail address is taken, compared without case.")
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<User> create(@Valid @RequestBody NewUser newUser) {
		User user = accounts.create(newUser);
		return ResponseEntity.created(URI.create("/api/users/" + user.id())).body(user);
	}

	@Operation(summary = "Read a user")
	@ApiResponse(responseCode = "200", description = "The user.", useReturnTypeSchema = true)
	@ApiResponse(responseCode = "404", description = "No user has this id.")
	@GetMapping("/{id}")
	User get(@PathVariable long id) {
		return accounts.get(id);
	}

	@Operation(summary = "List users", description = """
			In ascending order of id. Follow next until it is absent to see them all. Without a size, \
			the live configuration says how many users a page has, key users.page-size.""")
	@GetMapping
	Page list(@RequestParam(required = false) @Nullable UserStatus status,
			@RequestParam(defaultValue = "0") @PositiveOrZero long after,
			@RequestParam(required = false) @Min(1) @Max(100) @Nullable Integer size) {
		int limit = (size != null) ? size : settings.get().pageSize();
		List<User> users = accounts.list(status, after, limit + 1);
		if (users.size() <= limit) {
			return new Page(users, null);
		}
		List<User> items = users.subList(0, limit);
		URI next = UriComponentsBuilder.fromPath("/api/users")
			.queryParamIfPresent("status", Optional.ofNullable(status))
			.queryParam("after", items.get(limit - 1).id())
			.queryParam("size", limit)
			.build()
			.toUri();
		return new Page(items, next);
	}

	@Operation(summary = "Change a user")
	@ApiResponse(responseCode = "200", description = "The user as it is now.", useReturnTypeSchema = true)
	@ApiResponse(responseCode = "404", description = "No user has this id.")
	@ApiResponse(responseCode = "409", description = "The e-mail address is taken, compared without case.")
	@PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
	User change(@PathVariable long id, @Valid @RequestBody UserChange change) {
		return accounts.change(id, change);
	}

	@Operation(summary = "Delete a user")
	@ApiResponse(responseCode = "404", description = "No user has this id.")
	@DeleteMapping("/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void delete(@PathVariable long id) {
		accounts.delete(id);
	}

	@Operation(summary = "Read the greeting", description = "A value of the live configuration, key users.greeting.")
	@GetMapping("/greeting")
	Greeting greeting() {
		return new Greeting(settings.get().greeting());
	}

	@ExceptionHandler
	ProblemDetail notFound(UserNotFoundException ex) {
		return Problems.of(HttpStatus.NOT_FOUND, "id", String.valueOf(ex.getMessage()));
	}

	@ExceptionHandler
	ProblemDetail taken(EmailTakenException ex) {
		return Problems.of(HttpStatus.CONFLICT, "email", String.valueOf(ex.getMessage()));
	}

	/**
	 * Some users, and where the next ones are; without next these are the last.
	 */
	record Page(List<User> items, @Nullable URI next) {
	}

	/**
	 * What visitors are greeted with.
	 */
	record Greeting(String greeting) {
	}

}
