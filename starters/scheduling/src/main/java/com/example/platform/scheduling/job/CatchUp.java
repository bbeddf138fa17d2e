package com.example.platform.scheduling.job;

/**
 * What becomes of ticks that passed while no instance ran, or none reached the database.
 * Those older than the window are always skipped.
 */
public enum CatchUp {

	/** The latest one runs, for all of them. */
	ONCE,

	/** Each one runs, one after the other unless the job's runs may overlap. */
	EACH

}
