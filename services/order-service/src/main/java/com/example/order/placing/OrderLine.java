package com.example.order.placing;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;

/**
 * A number of pieces of one article.
 *
 * @param sku the article's stock keeping unit
 * @param quantity how many pieces
 * @param unitPrice the price of one piece
 */
public record OrderLine(
		@NotBlank @Size(max = 64) @Pattern(regexp = "[^\\p{Cntrl}\\p{Cs}]*",
				message = "must not contain control characters") String sku,
		@Positive int quantity, @NotNull @Valid Money unitPrice) {
}
