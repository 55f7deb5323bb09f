package dev.vitrine.sql.tensor.code;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.sql.tensor.run.Execution;
import dev.vitrine.sql.tensor.run.LoopNest;
import java.lang.reflect.Constructor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.codehaus.commons.compiler.CompileException;
import org.codehaus.janino.SimpleCompiler;

/** Java source to classes in memory, each source once: queries that write the same loops share them, and what the JIT made of them. */
final class Compiler {
    private static final int MOST_CLASSES = 512;

    private static final Map<String, Constructor<? extends LoopNest>> CLASSES = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Constructor<? extends LoopNest>> eldest) {
            return size() > MOST_CLASSES;
        }
    };

    private Compiler() {}

    /** The constructor, of an {@link Execution}, of the class in this source. */
    static Constructor<? extends LoopNest> compile(String source) {
        synchronized (CLASSES) {
            Constructor<? extends LoopNest> known = CLASSES.get(source);
            if (known != null) {
                return known;
            }
        }
        Constructor<? extends LoopNest> compiled = load(source);
        synchronized (CLASSES) {
            Constructor<? extends LoopNest> first = CLASSES.putIfAbsent(source, compiled);
            return first == null ? compiled : first;
        }
    }

    private static Constructor<? extends LoopNest> load(String source) {
        try {
            SimpleCompiler compiler = new SimpleCompiler();
            compiler.setParentClassLoader(LoopNest.class.getClassLoader());
            compiler.cook(source);
            return compiler.getClassLoader()
                    .loadClass("Generated")
                    .asSubclass(LoopNest.class)
                    .getConstructor(Execution.class);
        } catch (CompileException | ReflectiveOperationException e) {
            throw new VitrineException(
                    ErrorCode.INTERNAL,
                    "generated loops do not compile: " + e.getMessage(),
                    new IllegalStateException("the source is\n" + source, e));
        }
    }
}
