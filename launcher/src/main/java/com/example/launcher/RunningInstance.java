package com.example.launcher;

import com.example.launcher.process.ProcessIdentity;

/**
 * An instance whose process was just started.
 *
 * @param process its process
 * @param ready waits until it is ready
 */
record RunningInstance(ProcessIdentity process, Runnable ready) {

}
