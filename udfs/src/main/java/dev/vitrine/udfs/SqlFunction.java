package dev.vitrine.udfs;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a public final class an SQL function and documents it; {@code vitrine functions}, the catalogue and the README are generated
 * from it. The methods of the class say what it is:
 *
 * <ul>
 *   <li>scalar: one {@code public static R eval(A a, B b, …)};
 *   <li>aggregate: {@code public static S init()}, {@code S add(S, A, B, …)}, {@code S merge(S, S)} and {@code R result(S)}, all public
 *       static; the state S may be changed in place and returned;
 *   <li>table function: {@code public static Iterable<Object[]> rows(FunctionContext, A, B, …)}, with {@link #columns}.
 * </ul>
 *
 * <p>Arguments and results are {@code double}, {@code float}, {@code int}, {@code long}, {@code boolean}, {@code String} or, for vectors,
 * {@code float[]}. No argument is ever null: a scalar over NULL is NULL, an aggregate skips the row, a table function has no rows. A
 * result that is boxed, a String or a vector may be null, which is SQL NULL.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface SqlFunction {
    /** SQL name, lower case. */
    String name();

    /** One entry per argument, in order: {@code "name: meaning, with shape, unit or range"}. */
    String[] arguments();

    /** What it gives, in one sentence, with unit or range and what NULL, NaN and zero norms do. */
    String summary();

    /** Paper or code that defines it, or {@code "definition"} for textbook operations. */
    String source();

    /** One SQL statement that runs on any store with one run. */
    String example();

    /** Columns of a table function, in order: {@code "name TYPE"}, e.g. {@code "layer INTEGER"}; empty otherwise. */
    String[] columns() default {};
}
