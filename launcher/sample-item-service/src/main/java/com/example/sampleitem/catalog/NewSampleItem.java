// if database
package com.example.sampleitem.catalog;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/**
 * What is needed to create a sample item.
 *
 * @param name what it is called
 */
record NewSampleItem(@NotBlank @Size(max = 100) String name) {
}
// end
