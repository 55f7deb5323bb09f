package dev.vitrine.sql.plan;

import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.sql.SqlOperatorTable;

/**
 * What names in SQL can mean.
 *
 * @param root with schemas {@code vitrine}, the default, and {@code workspace}
 * @param operators the dialect's and the functions
 */
record Catalog(CalciteSchema root, SqlOperatorTable operators) {}
