package dev.vitrine.sql;

import dev.vitrine.sql.table.Column;
import dev.vitrine.sql.table.StoreTable;
import dev.vitrine.udfs.FunctionDescription;
import dev.vitrine.udfs.FunctionDescription.Field;
import dev.vitrine.udfs.FunctionKind;
import dev.vitrine.udfs.SqlType;
import java.sql.DatabaseMetaData;
import java.sql.Types;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.lookup.LikePattern;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/** What the database holds, as {@link DatabaseMetaData} lists it. */
final class CatalogListings {
    private static final List<String> SCHEMAS = List.of("vitrine", "workspace");

    private final Database database;

    CatalogListings(Database database) {
        this.database = database;
    }

    Listing schemas(@Nullable String schemaPattern) {
        Listing listing = new Listing("TABLE_SCHEM", "TABLE_CATALOG");
        for (String schema : SCHEMAS) {
            if (Listing.matches(schemaPattern, schema)) {
                listing.add(schema, null);
            }
        }
        return listing;
    }

    Listing tableTypes() {
        Listing listing = new Listing("TABLE_TYPE");
        listing.add("TABLE");
        listing.add("VIEW");
        return listing;
    }

    /** Something to list of a table. */
    private interface Visitor {
        void visit(String schema, String name, Table table);
    }

    private void tables(@Nullable String schemaPattern, @Nullable String tablePattern, Visitor visitor) {
        for (String schema : SCHEMAS) {
            SchemaPlus tables = database.compiler().schema().subSchemas().get(schema);
            if (tables == null || !Listing.matches(schemaPattern, schema)) {
                continue;
            }
            Set<String> names = new TreeSet<>(tables.tables().getNames(LikePattern.any()));
            for (String name : names) {
                Table table = tables.tables().get(name);
                if (table != null && Listing.matches(tablePattern, name)) {
                    visitor.visit(schema, name, table);
                }
            }
        }
    }

    Listing tables(@Nullable String schemaPattern, @Nullable String tablePattern, @Nullable List<String> types) {
        Listing listing = new Listing(
                "TABLE_CAT",
                "TABLE_SCHEM",
                "TABLE_NAME",
                "TABLE_TYPE",
                "REMARKS",
                "TYPE_CAT",
                "TYPE_SCHEM",
                "TYPE_NAME",
                "SELF_REFERENCING_COL_NAME",
                "REF_GENERATION");
        for (String type : List.of("TABLE", "VIEW")) {
            tables(schemaPattern, tablePattern, (schema, name, table) -> {
                String found = table.getJdbcTableType() == Schema.TableType.VIEW ? "VIEW" : "TABLE";
                if (found.equals(type) && (types == null || types.contains(type))) {
                    listing.add(null, schema, name, type, null, null, null, null, null, null);
                }
            });
        }
        return listing;
    }

    Listing columns(@Nullable String schemaPattern, @Nullable String tablePattern, @Nullable String columnPattern) {
        Listing listing = new Listing(
                "TABLE_CAT",
                "TABLE_SCHEM",
                "TABLE_NAME",
                "COLUMN_NAME",
                "#DATA_TYPE",
                "TYPE_NAME",
                "#COLUMN_SIZE",
                "#BUFFER_LENGTH",
                "#DECIMAL_DIGITS",
                "#NUM_PREC_RADIX",
                "#NULLABLE",
                "REMARKS",
                "COLUMN_DEF",
                "#SQL_DATA_TYPE",
                "#SQL_DATETIME_SUB",
                "#CHAR_OCTET_LENGTH",
                "#ORDINAL_POSITION",
                "IS_NULLABLE",
                "SCOPE_CATALOG",
                "SCOPE_SCHEMA",
                "SCOPE_TABLE",
                "~SOURCE_DATA_TYPE",
                "IS_AUTOINCREMENT",
                "IS_GENERATEDCOLUMN");
        JavaTypeFactory types = database.compiler().types();
        tables(schemaPattern, tablePattern, (schema, name, table) -> {
            for (RelDataTypeField field : rowType(table, types).getFieldList()) {
                RelDataType type = field.getType();
                if (Listing.matches(columnPattern, field.getName())) {
                    listing.add(
                            null,
                            schema,
                            name,
                            field.getName(),
                            ResultColumns.id(type),
                            ResultColumns.name(type),
                            ResultColumns.precision(type),
                            null,
                            ResultColumns.scale(type),
                            SqlTypeUtil.isNumeric(type) ? 10 : null,
                            type.isNullable() ? DatabaseMetaData.columnNullable : DatabaseMetaData.columnNoNulls,
                            null,
                            null,
                            null,
                            null,
                            null,
                            field.getIndex() + 1,
                            type.isNullable() ? "YES" : "NO",
                            null,
                            null,
                            null,
                            null,
                            "NO",
                            "NO");
                }
            }
        });
        return listing;
    }

