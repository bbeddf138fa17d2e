package com.example.platform.logging;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

import ch.qos.logback.core.recovery.RecoveryListener;
import org.jspecify.annotations.Nullable;

/**
 * Standard output that says whether it took what was written. {@link System#out} tells of
 * its first failure only, so that from then on lines go past it.
 */
final class StandardOutput extends OutputStream {

	private final RecoveryListener listener;

	private @Nullable OutputStream direct;

	StandardOutput(RecoveryListener listener) {
		this.listener = listener;
	}

	@Override
	public void write(int value) {
		write(new byte[] { (byte) value }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) {
		try {
			if (direct != null) {
				direct.write(bytes, offset, length);
				listener.recoveryOccured();
				return;
			}
			System.out.write(bytes, offset, length);
			if (System.out.checkError()) {
				direct = new FileOutputStream(FileDescriptor.out);
				throw new IOException("System.out has failed");
			}
		}
		catch (IOException ex) {
			listener.newFailure(ex);
		}
	}

}
