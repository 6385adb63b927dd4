package io.ossup;

/** A way into a region. */
public enum Network {
    /** By the internet. */
    PUBLIC,
    /** By the region's own network, from machines that are in it. */
    INTERNAL,
    /** By the internet, with IPv6 as well as IPv4. */
    DUAL_STACK,
    /** By transfer acceleration, which the bucket must have switched on. */
    ACCELERATE,
    /** By transfer acceleration outside mainland China. */
    ACCELERATE_OVERSEAS
}
