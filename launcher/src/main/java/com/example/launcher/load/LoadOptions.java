package com.example.launcher.load;

import java.time.Duration;

/**
 * How much load, and for how long.
 *
 * @param rps requests that are due in a second
 * @param poisson whether they are due at random, as those of many people who know nothing
 * of each other are, instead of at even distances
 * @param time how long requests are due
 * @param underWay most requests under way, on a connection each; what is due beyond that
 * is not sent, but counted
 */
public record LoadOptions(double rps, boolean poisson, Duration time, int underWay) {

}
