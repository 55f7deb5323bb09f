package dev.vitrine.sql.tensor.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers objects in the order in which they first come, so that they can be keys of groups. Thread-safe. */
public final class Codes {
    private final Map<Object, Integer> codes = new HashMap<>();
    private final List<Object> objects = new ArrayList<>();

    public synchronized int code(Object object) {
        Integer code = codes.get(object);
        if (code == null) {
            code = objects.size();
            codes.put(object, code);
            objects.add(object);
        }
        return code;
    }

    public synchronized Object object(int code) {
        return objects.get(code);
    }

    public synchronized int size() {
        return objects.size();
    }
}
