package com.example.launcher.load;

import org.jspecify.annotations.Nullable;

/**
 * What happened in one second of a load.
 *
 * @param second its number, from 1
 * @param sent requests sent
 * @param ok answers of success, with a status of 200 to 399
 * @param refused answers of refusal, with 429 or 503
 * @param failed other answers, and requests without one
 * @param notSent requests due that were not sent, since too many were under way
 * @param p50 milliseconds that half of the answers of success took at most; {@code null}
 * if there was none
 * @param p99 the same of 99 %
 * @param refusedP99 the same of 99 % of the refusals
 * @param underWay requests under way at its end
 */
public record Second(int second, long sent, long ok, long refused, long failed, long notSent, @Nullable Double p50,
		@Nullable Double p99, @Nullable Double refusedP99, int underWay) {

}
