package com.example.platform.scheduling.lock;

/**
 * Does what only a leader does. Called on the candidacy's own thread, one call at a time,
 * in order: a call to {@code gained} must return for {@code lost} to come. Long work
 * belongs to another thread, which asks {@link Term#isCurrent()}. What it throws is
 * logged, and the candidacy goes on.
 */
public interface LeadershipListener {

	/**
	 * Begins to lead.
	 * @param term from now on
	 */
	void gained(Term term);

	/**
	 * Leads no more: the lock was lost, or the candidacy is closed.
	 * @param term the one that has ended
	 */
	void lost(Term term);

}
