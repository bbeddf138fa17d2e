// if database
package com.example.sampleitem.catalog;

import java.time.Instant;

/**
 * A sample item as stored.
 *
 * @param id positive, given by the database in ascending order
 * @param name what it is called
 * @param createdAt when it was created
 */
record SampleItem(long id, String name, Instant createdAt) {
}
// end
