package dev.vitrine.engine;

/**
 * Settings that the native libraries underneath read once, when their first class loads: call {@link #prepare} before the first DJL
 * class and before the first Arrow allocator. What the user has set on the command line stands.
 */
public final class NativeLibraries {
    private NativeLibraries() {}

    /** Sets what is not set yet; calling it again changes nothing. */
    public static void prepare() {
        // Every native library comes from the class path: a missing one must fail at once and not be fetched from the
        // network.
        setIfAbsent("ai.djl.offline", "true");
        setIfAbsent("OPT_OUT_TRACKING", "true");
        // DJL warns about a missing GPU at each start.
        setIfAbsent("org.slf4j.simpleLogger.log.ai.djl", "error");
        if (Runtime.version().feature() >= 24) {
            // Netty gives up sun.misc.Unsafe by default from JDK 24 on; Arrow's allocator cannot work without it.
            setIfAbsent("io.netty.noUnsafe", "false");
        }
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
