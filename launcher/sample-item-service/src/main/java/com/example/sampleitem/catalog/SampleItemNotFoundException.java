// if database
package com.example.sampleitem.catalog;

/**
 * Thrown when no sample item has the given id.
 */
final class SampleItemNotFoundException extends RuntimeException {

	SampleItemNotFoundException(long id) {
		super("no sample item has the id " + id);
	}

}
// end
