package com.example.launcher.contracts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import com.example.launcher.contracts.RestComparison.Finding;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each line of the tables edits a document: where, with {@code > } between the names, and
 * what stands there then; nothing takes it out.
 */
class RestComparisonTests {

	private static final String RELEASED = read();

	private static String read() {
		try (InputStream file = Objects.requireNonNull(RestComparisonTests.class.getResourceAsStream("items.json"))) {
			return new String(file.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void whatStaysAsItIsBreaksNothing() {
		assertThat(compare(RELEASED, RELEASED)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					paths > /api/items/{id} | | GET /api/items/{id} is gone; DELETE /api/items/{id} is gone
					paths > /api/items/{id} > delete | | DELETE /api/items/{id} is gone
					paths > /api/items/{id}/note > put | | PUT /api/items/{id}/note is gone
					paths > /api/items > get > parameters > 0 | | GET /api/items, query parameter after was removed
					paths > /api/items > get > parameters > 0 > name | "from" | GET /api/items, query parameter after was removed
					paths > /api/items > get > parameters > 0 > in | "header" | GET /api/items, query parameter after was removed
					paths > /api/items > get > parameters > 0 > schema > default | 7 | GET /api/items, query parameter after default was 0, is 7 now
					paths > /api/items > get > parameters > 0 > schema > default | | GET /api/items, query parameter after default was 0, is not set now
					paths > /api/items > get > parameters > 0 > schema > format | "int32" | GET /api/items, query parameter after format was int64, is int32 now
					paths > /api/items > get > parameters > 0 > schema > minimum | 1 | GET /api/items, query parameter after must be at least 1 now
					paths > /api/items > get > parameters > 1 > required | true | GET /api/items, query parameter size must be given now
					paths > /api/items > get > parameters > 1 > schema > maximum | 50 | GET /api/items, query parameter size must be at most 50 now
					paths > /api/items > get > parameters > 1 > schema > exclusiveMaximum | 100 | GET /api/items, query parameter size must be at most 99 now
					paths > /api/items > get > parameters > 1 > schema > type | "string" | GET /api/items, query parameter size was integer, is string now
					paths > /api/items > get > parameters > 2 > schema > enum > 1 | | GET /api/items, query parameter status "SOLD" is no longer taken
					paths > /api/items > get > parameters > 3 > explode | false | GET /api/items, query parameter tag must be written in another way now, as form, all in one
					paths > /api/items > get > parameters > 3 > schema > maxItems | 4 | GET /api/items, query parameter tag maxItems was 5, is 4 now
					paths > /api/items > get > parameters > 3 > schema > items > format | "uuid" | GET /api/items, query parameter tag, field [] format was not set, is uuid now
					paths > /api/items > get > parameters > 3 > schema > uniqueItems | true | GET /api/items, query parameter tag uniqueItems was not set, is true now
					paths > /api/items > get > parameters > + | {"name":"q","in":"query","required":true,"schema":{"type":"string"}} | GET /api/items, query parameter q is new and must be given
					paths > /api/items > post > parameters > + | {"name":"X-Tenant","in":"header","required":true,"schema":{"type":"string"}} | POST /api/items, request header X-Tenant is new and must be given
					paths > /api/items > post > parameters > 0 > schema > pattern | "[a-f]+" | POST /api/items, request header Idempotency-Key pattern was [a-z]+, is [a-f]+ now
					paths > /api/items > post > parameters > 0 > schema > maxLength | 63 | POST /api/items, request header Idempotency-Key maxLength was 64, is 63 now
					paths > /api/items > post > parameters > 0 > schema > minLength | 2 | POST /api/items, request header Idempotency-Key minLength was 1, is 2 now
					paths > /api/items/{id} > parameters > 0 > schema > type | "string" | GET /api/items/{id}, path parameter id was integer, is string now; DELETE /api/items/{id}, path parameter id was integer, is string now
					paths > /api/items > post > requestBody > content > application/json | | POST /api/items, request body of type application/json is no longer taken
					paths > /api/items/{id}/note > put > requestBody | | PUT /api/items/{id}/note, request body was removed
					paths > /api/items/{id}/note > put > requestBody > required | true | PUT /api/items/{id}/note, request body must be given now
					paths > /api/items/{id}/note > put > requestBody > content > text/plain | | PUT /api/items/{id}/note, request body of type text/plain is no longer taken
					paths > /api/items/{id} > delete > requestBody | {"required":true,"content":{"text/plain":{"schema":{"type":"string"}}}} | DELETE /api/items/{id}, request body must be given now
					components > schemas > Named > properties > name | | POST /api/items, request body, field name was removed
					components > schemas > Named > properties > name > maxLength | 99 | POST /api/items, request body, field name maxLength was 100, is 99 now
					components > schemas > Named > properties > name > pattern | "[^y]*" | POST /api/items, request body, field name pattern was [^x]*, is [^y]* now
					components > schemas > NewItem > allOf > 1 > required > + | "quantity" | POST /api/items, request body, field quantity must be given now
					components > schemas > NewItem > allOf > 1 > properties > quantity > exclusiveMinimum | 1 | POST /api/items, request body, field quantity must be at least 2 now
					components > schemas > NewItem > allOf > 1 > properties > weight > exclusiveMinimum | 0.5 | POST /api/items, request body, field weight must be above 0.5 now
					components > schemas > NewItem > allOf > 1 > properties > weight > multipleOf | 0.5 | POST /api/items, request body, field weight multipleOf was not set, is 0.5 now
					components > schemas > NewItem > allOf > 1 > properties > weight > type | "integer" | POST /api/items, request body, field weight was number, is integer now
					components > schemas > NewItem > allOf > 1 > properties > status > enum > 0 | | POST /api/items, request body, field status "NEW" is no longer taken
					components > schemas > NewItem > allOf > 1 > properties > note > type | "string" | POST /api/items, request body, field note must not be null now
					components > schemas > NewItem > allOf > 1 > properties > note > enum | ["a"] | POST /api/items, request body, field note must be one of ["a"] now
					components > schemas > NewItem > allOf > 1 > properties > tags > maxItems | 9 | POST /api/items, request body, field tags maxItems was 10, is 9 now
					components > schemas > NewItem > allOf > 1 > properties > tags > items > maxLength | 19 | POST /api/items, request body, field tags[] maxLength was 20, is 19 now
					components > schemas > NewItem > allOf > 1 > properties > kind > oneOf > 1 | | POST /api/items, request body, field kind Game is no longer taken
					components > schemas > NewItem > allOf > 1 > properties > labels > additionalProperties > type | "integer" | POST /api/items, request body, field labels.* was string, is integer now
					components > schemas > NewItem > allOf > 1 > properties > token > readOnly | true | POST /api/items, request body, field token was removed
					components > schemas > NewItem > allOf > 1 > additionalProperties | false | POST /api/items, request body, field * other fields are no longer taken
					components > schemas > Money > properties > minorUnits > format | "int32" | POST /api/items, request body, field price.minorUnits format was int64, is int32 now
					components > schemas > Money > properties > currency > default | "USD" | POST /api/items, request body, field price.currency default was EUR, is USD now
					components > schemas > Money > required > + | "currency" | POST /api/items, request body, field price.currency must be given now
					paths > /api/items > post > responses > 201 | | POST /api/items, response 201 is no longer answered
					paths > /api/items > post > responses > 201 > content | | POST /api/items, response 201 of type application/json is no longer sent
					paths > /api/items > post > responses > 201 > headers > Location | | POST /api/items, response 201, header Location was removed
					paths > /api/items > post > responses > 201 > headers > Location > required | false | POST /api/items, response 201, header Location is not always there now
					paths > /api/items > post > responses > 201 > headers > Location > schema > type | "integer" | POST /api/items, response 201, header Location was string, is integer now
					paths > /api/items/{id} > get > responses > 404 | | GET /api/items/{id}, response 404 is no longer answered
					paths > /api/items/{id} > delete > responses > 204 | | DELETE /api/items/{id}, response 204 is no longer answered
					components > schemas > Page > required > 0 | | GET /api/items, response 200, field items is not always there now
					components > schemas > Page > properties > next | | GET /api/items, response 200, field next was removed
					components > schemas > Page > properties > items | {"$ref":"#/components/schemas/Item"} | GET /api/items, response 200, field items was array, is object now
					components > schemas > Problem > properties > detail | | GET /api/items, response 406, field detail was removed; POST /api/items, response 409, field detail was removed; GET /api/items/{id}, response 404, field detail was removed
					components > schemas > Note > properties > author | | PUT /api/items/{id}/note, response 200, field author was removed
					components > schemas > Note > properties > author > writeOnly | true | PUT /api/items/{id}/note, response 200, field author was removed
					components > schemas > Note > properties > text > type | ["string","null"] | PUT /api/items/{id}/note, response 200, field text may be null now
					components > schemas > Note > properties > text > nullable | true | PUT /api/items/{id}/note, response 200, field text may be null now
					security | [{"token":[]}] | GET /api/items, security callers must prove who they are in another way now; POST /api/items, security callers must prove who they are in another way now; GET /api/items/{id}, security callers must prove who they are in another way now; DELETE /api/items/{id}, security callers must prove who they are in another way now; PUT /api/items/{id}/note, security callers must prove who they are in another way now
					""")
	void whatBreaksIsToldWithOperationAndPlace(String place, @Nullable String value, String problems) {
		assertThat(compare(RELEASED, edited(place, value))).extracting(Finding::toString)
			.containsExactlyInAnyOrder(problems.split("; ", -1));
	}

	/** What stands in {@code Item} is answered by three operations. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			properties > name | | name was removed
			properties > labels | | labels was removed
			required > 1 | | name is not always there now
			properties > id > type | "string" | id was integer, is string now
			properties > id > format | "int64" | id format was int32, is int64 now
			properties > id > type | "number" | id was integer, is number now
			properties > name > type | ["string", "null"] | name may be null now
			properties > name > nullable | true | name may be null now
			properties > name > type | | name was string, is anything now
			properties > status > enum > + | "LOST" | status may be "LOST" now
			properties > status > enum | | status was one of ["NEW", "SOLD"], may be others now
			properties > tags > items > type | "integer" | tags[] was string, is integer now
			properties > labels > additionalProperties > type | "integer" | labels.* was string, is integer now
			properties > labels > additionalProperties | | labels.* was removed
			properties > createdAt > format | "date" | createdAt format was date-time, is date now
			properties > createdAt > format | | createdAt format was date-time, is not set now
			properties > parent | {"$ref":"#/components/schemas/Note"} | parent.id was removed
			properties > kind > oneOf > + | {"$ref":"#/components/schemas/Film"} | kind may be Film now
			properties > kind | {"type":"string"} | kind may be string now
			""")
	void whatBreaksInAnAnswerIsToldForEachOperation(String place, @Nullable String value, String problem) {
		assertThat(compare(RELEASED, edited("components > schemas > Item > " + place, value)))
			.extracting(Finding::toString)
			.contains("GET /api/items, response 200, field items[]." + problem,
					"POST /api/items, response 201, field " + problem,
					"GET /api/items/{id}, response 200, field " + problem);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					servers > 0 > url | "http://10.0.0.1:80"
					info > version | "2"
					tags | [{"name":"Items"}]
					openapi | "3.1.1"
					paths > /api/shelves | {"get":{"responses":{"200":{"description":"All."}}}}
					paths > /api/items/{id} > patch | {"responses":{"204":{"description":"Done."}}}
					paths > /api/items > get > operationId | "items"
					paths > /api/items > get > summary | "All items"
					paths > /api/items > get > deprecated | true
					paths > /api/items > get > parameters > + | {"name":"q","in":"query","required":false,"schema":{"type":"string"}}
					paths > /api/items > get > parameters > + | {"name":"X-New","in":"header","schema":{"type":"string"}}
					paths > /api/items > get > parameters > + | {"name":"seen","in":"cookie","schema":{"type":"string"}}
					paths > /api/items > get > parameters > 0 > schema > minimum | -5
					paths > /api/items > get > parameters > 0 > schema > minimum |
					paths > /api/items > get > parameters > 1 > schema > default | 20
					paths > /api/items > get > parameters > 1 > schema > maximum | 200
					paths > /api/items > get > parameters > 1 > schema > exclusiveMinimum | 0
					paths > /api/items > get > parameters > 1 > schema > format | "int64"
					paths > /api/items > get > parameters > 1 > schema > type | "number"
					paths > /api/items > get > parameters > 2 > schema > enum > + | "LOST"
					paths > /api/items > get > parameters > 2 > schema > enum | ["SOLD","NEW"]
					paths > /api/items > get > parameters > 2 > schema > enum |
					paths > /api/items > get > parameters > 2 > description | "Which."
					paths > /api/items > get > parameters > 3 > style | "form"
					paths > /api/items > get > parameters > 3 > schema > maxItems |
					paths > /api/items > get > parameters > 4 > required | false
					paths > /api/items > get > parameters > 4 > name | "x-tenant"
					paths > /api/items > post > parameters > 0 > schema > pattern |
					paths > /api/items > post > parameters > 0 > schema > maxLength | 128
					paths > /api/items > post > parameters > 0 > schema > minLength | 0
					paths > /api/items/{id} > parameters > 0 > schema > format | "int64"
					paths > /api/items > post > requestBody > required | false
					paths > /api/items > post > requestBody > description | "An item."
					paths > /api/items > post > requestBody > content > application/xml | {"schema":{"type":"string"}}
					paths > /api/items/{id} > delete > requestBody | {"content":{"text/plain":{"schema":{"type":"string"}}}}
					paths > /api/items > post > responses > 422 | {"$ref":"#/components/responses/Refused"}
					paths > /api/items > post > responses > 200 | {"description":"Again."}
					paths > /api/items > post > responses > 201 > description | "Created."
					paths > /api/items > post > responses > 201 > headers > ETag | {"schema":{"type":"string"}}
					paths > /api/items > post > responses > 201 > content > application/xml | {"schema":{"type":"string"}}
					paths > /api/items/{id} > delete > responses > 204 > content | {"text/plain":{"schema":{"type":"string"}}}
					components > schemas > Named > properties > name > maxLength | 200
					components > schemas > Named > properties > name > pattern |
					components > schemas > Named > properties > name > description | "Its name."
					components > schemas > Named > properties > name > type | ["string","null"]
					components > schemas > Named > required > 0 |
					components > schemas > NewItem > allOf > 1 > properties > colour | {"type":"string"}
					components > schemas > NewItem > allOf > 1 > properties > quantity > exclusiveMinimum |
					components > schemas > NewItem > allOf > 1 > properties > quantity | {"type":"integer","format":"int32","minimum":1,"maximum":1000}
					components > schemas > NewItem > allOf > 1 > properties > quantity > type | "number"
					components > schemas > NewItem > allOf > 1 > properties > status > enum > + | "LOST"
					components > schemas > NewItem > allOf > 1 > properties > kind > oneOf > + | {"$ref":"#/components/schemas/Film"}
					components > schemas > NewItem > allOf > 1 > properties > kind | {}
					components > schemas > Item > properties > colour | {"type":"string"}
					components > schemas > Item > properties > name > maxLength | 200
					components > schemas > Item > properties > name > maxLength | 50
					components > schemas > Item > properties > weight > type | "integer"
					components > schemas > Item > properties > note > type | "string"
					components > schemas > Item > properties > status > enum > 0 |
					components > schemas > Item > properties > kind > oneOf > 0 |
					components > schemas > Item > properties > kind | {"$ref":"#/components/schemas/Game"}
					components > schemas > Item > properties > name > example | "Tea"
					components > schemas > Item > properties > name > format | "email"
					components > schemas > Item > required > + | "status"
					components > schemas > Item > required | ["name","id"]
					components > schemas > Problem > properties > title | {"type":"string"}
					components > schemas > Unused | {"type":"object"}
					""")
	void whatIsAddedOrToldInOtherWordsBreaksNothing(String place, @Nullable String value) {
		assertThat(compare(RELEASED, edited(place, value))).isEmpty();
	}

	@Test
	void aPathThatIsCalledOtherwiseIsGoneButItsVariablesMayBeCalledOtherwise() {
		assertThat(compare(RELEASED, RELEASED.replace("/api/items", "/api/goods"))).hasSize(5)
			.allSatisfy((finding) -> assertThat(finding.problem()).isEqualTo("is gone"));
		assertThat(compare(RELEASED,
				RELEASED.replace("{id}", "{itemId}").replace("\"name\": \"id\"", "\"name\": \"itemId\"")))
			.isEmpty();
	}

	@Test
	void variablesOfAPathAreKnownByTheirPlace() {
		String two = edited("paths > /api/items/{id}/note > put > parameters > +",
				"{\"name\":\"language\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"}}")
			.replace("{id}/note", "{id}/note/{language}");
		assertThat(
				compare(two, two.replace("{id}", "{identifier}").replace("\"name\":\"id\"", "\"name\":\"identifier\"")))
			.isEmpty();
		assertThat(compare(two, two.replace("{id}/note/{language}", "{language}/note/{id}"))).hasSize(2);
	}

	@Test
	void aTypeThatIsNotSaidIsAnyType() {
		String any = RELEASED.replace("application/json", "*/*");
		assertThat(compare(any, RELEASED)).extracting(Finding::toString)
			.containsExactlyInAnyOrder("POST /api/items, request body of type */* is no longer taken",
					"PUT /api/items/{id}/note, request body of type */* is no longer taken");
		assertThat(compare(RELEASED, any)).allSatisfy(
				(finding) -> assertThat(finding.toString()).endsWith(" of type application/json is no longer sent"));
	}

	@Test
	void whatASchemaIsCalledIsNothingThatIsSent() {
		assertThat(compare(RELEASED,
				RELEASED.replace("\"Item\"", "\"Article\"").replace("schemas/Item\"", "schemas/Article\"")))
			.isEmpty();
	}

	@Test
	void limitsAreReadInTheWayOfVersion30Too() {
		String exclusive = edited("components > schemas > NewItem > allOf > 1 > properties > quantity",
				"{\"type\":\"integer\",\"format\":\"int32\",\"minimum\":0,\"exclusiveMinimum\":true,\"maximum\":1000}");
		assertThat(compare(RELEASED, exclusive)).isEmpty();
		assertThat(compare(exclusive, exclusive.replace("\"minimum\":0", "\"minimum\":1"))).isNotEmpty();
		assertThat(compare(exclusive, exclusive.replace("\"exclusiveMinimum\":true", "\"exclusiveMinimum\":false")))
			.isEmpty();
	}

	@Test
	void theKeptTextIsSortedAndKnowsNoServer() {
		String text = new OpenApi(RELEASED).text("item-service");
		assertThat(text).doesNotContain("40123", "list_1", "\r")
			.contains("\"title\" : \"item-service\"")
			.endsWith("}\n");
		assertThat(new OpenApi(text).text("item-service")).isEqualTo(text);
		assertThat(compare(text, RELEASED)).isEmpty();
		assertThat(compare(RELEASED, text)).isEmpty();
	}

	private static List<Finding> compare(String released, String now) {
		return new RestComparison(new OpenApi(released), new OpenApi(now)).findings();
	}

	/** The document with something else at a place, behind the last one for {@code +}. */
	private static String edited(String place, @Nullable String value) {
		JsonNode document = JsonMapper.shared().readTree(RELEASED);
		List<String> names = Arrays.stream(place.split(" > ", -1)).map(String::strip).toList();
		JsonNode owner = document;
		for (String name : names.subList(0, names.size() - 1)) {
			owner = owner.isArray() ? owner.path(Integer.parseInt(name)) : owner.path(name);
		}
		String last = names.get(names.size() - 1);
		JsonNode written = (value != null) ? JsonMapper.shared().readTree(value) : null;
		if (owner instanceof ArrayNode array && written != null) {
			array.add(written);
		}
		else if (owner instanceof ArrayNode array) {
			assertThat(array.remove(Integer.parseInt(last))).as(place).isNotNull();
		}
		else if (written != null) {
			((ObjectNode) owner).set(last, written);
		}
		else {
			assertThat(((ObjectNode) owner).remove(last)).as(place).isNotNull();
		}
		return document.toString();
	}

}
