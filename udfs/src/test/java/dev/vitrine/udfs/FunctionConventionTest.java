package dev.vitrine.udfs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a pack's author is told, one class per mistake. */
public class FunctionConventionTest {
    @Test
    void annotationIsNeeded() {
        assertMistake(Object.class, "has no @SqlFunction annotation");
    }

    @Test
    void classIsPublic() {
        assertMistake(Hidden.class, "needs " + Hidden.class.getName() + ", which is not public");
    }

    @SqlFunction(
            name = "f",
            arguments = {},
            summary = "s",
            source = "s",
            example = "e")
    static final class Hidden {
        public static int eval() {
            return 0;
        }
    }

    @Test
    void nameIsLowerCase() {
        assertMistake(UpperCase.class, "has the name 'Upper'; expected lower-case letters, digits and underscores");
    }

    @SqlFunction(
            name = "Upper",
            arguments = {},
            summary = "s",
            source = "s",
            example = "e")
    public static final class UpperCase {
        public static int eval() {
            return 0;
        }
    }

    @Test
    void everyTextIsWritten() {
        assertMistake(NoExample.class, "has no example");
    }

    @SqlFunction(
            name = "f",
            arguments = {},
            summary = "s",
            source = "s",
            example = " ")
    public static final class NoExample {
        public static int eval() {
            return 0;
        }
    }

    @Test
    void methodsSayTheKind() {
        assertMistake(
                NoMerge.class,
                "has the public static methods [add, init, result]; expected [eval] of a scalar, "
                        + "[init, add, merge, result] of an aggregate or [rows] of a table function");
    }

    @SqlFunction(name = "f", arguments = "a: a", summary = "s", source = "s", example = "e")
    public static final class NoMerge {
        public static double[] init() {
            return new double[1];
        }

        public static double[] add(double[] state, double a) {
            return state;
        }

        public static double result(double[] state) {
            return state[0];
        }
    }

    @Test
    void methodsAreStatic() {
        assertMistake(NotStatic.class, "has a method eval that is not static");
    }

    @SqlFunction(
            name = "f",
            arguments = {},
            summary = "s",
            source = "s",
            example = "e")
    public static final class NotStatic {
        public int eval() {
            return 0;
        }
    }

    @Test
    void methodsAreNotOverloaded() {
        assertMistake(Overloaded.class, "has two public methods eval; expected one");
    }

    @SqlFunction(name = "f", arguments = "a: a", summary = "s", source = "s", example = "e")
    public static final class Overloaded {
        public static int eval(int a) {
            return a;
        }

        public static long eval(long a) {
            return a;
        }
    }

    @Test
    void argumentsAreDescribedOneByOne() {
        assertMistake(Undescribed.class, "describes 1 arguments, but eval takes 2");
        assertMistake(NoMeaning.class, "describes an argument as 'a'; expected 'name: meaning'");
        assertMistake(SameNames.class, "has two arguments named a");
    }

    @SqlFunction(name = "f", arguments = "a: a", summary = "s", source = "s", example = "e")
    public static final class Undescribed {
        public static int eval(int a, int b) {
            return a + b;
        }
    }

    @SqlFunction(name = "f", arguments = "a", summary = "s", source = "s", example = "e")
    public static final class NoMeaning {
        public static int eval(int a) {
            return a;
        }
    }

    @SqlFunction(
            name = "f",
            arguments = {"a: a", "a: a"},
            summary = "s",
            source = "s",
            example = "e")
    public static final class SameNames {
        public static int eval(int a, int b) {
            return a + b;
        }
    }

    @Test
    void typesAreThoseOfSql() {
        assertMistake(
                TakesShort.class,
                "takes short as argument 1; expected double, float, int, long, boolean, String or float[]");
        assertMistake(
                GivesList.class,
                "gives List; expected the Java type of one of "
                        + "BOOLEAN, INTEGER, BIGINT, REAL, DOUBLE, VARCHAR, REAL ARRAY");
    }

    @SqlFunction(name = "f", arguments = "a: a", summary = "s", source = "s", example = "e")
    public static final class TakesShort {
        public static int eval(short a) {
            return a;
        }
    }

    @SqlFunction(
            name = "f",
            arguments = {},
            summary = "s",
            source = "s",
            example = "e")
    public static final class GivesList {
        public static List<Float> eval() {
            return List.of();
        }
    }

    @Test
    void aggregateMethodsShareOneState() {
        assertMistake(
                TwoStates.class, "has double[] merge(double[], long[]); expected double[] merge(double[], double[])");
        assertMistake(NoState.class, "has double[] add(double); expected double[] add(double[], …)");
    }

    @SqlFunction(name = "f", arguments = "a: a", summary = "s", source = "s", example = "e")
    public static final class TwoStates {
        public static double[] init() {
            return new double[1];
        }

        public static double[] add(double[] state, double a) {
            return state;
        }

        public static double[] merge(double[] state, long[] other) {
            return state;
        }

        public static double result(double[] state) {
            return state[0];
        }
    }

    @SqlFunction(
            name = "f",
            arguments = {},
            summary = "s",
            source = "s",
            example = "e")
    public static final class NoState {
        public static double[] init() {
            return new double[1];
        }

        public static double[] add(double a) {
            return new double[] {a};
        }

        public static double[] merge(double[] state, double[] other) {
            return state;
        }

        public static double result(double[] state) {
            return state[0];
        }
    }

    @Test
    void tableFunctionTakesTheContextAndHasColumns() {
        assertMistake(NoContext.class, "has Iterable rows(int); expected Iterable rows(FunctionContext, …)");
        assertMistake(NoColumns.class, "is a table function without columns");
        assertMistake(
                BadColumn.class,
                "has a column 'layer INT'; expected 'name TYPE' with TYPE one of "
                        + "BOOLEAN, INTEGER, BIGINT, REAL, DOUBLE, VARCHAR, REAL ARRAY");
    }

    @SqlFunction(name = "f", arguments = "a: a", summary = "s", source = "s", example = "e", columns = "a INTEGER")
    public static final class NoContext {
        public static Iterable<Object[]> rows(int a) {
            return List.of();
        }
    }

    @SqlFunction(
            name = "f",
            arguments = {},
            summary = "s",
            source = "s",
            example = "e")
    public static final class NoColumns {
        public static Iterable<Object[]> rows(FunctionContext context) {
            return List.of();
        }
    }

    @SqlFunction(
            name = "f",
            arguments = {},
            summary = "s",
            source = "s",
            example = "e",
            columns = "layer INT")
    public static final class BadColumn {
        public static Iterable<Object[]> rows(FunctionContext context) {
            return List.of();
        }
    }

    private static void assertMistake(Class<?> function, String message) {
        assertThatThrownBy(() -> FunctionCatalogTest.read(function))
                .hasMessage("function class " + function.getName() + " " + message);
    }
}
