// if database
package com.example.sampleitem.catalog;

import com.example.platform.liveconfiguration.Live;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Live configuration of lists.
 *
 * @param pageSize Sample items on a page when the request does not say how many.
 */
@Live
@ConfigurationProperties("sample-items.list")
record ListSettings(@DefaultValue("20") @Min(1) @Max(100) int pageSize) {
}
// end
