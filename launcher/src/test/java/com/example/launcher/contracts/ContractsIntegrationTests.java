package com.example.launcher.contracts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.example.launcher.process.LocalSystemException;
import com.example.launcher.scaffold.RepositoryCopy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ContractsIntegrationTests {

	private static final String SOURCES = "contracts/src/main/protobuf/";

	private static final String ADDITIONS = """
			user/v1/user.proto | google.protobuf.Timestamp created_at = 5; | google.protobuf.Timestamp created_at = 5; string phone = 6;
			user/v1/user.proto | google.protobuf.Timestamp created_at = 5; | google.protobuf.Timestamp created_at = 5; repeated string tags = 7;
			user/v1/user.proto | google.protobuf.Timestamp created_at = 5; | google.protobuf.Timestamp created_at = 5; optional int32 age = 8;
			user/v1/user.proto | google.protobuf.Timestamp created_at = 5; | google.protobuf.Timestamp created_at = 5; map<string, string> labels = 9;
			user/v1/user.proto | google.protobuf.Timestamp created_at = 5; | google.protobuf.Timestamp created_at = 5; reserved 20 to 29;
			user/v1/user.proto | google.protobuf.Timestamp created_at = 5; | google.protobuf.Timestamp created_at = 5; oneof contact { string mobile = 10; string fax = 11; }
			user/v1/user.proto | USER_STATUS_BLOCKED = 2; | USER_STATUS_BLOCKED = 2; USER_STATUS_GONE = 3;
			user/v1/user.proto | ELIGIBILITY_BLOCKED = 3; | ELIGIBILITY_BLOCKED = 3; ELIGIBILITY_UNDER_AGE = 4;
			user/v1/user.proto | message User { | message Address { string city = 1; } message User {
			user/v1/user.proto | message User { | enum Colour { COLOUR_UNSPECIFIED = 0; } message User {
			user/v1/user.proto | service UserService { | service OtherService { rpc Ping(PingRequest) returns (PingResponse); } message PingRequest {} message PingResponse {} service UserService {
			user/v1/user.proto | // Returns one user. | // Returns a user.
			user/v1/user.proto | int64 user_id = 1; | int64 user_id = 1; bool with_address = 2;
			user/v1/user.proto | User user = 1; | User user = 1; string etag = 2;
			user/v1/user.proto | service UserService { | message FindUserRequest {} message FindUserResponse {} service UserService { rpc FindUser(FindUserRequest) returns (FindUserResponse);
			order/v1/order.proto | string currency = 2; | string currency = 2; int32 digits = 3;
			order/v1/order.proto | ORDER_STATUS_EXPIRED = 4; | ORDER_STATUS_EXPIRED = 4; ORDER_STATUS_SENT = 5;
			order/v1/order.proto | google.protobuf.Timestamp paid_at = 9; | google.protobuf.Timestamp paid_at = 9; Money tax = 10;
			order/v1/order.proto | message Money { | message Discount { Money amount = 1; } message Money {
			order/v1/order.proto | Money unit_price = 3; | Money unit_price = 3; string note = 4;
			order/v1/placing.proto | string idempotency_key = 3; | string idempotency_key = 3; string voucher = 4;
			order/v1/placing.proto | int32 created = 2; | int32 created = 2; int32 repeated_orders = 3;
			order/v1/placing.proto | service PlacingService { | message RefundOrderRequest {} message RefundOrderResponse {} service PlacingService { rpc RefundOrder(RefundOrderRequest) returns (RefundOrderResponse);
			order/v1/placing.proto | service PlacingService { | message TrackOrderRequest {} message TrackOrderResponse {} service PlacingService { rpc TrackOrder(TrackOrderRequest) returns (stream TrackOrderResponse);
			order/v1/composing.proto | oneof action { | message Undo {} oneof action { Undo undo = 5;
			order/v1/composing.proto | string reason = 2; | string reason = 2; string hint = 3;
			order/v1/watching.proto | EVENT_EXPIRED = 4; | EVENT_EXPIRED = 4; EVENT_SENT = 5;
			order/v1/watching.proto | string after = 2; | string after = 2; repeated int64 user_ids = 3;
			order/v1/watching.proto | string cursor = 3; | string cursor = 3; string trace = 5;
			user/v1/user.proto | google.protobuf.Timestamp created_at = 5; | google.protobuf.Timestamp created_at = 5 [deprecated = true];
			""";

	@TempDir
	@SuppressWarnings("NullAway.Init") // set by JUnit
	private static Path folder;

	@SuppressWarnings("NullAway.Init") // set before all tests
	private static RepositoryCopy copy;

	// A caller of each method, in a service that is called so.
	@BeforeAll
	static void copyRepository() throws IOException {
		copy = RepositoryCopy.in(folder);
		caller("PlacingService", "PlaceOrder", "PlaceOrders", "GetOrder", "PayOrder", "CancelOrder");
		caller("ComposingService", "ComposeOrder");
		caller("WatchingService", "WatchOrders");
		copy.commit();
	}

	private static void caller(String service, String... methods) throws IOException {
		StringBuilder text = new StringBuilder("import com.example.contracts.order.v1." + service + "Grpc;\n");
		for (String method : methods) {
			text.append("stub.%s%s(request);%n".formatted(method.substring(0, 1).toLowerCase(Locale.ROOT),
					method.substring(1)));
		}
		Path file = folder.resolve("services/shop-front/src/main/java/Calls%s.java".formatted(service));
		Files.createDirectories(file.getParent());
		Files.writeString(file, text);
	}

	@AfterEach
	void takeBack() {
		copy.git("restore", ".");
		copy.git("clean", "-fdq");
	}

	@Test
	void whatIsThereIsReleasedAndWellWritten() {
		assertThat(contracts().check()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					user/v1/user.proto | int64 id = 1 | int32 id = 1 | GetUser
					user/v1/user.proto | string name = 2; | | GetUser
					user/v1/user.proto | string name = 2; | reserved 2; | GetUser
					user/v1/user.proto | string name = 2 | string full_name = 2 | GetUser
					user/v1/user.proto | string name = 2 | string name = 7 | GetUser
					user/v1/user.proto | string email = 3 | repeated string email = 3 | GetUser
					user/v1/user.proto | string email = 3 | bytes email = 3 | GetUser
					user/v1/user.proto | USER_STATUS_BLOCKED = 2; | | GetUser
					user/v1/user.proto | USER_STATUS_BLOCKED = 2 | USER_STATUS_GONE = 2 | GetUser
					user/v1/user.proto | USER_STATUS_BLOCKED = 2 | USER_STATUS_BLOCKED = 3 | GetUser
					user/v1/user.proto | UserStatus status = 4 | string status = 4 | GetUser
					user/v1/user.proto | rpc GetUser( | rpc ReadUser( | GetUser
					user/v1/user.proto | returns (GetUserResponse) | returns (stream GetUserResponse) | GetUser
					user/v1/user.proto | rpc GetUser(GetUserRequest | rpc GetUser(CheckEligibilityRequest | GetUser
					user/v1/user.proto | service UserService | service AccountService | CheckEligibility GetUser
					user/v1/user.proto | com.example.contracts.user.v1 | com.example.contracts.users.v1 | CheckEligibility GetUser
					user/v1/user.proto | java_multiple_files = true | java_multiple_files = false | CheckEligibility GetUser
					user/v1/user.proto | ELIGIBILITY_BLOCKED = 3 | ELIGIBILITY_REFUSED = 3 | CheckEligibility
					user/v1/user.proto | Eligibility eligibility = 1 | string eligibility = 1 | CheckEligibility
					order/v1/order.proto | int64 minor_units = 1 | double minor_units = 1 | CancelOrder ComposeOrder GetOrder PayOrder PlaceOrder PlaceOrders WatchOrders
					order/v1/order.proto | string currency = 2; | | CancelOrder ComposeOrder GetOrder PayOrder PlaceOrder PlaceOrders WatchOrders
					order/v1/order.proto | repeated OrderLine lines = 4 | OrderLine lines = 4 | CancelOrder ComposeOrder GetOrder PayOrder PlaceOrder WatchOrders
					order/v1/order.proto | ORDER_STATUS_PAID = 3; | | CancelOrder ComposeOrder GetOrder PayOrder PlaceOrder WatchOrders
					order/v1/placing.proto | string idempotency_key = 3; | | PlaceOrder PlaceOrders
					order/v1/placing.proto | int32 placed = 1 | int64 placed = 1 | PlaceOrders
					order/v1/placing.proto | rpc PayOrder(PayOrderRequest) | rpc PayOrder(stream PayOrderRequest) | PayOrder
					order/v1/placing.proto | option idempotency_level = NO_SIDE_EFFECTS; | | GetOrder
					order/v1/composing.proto | Place place = 4; | | ComposeOrder
					order/v1/composing.proto | string reason = 2 | int32 reason = 2 | ComposeOrder
					order/v1/watching.proto | string cursor = 3 | optional string cursor = 3 | WatchOrders
					order/v1/watching.proto | EVENT_PAID = 3 | EVENT_BOUGHT = 3 | WatchOrders
					""")
	void whatBreaksIsToldWithThoseWhomItBreaks(String file, String from, @Nullable String to, String methods)
			throws IOException {
		edit(file, from, (to != null) ? to : "");
		List<Breakage> found = contracts().check();
		assertThat(found).isNotEmpty().allSatisfy((breakage) -> {
			assertThat(breakage.file()).isEqualTo(SOURCES + file);
			assertThat(breakage.line()).isPositive();
		});
		assertThat(found.stream()
			.flatMap((breakage) -> breakage.callers().stream())
			.map((caller) -> caller.method().replaceFirst(".*/", ""))
			.collect(Collectors.toSet())).isEqualTo(Set.of(methods.split(" ", -1)));
		if (methods.equals("CheckEligibility")) {
			assertThat(found.get(0).callers()).singleElement()
				.extracting(Caller::module)
				.isEqualTo("services/order-service");
		}
	}

	@Test
	void aFileThatGoesBreaksItsCallers() throws IOException {
		Files.delete(folder.resolve(SOURCES + "order/v1/watching.proto"));
		assertThat(contracts().check()).singleElement().satisfies((breakage) -> {
			assertThat(breakage.reason()).contains("order/v1/watching.proto").contains("was deleted");
			assertThat(breakage.callers()).extracting(Caller::method)
				.containsExactly("order.v1.WatchingService/WatchOrders");
		});
	}

	@Test
	void whatDoesNotCompileIsToldOnce() throws IOException {
		edit("user/v1/user.proto", "message User {", "message User {{");
		assertThat(contracts().check()).singleElement()
			.satisfies((breakage) -> assertThat(breakage.reason()).startsWith("syntax error"));
	}

	@Test
	void whatIsNotWrittenAsItShouldIsTold() throws IOException {
		edit("user/v1/user.proto", "message GetUserRequest {", "message nice {}\n\nmessage GetUserRequest {");
		assertThat(contracts().check()).singleElement()
			.satisfies((breakage) -> assertThat(breakage.reason()).contains("PascalCase"));
	}

	@Test
	void whatIsAddedBreaksNobody() throws IOException {
		List<String> additions = ADDITIONS.lines().toList();
		for (String addition : additions) {
			String[] parts = addition.split(" \\| ", -1);
			edit(parts[0], parts[1], parts[2]);
		}
		assertThat(additions).hasSize(30);
		assertThat(contracts().check()).isEmpty();
	}

	@Test
	void aReleaseTakesWhatThereIsNow() throws IOException {
		edit("user/v1/user.proto", "string name = 2", "string full_name = 2");
		Release release = new Release(copy.workspace());
		Map<String, String> present = Map.of(Contracts.RELEASED, contracts().present());
		assertThat(release.write(present)).contains("change contracts/released.json");
		assertThat(release.write(present)).isEmpty();
		assertThat(contracts().check()).isEmpty();
		assertThat(copy.git("diff", "--numstat", "contracts/released.json")).startsWith("2\t2\t");
	}

	@Test
	void callersAreFoundByMethodServiceAndPackage() throws IOException {
		assertThat(contracts().callers("user.v1.UserService/CheckEligibility")).singleElement()
			.extracting(Caller::file)
			.asString()
			.endsWith("/GrpcCustomers.java");
		assertThat(contracts().callers("order.v1.PlacingService")).hasSize(5);
		assertThat(contracts().callers("order.v1")).hasSize(7);
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> contracts().callers("user.v1.User"))
			.withMessageStartingWith("There is no method user.v1.User. There are: ");
		edit("user/v1/user.proto", "rpc GetUser(",
				"rpc FindUser(GetUserRequest) returns (GetUserResponse);\n  rpc GetUser(");
		// New, and called by nobody.
		assertThat(contracts().callers("user.v1.UserService/FindUser")).isEmpty();
	}

	@Test
	void aReleaseThatCannotBeReadIsToldWithWhatToDo() throws IOException {
		Files.writeString(folder.resolve("contracts/released.json"), "{");
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> contracts().check())
			.withMessageContaining("'./dev contracts release' writes it anew");
	}

	private static void edit(String file, String from, String to) throws IOException {
		String text = copy.read(SOURCES + file);
		assertThat(text).contains(from);
		Files.writeString(folder.resolve(SOURCES + file), text.replaceFirst(Pattern.quote(from), to));
	}

	private static Contracts contracts() {
		return new Contracts(copy.workspace());
	}

}
