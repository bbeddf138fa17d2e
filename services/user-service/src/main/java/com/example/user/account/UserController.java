package com.example.user.account;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

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
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
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

	@Operation(summary = "List users",
			description = "In ascending order of id. Follow next until it is absent to see them all.")
	@GetMapping
	Page list(@RequestParam(required = false) @Nullable UserStatus status,
			@RequestParam(defaultValue = "0") @PositiveOrZero long after,
			@RequestParam(defaultValue = "20") @Min(1) @Max(100) int size) {
		List<User> users = accounts.list(status, after, size + 1);
		if (users.size() <= size) {
			return new Page(users, null);
		}
		List<User> items = users.subList(0, size);
		URI next = UriComponentsBuilder.fromPath("/api/users")
			.queryParamIfPresent("status", Optional.ofNullable(status))
			.queryParam("after", items.get(size - 1).id())
			.queryParam("size", size)
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
