package com.example.gateway.request;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

import com.example.platform.liveconfiguration.Live;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who is believed where a request comes from; live configuration.
 *
 * @param trustedProxies Networks of the proxies in front of the gateway, such as
 * 10.0.0.0/8; nobody is believed if there are none.
 */
@Live
@ConfigurationProperties("platform.gateway.forwarded")
record ForwardedSettings(@DefaultValue List<Network> trustedProxies) {

	boolean isTrusted(InetAddress address) {
		InetSocketAddress sender = new InetSocketAddress(address, 0);
		return trustedProxies.stream().anyMatch((network) -> network.rule.matches(sender));
	}

	/**
	 * A network.
	 */
	static final class Network {

		private final String cidr;

		private final IpSubnetFilterRule rule;

		private Network(String cidr) {
			this.cidr = cidr;
			this.rule = new IpSubnetFilterRule(cidr, IpFilterRuleType.ACCEPT);
		}

		/**
		 * Reads a network.
		 * @param cidr its first address and the length of its prefix, such as 10.0.0.0/8
		 * @return the network
		 * @throws IllegalArgumentException if it is none
		 */
		public static Network of(String cidr) {
			String[] parts = cidr.split("/", -1);
			// No name is looked up.
			if (parts.length != 2 || !(NetUtil.isValidIpV4Address(parts[0]) || NetUtil.isValidIpV6Address(parts[0]))) {
				throw new IllegalArgumentException("'" + cidr + "' is no network such as 10.0.0.0/8 or fd00::/8");
			}
			return new Network(cidr);
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Network network && network.cidr.equals(cidr);
		}

		@Override
		public int hashCode() {
			return cidr.hashCode();
		}

		@Override
		public String toString() {
			return cidr;
		}

	}

}
