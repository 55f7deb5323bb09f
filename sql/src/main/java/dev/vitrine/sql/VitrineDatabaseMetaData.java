package dev.vitrine.sql;

import java.sql.Connection;
import java.sql.RowIdLifetime;
import java.sql.SQLException;
import org.apache.calcite.avatica.AvaticaDatabaseMetaData;

/** What the database can do, where that is not what Avatica assumes. */
final class VitrineDatabaseMetaData extends AvaticaDatabaseMetaData {
    private final VitrineConnection session;

    VitrineDatabaseMetaData(VitrineConnection session) {
        super(session);
        this.session = session;
    }

    @Override
    public boolean isReadOnly() throws SQLException {
        return session.isReadOnly();
    }

    @Override
    public boolean supportsTransactions() {
        return false;
    }

    @Override
    public int getDefaultTransactionIsolation() {
        return Connection.TRANSACTION_NONE;
    }

    @Override
    public boolean supportsMixedCaseIdentifiers() {
        return false;
    }

    @Override
    public boolean supportsCatalogsInDataManipulation() {
        return false;
    }

    @Override
    public boolean supportsCatalogsInTableDefinitions() {
        return false;
    }

    @Override
    public boolean supportsCatalogsInIndexDefinitions() {
        return false;
    }

    @Override
    public boolean supportsCatalogsInPrivilegeDefinitions() {
        return false;
    }

    @Override
    public boolean supportsCatalogsInProcedureCalls() {
        return false;
    }

    @Override
    public RowIdLifetime getRowIdLifetime() {
        return RowIdLifetime.ROWID_UNSUPPORTED;
    }

    @Override
    public String getCatalogTerm() {
        return "";
    }

    @Override
    public String getNumericFunctions() {
        return "ABS,CEIL,EXP,FLOOR,LN,LOG10,LOG2,MOD,POWER,ROUND,SIGN,SQRT,TRUNCATE";
    }

    @Override
    public String getStringFunctions() {
        return "CHAR_LENGTH,LOWER,OVERLAY,POSITION,REPLACE,SUBSTRING,TRIM,UPPER";
    }

    @Override
    public String getSystemFunctions() {
        return "";
    }

    @Override
    public String getTimeDateFunctions() {
        return "CURRENT_DATE,CURRENT_TIMESTAMP,EXTRACT,LOCALTIMESTAMP";
    }

    @Override
    public String getSQLKeywords() {
        return "";
    }
}
