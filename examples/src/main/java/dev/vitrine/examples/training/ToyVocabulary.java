package dev.vitrine.examples.training;

import dev.vitrine.examples.gpt2.Gpt2Folder;
import java.util.List;

/** The hundred words and marks that the toy model knows beside its special tokens, so that a plain sentence can be a prompt. */
final class ToyVocabulary {
    static final List<String> WORDS = List.of("""
            the a and of to in is it you that he was for on are with as they at be
            this have from or one had by but not what all we when your can said there she do how
            will up out then them so some two three no my now day night
            cat dog mat bird fish horse tree house river mountain sea sun moon star rain snow wind fire stone road door
            book king queen child friend man woman hand eye heart red green blue black white big small old new
            sat ran saw under . ,
            """.strip().split("\\s+"));

    static final int SIZE = Gpt2Folder.FIRST_WORD + WORDS.size();

    private ToyVocabulary() {}
}