    /** A view whose tables are gone has no columns, rather than keeping all others from being listed. */
    private static RelDataType rowType(Table table, JavaTypeFactory types) {
        try {
            return table.getRowType(types);
        } catch (RuntimeException e) {
            if (table.getJdbcTableType() == Schema.TableType.VIEW) {
                return types.builder().build();
            }
            throw e;
        }
    }

    Listing primaryKeys(@Nullable String schemaName, String tableName) {
        Listing listing = new Listing("TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "COLUMN_NAME", "~KEY_SEQ", "PK_NAME");
        tables(schemaName, tableName, (schema, name, table) -> {
            if (table instanceof StoreTable store) {
                short place = 0;
                for (Column column : store.columns()) {
                    if (column.coordinate()) {
                        listing.add(null, schema, name, column.name(), ++place, null);
                    }
                }
            }
        });
        return listing;
    }

    Listing functions(@Nullable String schemaPattern, @Nullable String functionPattern) {
        Listing listing = new Listing(
                "FUNCTION_CAT", "FUNCTION_SCHEM", "FUNCTION_NAME", "REMARKS", "~FUNCTION_TYPE", "SPECIFIC_NAME");
        for (FunctionDescription function : functionsLike(schemaPattern, functionPattern)) {
            boolean table = function.kind() == FunctionKind.TABLE;
            listing.add(
                    null,
                    "vitrine",
                    function.name(),
                    function.signature() + ": " + function.summary(),
                    (short) (table ? DatabaseMetaData.functionReturnsTable : DatabaseMetaData.functionNoTable),
                    function.name());
        }
        return listing;
    }

    private List<FunctionDescription> functionsLike(@Nullable String schemaPattern, @Nullable String functionPattern) {
        return database.functions().functions().stream()
                .filter(function ->
                        Listing.matches(schemaPattern, "vitrine") && Listing.matches(functionPattern, function.name()))
                .toList();
    }

    Listing functionColumns(
            @Nullable String schemaPattern, @Nullable String functionPattern, @Nullable String columnPattern) {
        Listing listing = new Listing(
                "FUNCTION_CAT",
                "FUNCTION_SCHEM",
                "FUNCTION_NAME",
                "COLUMN_NAME",
                "~COLUMN_TYPE",
                "#DATA_TYPE",
                "TYPE_NAME",
                "#PRECISION",
                "#LENGTH",
                "~SCALE",
                "~RADIX",
                "~NULLABLE",
                "REMARKS",
                "#CHAR_OCTET_LENGTH",
                "#ORDINAL_POSITION",
                "IS_NULLABLE",
                "SPECIFIC_NAME");
        for (FunctionDescription function : functionsLike(schemaPattern, functionPattern)) {
            if (function.result() != null && Listing.matches(columnPattern, "")) {
                Field result = new Field("", function.result(), "");
                add(listing, function, result, DatabaseMetaData.functionReturn, 0);
            }
            int place = 0;
            for (Field argument : function.arguments()) {
                place++;
                if (Listing.matches(columnPattern, argument.name())) {
                    add(listing, function, argument, DatabaseMetaData.functionColumnIn, place);
                }
            }
            place = 0;
            for (Field column : function.columns()) {
                place++;
                if (Listing.matches(columnPattern, column.name())) {
                    add(listing, function, column, DatabaseMetaData.functionColumnResult, place);
                }
            }
        }
        return listing;
    }

    private static void add(Listing listing, FunctionDescription function, Field field, int kind, int place) {
        listing.add(
                null,
                "vitrine",
                function.name(),
                field.name(),
                (short) kind,
                jdbcType(field.type()),
                field.type().label(),
                null,
                null,
                null,
                null,
                (short) DatabaseMetaData.functionNullable,
                field.meaning(),
                null,
                place,
                "YES",
                function.name());
    }

    private static int jdbcType(SqlType type) {
        return switch (type) {
            case BOOLEAN -> Types.BOOLEAN;
            case INTEGER -> Types.INTEGER;
            case BIGINT -> Types.BIGINT;
            case REAL -> Types.REAL;
            case DOUBLE -> Types.DOUBLE;
            case VARCHAR -> Types.VARCHAR;
            case REAL_ARRAY -> Types.ARRAY;
        };
    }

    /** The types that columns and expressions have. */
    Listing typeInfo() {
        Listing listing = new Listing(
                "TYPE_NAME",
                "#DATA_TYPE",
                "#PRECISION",
                "LITERAL_PREFIX",
                "LITERAL_SUFFIX",
                "CREATE_PARAMS",
                "~NULLABLE",
                "?CASE_SENSITIVE",
                "~SEARCHABLE",
                "?UNSIGNED_ATTRIBUTE",
                "?FIXED_PREC_SCALE",
                "?AUTO_INCREMENT",
                "LOCAL_TYPE_NAME",
                "~MINIMUM_SCALE",
                "~MAXIMUM_SCALE",
                "#SQL_DATA_TYPE",
                "#SQL_DATETIME_SUB",
                "#NUM_PREC_RADIX");
        type(listing, "TINYINT", Types.TINYINT, 3, null);
        type(listing, "BIGINT", Types.BIGINT, 19, null);
        type(listing, "VARBINARY", Types.VARBINARY, 0, "X'");
        type(listing, "DECIMAL", Types.DECIMAL, 38, null);
        type(listing, "INTEGER", Types.INTEGER, 10, null);
        type(listing, "SMALLINT", Types.SMALLINT, 5, null);
        type(listing, "REAL", Types.REAL, 7, null);
        type(listing, "DOUBLE", Types.DOUBLE, 15, null);
        type(listing, "VARCHAR", Types.VARCHAR, 0, "'");
        type(listing, "BOOLEAN", Types.BOOLEAN, 1, null);
        type(listing, "DATE", Types.DATE, 10, "DATE '");
        type(listing, "TIME", Types.TIME, 12, "TIME '");
        type(listing, "TIMESTAMP", Types.TIMESTAMP, 23, "TIMESTAMP '");
        type(listing, "REAL ARRAY", Types.ARRAY, 0, "ARRAY[");
        return listing;
    }

    private static void type(Listing listing, String name, int id, int precision, @Nullable String prefix) {
        boolean text = id == Types.VARCHAR;
        listing.add(
                name,
                id,
                precision,
                prefix,
                prefix == null ? null : prefix.endsWith("[") ? "]" : "'",
                text ? "length" : null,
                (short) DatabaseMetaData.typeNullable,
                text,
                (short) DatabaseMetaData.typeSearchable,
                false,
                false,
                false,
                name,
                (short) 0,
                (short) (id == Types.DECIMAL ? 38 : 0),
                null,
                null,
                10);
    }
}
