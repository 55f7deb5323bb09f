package dev.vitrine.engine.store;

/**
 * One record batch of a file, as the manifest lists it.
 *
 * @param offset where its message begins in the file, in bytes
 * @param length bytes from there to the end of its body
 * @param rows rows in it
 * @param crc32c checksum of those bytes, eight hexadecimal digits (RFC 3720 appendix B.4)
 */
public record BatchEntry(long offset, long length, long rows, String crc32c) {}
