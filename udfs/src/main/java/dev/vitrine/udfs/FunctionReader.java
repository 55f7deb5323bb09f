package dev.vitrine.udfs;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.udfs.FunctionDescription.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one annotated class and holds it to the convention that {@link SqlFunction} sets, so that callers need not check again. */
final class FunctionReader {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Map<FunctionKind, Set<String>> METHODS = Map.of(
            FunctionKind.SCALAR, Set.of("eval"),
            FunctionKind.AGGREGATE, Set.of("init", "add", "merge", "result"),
            FunctionKind.TABLE, Set.of("rows"));

    private final Class<?> implementation;

    FunctionReader(Class<?> implementation) {
        this.implementation = implementation;
    }

    FunctionDescription read() {
        SqlFunction annotation = implementation.getAnnotation(SqlFunction.class);
        if (annotation == null) {
            throw wrong("has no @SqlFunction annotation");
        }
        requireVisible(implementation);
        requireName("name", annotation.name());
        requireText("summary", annotation.summary());
        requireText("source", annotation.source());
        requireText("example", annotation.example());

        Map<String, Method> methods = methods();
        FunctionKind kind = kind(methods);
        Method called = switch (kind) {
            case SCALAR -> method(methods, "eval");
            case AGGREGATE -> {
                requireState(methods);
                yield method(methods, "add");
            }
            case TABLE -> {
                requireShape(method(methods, "rows"), Iterable.class, true, FunctionContext.class);
                yield method(methods, "rows");
            }
        };
        List<Field> arguments = arguments(annotation, called, kind == FunctionKind.SCALAR ? 0 : 1);
        SqlType result = switch (kind) {
            case SCALAR -> result(method(methods, "eval"));
            case AGGREGATE -> result(method(methods, "result"));
            case TABLE -> null;
        };
        return new FunctionDescription(
                kind,
                annotation.name(),
                arguments,
                result,
                columns(annotation, kind),
                annotation.summary(),
                annotation.source(),
                annotation.example(),
                implementation,
                methods);
    }

    /** The public methods whose names the convention uses; other methods are the class's own business. */
    private Map<String, Method> methods() {
        Map<String, Method> methods = new HashMap<>();
        for (Method method : implementation.getDeclaredMethods()) {
            boolean named = METHODS.values().stream().anyMatch(names -> names.contains(method.getName()));
            if (!named || !Modifier.isPublic(method.getModifiers()) || method.isSynthetic()) {
                continue;
            }
            if (!Modifier.isStatic(method.getModifiers())) {
                throw wrong("has a method " + method.getName() + " that is not static");
            }
            if (methods.put(method.getName(), method) != null) {
                throw wrong("has two public methods " + method.getName() + "; expected one");
            }
        }
        return methods;
    }

    private FunctionKind kind(Map<String, Method> methods) {
        for (Map.Entry<FunctionKind, Set<String>> kind : METHODS.entrySet()) {
            if (methods.keySet().equals(kind.getValue())) {
                return kind.getKey();
            }
        }
        throw wrong(
                "has the public static methods "
                        + methods.keySet().stream().sorted().toList()
                        + "; expected [eval] of a scalar, [init, add, merge, result] of an aggregate or [rows] of a table function");
    }

    private void requireState(Map<String, Method> methods) {
        Class<?> state = method(methods, "init").getReturnType();
        requireVisible(state);
        requireShape(method(methods, "init"), state, false);
        requireShape(method(methods, "add"), state, true, state);
        requireShape(method(methods, "merge"), state, false, state, state);
        Method result = method(methods, "result");
        requireShape(result, result.getReturnType(), false, state);
    }

