package dev.vitrine.sql.plan;

import java.util.Map;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.rel.type.RelDataType;

/** A statement that is ready to run. */
public sealed interface CompiledStatement permits CompiledQuery, CompiledChange {
    /** Types of its parameters, in order. */
    RelDataType parameters();

    /** The types that its columns and parameters are of. */
    JavaTypeFactory types();

    /** What its generated code asks the query for, beside parameters. */
    Map<String, Object> variables();
}
