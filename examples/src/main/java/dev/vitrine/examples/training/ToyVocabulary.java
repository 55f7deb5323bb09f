package dev.vitrine.examples.training;

import java.util.ArrayList;
import java.util.List;

/** The tokens of the toy model: two special ones, then a hundred words and marks, so that a plain sentence can be a prompt. */
final class ToyVocabulary {
    static final String END_OF_TEXT = "<|endoftext|>";
    static final String UNKNOWN = "<unk>";
    static final int END_OF_TEXT_ID = 0;
    static final int UNKNOWN_ID = 1;

    /** The first token id that is a word; those below are special. */
    static final int FIRST_WORD = 2;

    private static final String WORDS = """
            the a and of to in is it you that he was for on are with as they at be
            this have from or one had by but not what all we when your can said there she do how
            will up out then them so some two three no my now day night
            cat dog mat bird fish horse tree house river mountain sea sun moon star rain snow wind fire stone road door
            book king queen child friend man woman hand eye heart red green blue black white big small old new
            sat ran saw under . ,
            """;

    private ToyVocabulary() {}

    /** Every token at its id. */
    static List<String> tokens() {
        List<String> tokens = new ArrayList<>(List.of(END_OF_TEXT, UNKNOWN));
        tokens.addAll(List.of(WORDS.strip().split("\\s+")));
        return tokens;
    }
}
