package com.example.benchmarks;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Contenders that are measured in turns.
 */
public final class Rounds {

	private Rounds() {
	}

	/**
	 * Measures all contenders, round by round. The order changes with each round, so that
	 * nobody always runs after the same one.
	 * @param warmUps rounds before, which do not count
	 * @param rounds rounds that count
	 * @param contenders what is measured
	 * @return by contender, round, and what a round measures
	 * @throws Exception if something cannot be measured
	 */
	public static double[][][] measure(int warmUps, int rounds, Round... contenders) throws Exception {
		double[][][] measured = new double[contenders.length][rounds][];
		for (int i = -warmUps; i < rounds; i++) {
			for (int j = 0; j < contenders.length; j++) {
				int turn = Math.floorMod(i + j, contenders.length);
				double[] figures = contenders[turn].measure();
				if (i >= 0) {
					measured[turn][i] = figures;
				}
			}
		}
		return measured;
	}

	/**
	 * Measures one contender once.
	 */
	@FunctionalInterface
	public interface Round {

		/**
		 * Measures.
		 * @return the figures
		 * @throws Exception if something cannot be measured
		 */
		double[] measure() throws Exception;

	}

	/**
	 * What the rounds of two contenders come to.
	 *
	 * @param own median of the contender's rounds
	 * @param peer median of the peer's rounds
	 * @param ratio median of the ratios of rounds that ran one after the other, so that
	 * what the machine does at the time counts for both
	 */
	public record Figures(double own, double peer, double ratio) {

		/**
		 * Compares two contenders.
		 * @param own the contender's rounds
		 * @param peer the peer's rounds
		 * @param figure which of the figures of a round
		 * @return the comparison
		 */
		public static Figures of(double[][] own, double[][] peer, int figure) {
			return new Figures(median(own.length, (i) -> own[i][figure]), median(peer.length, (i) -> peer[i][figure]),
					median(own.length, (i) -> own[i][figure] / peer[i][figure]));
		}

		private static double median(int rounds, IntToDoubleFunction figure) {
			return IntStream.range(0, rounds).mapToDouble(figure).sorted().toArray()[rounds / 2];
		}

	}

}
