package com.example.launcher.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Objects;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

import static org.assertj.core.api.Assertions.assertThat;

class HelpTests {

	private static final String FILE = "launcher/src/main/resources/com/example/launcher/cli/Help_zh.properties";

	private static final Pattern CHINESE = Pattern.compile("\\p{IsHan}");

	private final CommandLine english = Dev.commandLine(Locale.ENGLISH);

	private final CommandLine chinese = Dev.commandLine(Locale.CHINESE);

	@ParameterizedTest
	@ValueSource(strings = { "en", "en-US", "fr", "ja" })
	void helpIsEnglish(String locale) {
		assertThat(upHelp(locale)).startsWith("Usage: dev up [-hV]")
			.contains("Builds what is stale and starts everything.", "Show this help message and exit.")
			.contains("--small", "Take little memory: one instance of each service,")
			.doesNotContainPattern(CHINESE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "zh", "zh-CN", "zh-Hans-CN", "zh-TW" })
	void helpIsChineseWhereThatIsTheLanguage(String locale) {
		assertThat(upHelp(locale)).startsWith("用法：dev up [-hV]")
			.contains("构建有改动的部分，启动整个系统；Ctrl-C 停止", "显示本帮助并退出")
			.contains("--small", "少占内存：每个服务一个实例，堆也较小")
			.doesNotContain("Usage", "Show");
	}

	@ParameterizedTest
	@ValueSource(strings = { "UTF-8", "GBK" })
	void chineseIsWrittenInTheEncodingOfTheTerminal(String encoding) throws Exception {
		Process dev = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(),
				"-Duser.language=zh", "-Dstdout.encoding=" + encoding, "-XX:TieredStopAtLevel=1", "-cp",
				System.getProperty("java.class.path"), Dev.class.getName(), "up", "--help")
			.redirectErrorStream(true)
			.start();
		assertThat(new String(dev.getInputStream().readAllBytes(), Charset.forName(encoding)))
			.startsWith("用法：dev up [-hV]");
	}

	@Test
	void everythingInTheHelpHasAChineseText() {
		assertThat(texts().filter((text) -> !CHINESE.matcher(text.chinese()).find())
			.map((text) -> text.key() + "=" + text.english()))
			.as("Add these lines to %s, with the text in Chinese", FILE)
			.isEmpty();
	}

	/**
	 * A key without a command's name would lend its text to a new option of that name.
	 */
	@Test
	void aChineseTextStandsForOneEnglishText() {
		assertThat(texts()
			.collect(Collectors.groupingBy(Text::chinese, TreeMap::new,
					Collectors.groupingBy(Text::english, TreeMap::new,
							Collectors.mapping(Text::key, Collectors.toList()))))
			.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().size() > 1))
			.as("Give each of these keys a line of its own in %s: one Chinese text stands there for several English ones",
					FILE)
			.isEmpty();
	}

	@Test
	void everyChineseTextIsInTheHelp() {
		ResourceBundle bundle = chinese.getResourceBundle();
		Set<String> unused = new TreeSet<>(bundle.keySet());
		chinese.setResourceBundle(new ResourceBundle() {
			@Override
			protected Object handleGetObject(String key) {
				unused.remove(key);
				return bundle.getString(key);
			}

			@Override
			public Enumeration<String> getKeys() {
				return bundle.getKeys();
			}
		});
		both(english, chinese, (one, other) -> other.getUsageMessage());
		assertThat(unused).as("Take these keys out of %s: no command, option or parameter is called so", FILE)
			.isEmpty();
	}

	private static String upHelp(String locale) {
		StringWriter out = new StringWriter();
		Dev.commandLine(Locale.forLanguageTag(locale)).setOut(new PrintWriter(out, true)).execute("up", "--help");
		return out.toString();
	}

	/** All that the help of all commands says. */
	private Stream<Text> texts() {
		Stream.Builder<Text> all = Stream.builder();
		both(english, chinese, (one, other) -> {
			CommandSpec spec = one.getCommandSpec();
			String name = spec.qualifiedName(".") + ".";
			usage(name, spec.usageMessage(), other.getCommandSpec().usageMessage(), all);
			for (int i = 0; i < spec.args().size(); i++) {
				ArgSpec argument = spec.args().get(i);
				if (!argument.hidden()) {
					all.add(new Text(name + key(argument), String.join(" ", argument.description()),
							String.join(" ", other.getCommandSpec().args().get(i).description())));
				}
			}
		});
		return all.build().filter((text) -> !text.english().isBlank());
	}

	private static void usage(String name, UsageMessageSpec one, UsageMessageSpec other, Stream.Builder<Text> all) {
		BiConsumer<String, Function<UsageMessageSpec, String>> add = (key, text) -> all
			.add(new Text(name + "usage." + key, text.apply(one), text.apply(other)));
		add.accept("synopsisHeading", UsageMessageSpec::synopsisHeading);
		add.accept("commandListHeading", UsageMessageSpec::commandListHeading);
		add.accept("header", (usage) -> String.join(" ", usage.header()));
		add.accept("description", (usage) -> String.join(" ", usage.description()));
		add.accept("exitCodeListHeading", UsageMessageSpec::exitCodeListHeading);
		int number = 0;
		for (String code : one.exitCodeList().keySet()) {
			add.accept("exitCodeList." + number++, (usage) -> code + ":" + usage.exitCodeList().getOrDefault(code, ""));
		}
	}

	private static String key(ArgSpec argument) {
		if (argument instanceof OptionSpec option) {
			return option.longestName().replaceFirst("^-+", "");
		}
		return argument.paramLabel().replace(":", "\\:") + "[" + ((PositionalParamSpec) argument).index() + "]";
	}

	/** Goes through all commands, in both languages side by side. */
	private static void both(CommandLine one, CommandLine other, BiConsumer<CommandLine, CommandLine> visit) {
		visit.accept(one, other);
		one.getSubcommands()
			.forEach((name, command) -> both(command, Objects.requireNonNull(other.getSubcommands().get(name)), visit));
	}

	/** What the help says in both languages, and the key of the Chinese. */
	private record Text(String key, String english, String chinese) {
	}

}
