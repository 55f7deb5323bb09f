package dev.vitrine.sql;

import org.apache.calcite.avatica.AvaticaDatabaseMetaData;

/** What the database can do. */
final class VitrineDatabaseMetaData extends AvaticaDatabaseMetaData {
    VitrineDatabaseMetaData(VitrineConnection connection) {
        super(connection);
    }
}
