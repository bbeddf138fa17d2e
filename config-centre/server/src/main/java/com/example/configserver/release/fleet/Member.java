package com.example.configserver.release.fleet;

import com.example.platform.configprotocol.InstanceReport;

/**
 * A registered instance.
 *
 * @param report what it reports about its configuration
 * @param address host and port at which it answers for its actuator
 * @param zone its zone; empty for none
 * @param version its version; empty for none
 */
public record Member(InstanceReport report, String address, String zone, String version) {

	public String service() {
		return report.service();
	}

	public String instance() {
		return report.instance();
	}

}
