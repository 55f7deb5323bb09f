package dev.vitrine.sql.tensor.code;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.sql.tensor.run.Execution;
import dev.vitrine.sql.tensor.run.LoopNest;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.List;

/** A pipeline's loops as a class. */
final class Compiled {
    private final Constructor<? extends LoopNest> constructor;
    private final List<Constants.Constant> constants;

    private Compiled(Constructor<? extends LoopNest> constructor, List<Constants.Constant> constants) {
        this.constructor = constructor;
        this.constants = constants;
    }

    static Compiled of(NestWriter writer) {
        String source = writer.write();
        return new Compiled(Compiler.compile(source), List.copyOf(writer.constants.list()));
    }

    /** What {@link Execution} is to hold, in order. */
    List<Constants.Constant> constants() {
        return constants;
    }

    /** Loops for one thread. */
    LoopNest loops(Execution execution) {
        try {
            return constructor.newInstance(execution);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new VitrineException(ErrorCode.INTERNAL, "generated loops do not start", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new VitrineException(ErrorCode.INTERNAL, "generated loops do not start", e);
        }
    }
}
