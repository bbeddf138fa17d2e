// if jobs
package com.example.sampleitem.catalog;

import java.time.Duration;

import com.example.platform.liveconfiguration.Live;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long things last; live configuration. When the jobs run is configured under
 * {@code platform.scheduling.jobs}.
 *
 * @param keptFor Time for which a sample item is kept.
 */
@Live
@ConfigurationProperties("sample-items.upkeep")
record UpkeepSettings(@DefaultValue("365d") @DurationMin(seconds = 1) Duration keptFor) {
}
// end
