package com.example.launcher.build;

import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/**
 * Runs an application in a class loader of its own. The JVM archives what its own loaders
 * have loaded: the libraries, and not the application, whose next build can then use the
 * archive, too.
 */
final class Training {

	private Training() {
	}

	/**
	 * Runs the application.
	 * @param arguments its jar, and its main class
	 */
	public static void main(String... arguments) throws ReflectiveOperationException, MalformedURLException {
		URL[] jar = { Path.of(arguments[0]).toUri().toURL() };
		ClassLoader application = new URLClassLoader(jar, Training.class.getClassLoader());
		Thread.currentThread().setContextClassLoader(application);
		Method main = application.loadClass(arguments[1]).getMethod("main", String[].class);
		// The class need not be public.
		main.setAccessible(true);
		main.invoke(null, (Object) new String[0]);
	}

}
