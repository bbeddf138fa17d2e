/**
 * What the configuration was, is, and who changed it when: each change is a revision, of
 * a folder ({@link com.example.configserver.history.FolderHistory}) or of a git
 * repository elsewhere ({@link com.example.configserver.history.RemoteHistory}). Both
 * keep a bare git repository of their own. Guarded by {@code FolderHistoryTests} and
 * {@code RemoteHistoryTests}.
 */
@NullMarked
package com.example.configserver.history;

import org.jspecify.annotations.NullMarked;
