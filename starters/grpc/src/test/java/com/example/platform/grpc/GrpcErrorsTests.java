package com.example.platform.grpc;

import java.util.List;
import java.util.Map;

import io.grpc.Status;
import io.grpc.StatusException;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Valid;
import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;
import jakarta.validation.constraints.Positive;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GrpcErrorsTests {

	@Test
	void aFieldIsNamedAsTheContractDoes() {
		StatusException error = GrpcErrors.of(Status.Code.NOT_FOUND, "lines[0].unitPrice", "is unknown");
		assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
		assertThat(error.getStatus().getDescription()).isEqualTo("lines[0].unit_price: is unknown");
		assertThat(GrpcErrors.badFields(error)).containsExactly(Map.entry("lines[0].unit_price", "is unknown"));
	}

	@Test
	void anErrorWithoutDetailsNamesNoField() {
		assertThat(GrpcErrors.badFields(Status.UNAVAILABLE.asException())).isEmpty();
	}

	@Test
	void violatedConstraintsOfAMethodAreNamedWithoutTheMethod() throws Exception {
		try (ValidatorFactory factory = Validation.buildDefaultValidatorFactory()) {
			Shop shop = new Shop();
			var violations = factory.getValidator()
				.forExecutables()
				.validateParameters(shop, Shop.class.getDeclaredMethod("sell", int.class, Item.class, List.class),
						new Object[] { 0, new Item(0), List.of(new Item(1), new Item(-1)) });
			StatusException error = GrpcErrors.of(new ConstraintViolationException(violations));
			assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
			assertThat(GrpcErrors.badFields(error)).containsOnlyKeys("customer_id", "unit_price", "[1].unit_price");
		}
	}

	/**
	 * Has constraints.
	 *
	 * @param unitPrice must be positive
	 */
	record Item(@Positive int unitPrice) {
	}

	/**
	 * Has a method with constraints.
	 */
	static class Shop {

		@SuppressWarnings("UnusedVariable")
		void sell(@Positive int customerId, @Valid Item item, List<@Valid Item> more) {
		}

	}

}
