package com.example.launcher.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

import com.example.launcher.process.LocalSystemException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A result for machines, and as a page for people.
 */
public final class LoadPage {

	private static final JsonMapper JSON = new JsonMapper();

	private static final String DATA = "{\"title\":null}";

	private LoadPage() {
	}

	/** The result as JSON. */
	public static String json(LoadResult result) {
		return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(result);
	}

	/**
	 * The result as a page of HTML that needs nothing else.
	 * @param title what the load was
	 */
	public static String html(String title, LoadResult result) {
		try (InputStream page = LoadPage.class.getResourceAsStream("load.html")) {
			// Whatever a server has named its instances, the script element ends where it
			// should.
			String data = JSON.writeValueAsString(new Data(title, result, result.warnings())).replace("<", "\\u003c");
			return new String(Objects.requireNonNull(page).readAllBytes(), StandardCharsets.UTF_8).replace(DATA, data);
		}
		catch (IOException ex) {
			throw new LocalSystemException("The page of the report is not in the launcher.", ex);
		}
	}

	private record Data(String title, LoadResult result, List<String> warnings) {

	}

}
