package com.example.launcher.configserver;

import java.util.List;

/**
 * The newest revisions.
 *
 * @param revisions newest first
 */
public record History(List<Revision> revisions) {

}
