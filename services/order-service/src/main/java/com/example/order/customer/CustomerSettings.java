package com.example.order.customer;

import java.time.Duration;

import com.example.platform.liveconfiguration.Live;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is remembered of customers; live configuration.
 *
 * @param eligibleFor Time for which a user who may order is not asked about again. Who is
 * blocked meanwhile may go on for so long.
 */
@Live
@ConfigurationProperties("orders.customers")
record CustomerSettings(@DefaultValue("3s") Duration eligibleFor) {
}
