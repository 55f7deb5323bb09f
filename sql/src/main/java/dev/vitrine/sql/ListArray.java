package dev.vitrine.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Calendar;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.util.ArrayFactoryImpl;
import org.apache.calcite.avatica.util.ArrayImpl;
import org.jspecify.annotations.Nullable;

/** An array in a result, without a copy. Avatica's result sets pass an {@link ArrayImpl} on as it is, which is why this is one. */
final class ListArray extends ArrayImpl {
    private final List<?> list;
    private final ColumnMetaData.AvaticaType element;

    @SuppressWarnings({"unchecked", "NullAway"}) // all that would use the accessor is overridden
    ListArray(List<?> list, ColumnMetaData.AvaticaType element) {
        super((List<Object>) list, null);
        this.list = list;
        this.element = element;
    }

    List<?> list() {
        return list;
    }

    @Override
    public String getBaseTypeName() {
        return element.getName();
    }

    @Override
    public int getBaseType() {
        return element.id;
    }

    /** The elements boxed, as most clients expect them. */
    @Override
    public Object getArray() {
        return list.toArray();
    }

    @Override
    public Object getArray(@Nullable Map<String, Class<?>> map) {
        return getArray();
    }

    @Override
    public Object getArray(long index, int count) {
        return slice(index, count).toArray();
    }

    @Override
    public Object getArray(long index, int count, @Nullable Map<String, Class<?>> map) {
        return getArray(index, count);
    }

    /** Two columns, the index from 1 and the element. */
    @Override
    public ResultSet getResultSet() throws SQLException {
        return rows(list);
    }

    @Override
    public ResultSet getResultSet(@Nullable Map<String, Class<?>> map) throws SQLException {
        return getResultSet();
    }

    @Override
    public ResultSet getResultSet(long index, int count) throws SQLException {
        return rows(slice(index, count));
    }

    @Override
    public ResultSet getResultSet(long index, int count, @Nullable Map<String, Class<?>> map) throws SQLException {
        return getResultSet(index, count);
    }

    @SuppressWarnings("unchecked")
    private ResultSet rows(List<?> elements) throws SQLException {
        return new ArrayFactoryImpl(Calendar.getInstance().getTimeZone()).create(element, (List<Object>) elements);
    }

    private List<?> slice(long index, int count) {
        int from = Math.toIntExact(index) - 1;
        Objects.checkFromIndexSize(from, count, list.size());
        return list.subList(from, from + count);
    }

    @Override
    public String toString() {
        return list.toString();
    }
}