    /** The method gives that type and takes these parameters, then the function's arguments where it has them. */
    private void requireShape(Method method, Class<?> gives, boolean hasArguments, Class<?>... first) {
        List<Class<?>> expected = List.of(first);
        List<Class<?>> parameters = List.of(method.getParameterTypes());
        List<Class<?>> compared = parameters.subList(0, Math.min(parameters.size(), expected.size()));
        boolean tooMany = !hasArguments && parameters.size() > expected.size();
        if (method.getReturnType() != gives || !compared.equals(expected) || tooMany) {
            throw wrong("has " + shape(method.getReturnType(), method, parameters, false) + "; expected "
                    + shape(gives, method, expected, hasArguments));
        }
    }

    private static String shape(Class<?> gives, Method method, List<Class<?>> parameters, boolean hasArguments) {
        Stream<String> names = parameters.stream().map(Class::getSimpleName);
        return gives.getSimpleName() + " " + method.getName()
                + Stream.concat(names, hasArguments ? Stream.of("…") : Stream.of())
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    private List<Field> arguments(SqlFunction annotation, Method method, int skip) {
        List<Class<?>> types = List.of(method.getParameterTypes()).subList(skip, method.getParameterCount());
        String[] texts = annotation.arguments();
        if (texts.length != types.size()) {
            throw wrong("describes " + texts.length + " arguments, but " + method.getName() + " takes " + types.size());
        }
        List<Field> arguments = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            int colon = texts[i].indexOf(": ");
            if (colon < 0) {
                throw wrong("describes an argument as '" + texts[i] + "'; expected 'name: meaning'");
            }
            SqlType type = SqlType.ofArgument(types.get(i));
            if (type == null) {
                throw wrong("takes " + types.get(i).getSimpleName() + " as argument " + (i + 1)
                        + "; expected double, float, int, long, boolean, String or float[]");
            }
            String name = texts[i].substring(0, colon);
            requireName("argument", name);
            arguments.add(new Field(name, type, texts[i].substring(colon + 2)));
        }
        requireDistinct("argument", arguments);
        return arguments;
    }

    private SqlType result(Method method) {
        SqlType type = SqlType.ofResult(method.getReturnType());
        if (type == null) {
            throw wrong("gives " + method.getReturnType().getSimpleName() + "; expected the Java type of one of "
                    + SqlType.labels());
        }
        return type;
    }

    private List<Field> columns(SqlFunction annotation, FunctionKind kind) {
        if ((kind == FunctionKind.TABLE) != (annotation.columns().length > 0)) {
            throw wrong(kind == FunctionKind.TABLE ? "is a table function without columns" : "has columns but no rows");
        }
        List<Field> columns = new ArrayList<>();
        for (String text : annotation.columns()) {
            int space = text.indexOf(' ');
            SqlType type = space < 0 ? null : SqlType.ofLabel(text.substring(space + 1));
            if (type == null) {
                throw wrong("has a column '" + text + "'; expected 'name TYPE' with TYPE one of " + SqlType.labels());
            }
            requireName("column", text.substring(0, space));
            columns.add(new Field(text.substring(0, space), type, ""));
        }
        requireDistinct("column", columns);
        return columns;
    }

    private void requireVisible(Class<?> type) {
        for (@Nullable Class<?> c = type; c != null; c = c.getEnclosingClass()) {
            if (!Modifier.isPublic(c.getModifiers())) {
                throw wrong("needs " + c.getName() + ", which is not public");
            }
        }
    }

    private void requireName(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw wrong("has the " + what + " '" + name + "'; expected lower-case letters, digits and underscores");
        }
    }

    private void requireText(String what, String text) {
        if (text.isBlank()) {
            throw wrong("has no " + what);
        }
    }

    private void requireDistinct(String what, List<Field> fields) {
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            if (!names.add(field.name())) {
                throw wrong("has two " + what + "s named " + field.name());
            }
        }
    }

    private static Method method(Map<String, Method> methods, String name) {
        Method method = methods.get(name);
        if (method == null) {
            throw new AssertionError(name);
        }
        return method;
    }

    private VitrineException wrong(String what) {
        return new VitrineException(
                ErrorCode.INVALID_ARGUMENT, "function class " + implementation.getName() + " " + what);
    }
}
