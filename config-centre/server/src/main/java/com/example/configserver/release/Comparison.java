package com.example.configserver.release;

/**
 * How the gray instances do, compared with the others of the same services.
 *
 * @param gray what the gray instances have answered of late
 * @param others what the others have answered meanwhile
 */
public record Comparison(Traffic gray, Traffic others) {

}
