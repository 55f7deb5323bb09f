package dev.vitrine.engine;

/**
 * The processor's vector instructions, through the JDK's incubating Vector API: taken where the JVM was started with
 * {@code --add-modules=jdk.incubator.vector}. What is built on them lies in {@code src/main/java-vector}.
 */
public final class VectorInstructions {
    private static final boolean PRESENT =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    private VectorInstructions() {}

    /** Whether the JVM was started with them. */
    public static boolean arePresent() {
        return PRESENT;
    }

    /**
     * An instance of a class that is built on them, made by its constructor without arguments. Such a class cannot be loaded without the
     * module, so nothing but its name may stand in what is built without.
     *
     * @param <T> what the class extends; it lies in the same package
     */
    public static <T> T load(Class<T> kind, String simpleName) {
        try {
            var constructor = Class.forName(kind.getPackageName() + "." + simpleName, true, kind.getClassLoader())
                    .asSubclass(kind)
                    .getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new VitrineException(ErrorCode.INTERNAL, simpleName + " does not load: " + e, e);
        }
    }
}
