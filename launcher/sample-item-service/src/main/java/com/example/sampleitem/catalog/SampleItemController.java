// if rest and database
package com.example.sampleitem.catalog;

import java.net.URI;
import java.util.List;
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
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Sample items over REST.
 */
@Tag(name = "Sample items")
@RestController
@RequestMapping(path = "/api/sample-items", produces = MediaType.APPLICATION_JSON_VALUE)
class SampleItemController {

	private final SampleItems sampleItems;

	private final Supplier<ListSettings> settings;

	SampleItemController(SampleItems sampleItems, Supplier<ListSettings> settings) {
		this.sampleItems = sampleItems;
		this.settings = settings;
	}

	@Operation(summary = "Create a sample item")
	@ApiResponse(responseCode = "201", description = "The new sample item.", useReturnTypeSchema = true)
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<SampleItem> create(@Valid @RequestBody NewSampleItem newSampleItem) {
		SampleItem sampleItem = sampleItems.create(newSampleItem);
		return ResponseEntity.created(URI.create("/api/sample-items/" + sampleItem.id())).body(sampleItem);
	}

	@Operation(summary = "Read a sample item")
	@ApiResponse(responseCode = "200", description = "The sample item.", useReturnTypeSchema = true)
	@ApiResponse(responseCode = "404", description = "No sample item has this id.")
	@GetMapping("/{id}")
	SampleItem get(@PathVariable long id) {
		return sampleItems.get(id);
	}

	@Operation(summary = "List sample items",
			description = "In ascending order of id. To see more, ask again after the id of the last one.")
	@GetMapping
	List<SampleItem> list(@RequestParam(defaultValue = "0") @PositiveOrZero long after,
			@RequestParam(required = false) @Min(1) @Max(100) @Nullable Integer size) {
		return sampleItems.list(after, (size != null) ? size : settings.get().pageSize());
	}

	@ExceptionHandler
	ProblemDetail notFound(SampleItemNotFoundException ex) {
		return Problems.of(HttpStatus.NOT_FOUND, "id", String.valueOf(ex.getMessage()));
	}

}
// end
