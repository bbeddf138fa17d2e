/**
 * What the configuration was, is, and who changed it when. To be read in this order:
 * <ul>
 * <li>files: {@link com.example.configserver.history.Folder} is what people edit,
 * {@link com.example.configserver.history.FolderIndex} what was taken of it;
 * <li>commits: {@link com.example.configserver.history.BareRepository} keeps
 * {@link com.example.configserver.history.Commits},
 * {@link com.example.configserver.history.Remote} brings those of others;
 * <li>a {@link com.example.configserver.history.Revision} is a commit that changes a
 * configuration file;
 * <li>a {@link com.example.configserver.history.History} is the line of them, either of a
 * {@linkplain com.example.configserver.history.FolderHistory folder} or of a
 * {@linkplain com.example.configserver.history.RemoteHistory git repository elsewhere}.
 * </ul>
 */
@NullMarked
package com.example.configserver.history;

import org.jspecify.annotations.NullMarked;
