package dev.vitrine.server.cli;

import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.impl.DefaultParser;

/** Tells the line editor where SQL words begin and end, and that a statement goes on until its semicolon. */
final class SqlLineParser extends DefaultParser {
    private static final String DELIMITERS = " \t\n(),.=<>+-*/;";

    SqlLineParser() {
        setEscapeChars(null);
        setQuoteChars(null);
    }

    @Override
    public boolean isDelimiterChar(CharSequence buffer, int pos) {
        return DELIMITERS.indexOf(buffer.charAt(pos)) >= 0;
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        if (context == ParseContext.ACCEPT_LINE && !line.stripLeading().startsWith(".") && SqlScript.isOpen(line)) {
            throw new EOFError(-1, -1, "the statement has no semicolon yet");
        }
        return super.parse(line, cursor, context);
    }
}
