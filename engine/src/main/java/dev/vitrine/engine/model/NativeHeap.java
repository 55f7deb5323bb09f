package dev.vitrine.engine.model;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/**
 * How the C library's heap treats what a forward pass frees. By default glibc gives every array above 32 MiB back to the system at
 * once, and the next one costs a page fault per 4 KiB: a quarter of a pass over 1,024 tokens. Elsewhere this does nothing.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/mallopt.3.html">mallopt(3)</a>
 */
final class NativeHeap {
    private static final int TRIM_THRESHOLD = -1;
    private static final int TOP_PAD = -2;
    private static final int MMAP_MAX = -4;
    /** More than a heap of a thread other than the first has, 64 MiB: such a heap is then kept as well. */
    private static final int PAD = 128 << 20;

    private static final boolean KEPT = set(MMAP_MAX, 0) && set(TRIM_THRESHOLD, Integer.MAX_VALUE) && set(TOP_PAD, PAD);

    private NativeHeap() {}

    /** From now on keeps freed memory for the next pass; whether the C library can. */
    static boolean keepFreed() {
        return KEPT;
    }

    /** Gives back to the system what is free. */
    static void trim() {
        if (keepFreed()) {
            function("malloc_trim").invokeInt(new Object[] {0L});
        }
    }

    private static boolean set(int parameter, int value) {
        try {
            return Platform.isLinux() && function("mallopt").invokeInt(new Object[] {parameter, value}) != 0;
        } catch (UnsatisfiedLinkError e) {
            // A C library other than glibc, whose heap has no such setting.
            return false;
        }
    }

    private static Function function(String name) {
        return NativeLibrary.getInstance("c").getFunction(name);
    }
}
