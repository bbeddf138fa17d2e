package com.example.platform.discovery;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the directory knows of one service, for people who ask why an instance gets calls
 * or none.
 *
 * @param service the service's name
 * @param available the instances that get calls, ordered by id. In the grace after an
 * outage of Consul, those of before are among them whom Consul does not know any more;
 * when that leaves nobody, they are those whom only Consul's probes miss.
 * @param unavailable by instance id, what is against the instance: one of Consul's
 * checks, or an address that leads nowhere
 * @param index Consul's index of the list, which grows with every change; 0 before
 * Consul's first answer
 * @param age time since Consul's last answer, or since the first question when there is
 * none yet. An agent that is well answers every few seconds, about a long list once a
 * minute.
 */
public record ServiceView(String service, List<ServiceEndpoint> available, Map<String, String> unavailable, long index,
		Duration age) {

	public ServiceView {
		available = List.copyOf(available);
		unavailable = Map.copyOf(unavailable);
	}

}
