package dev.vitrine.udfs.projection;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.udfs.FunctionContext;
import dev.vitrine.udfs.SqlFunction;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokens that a direction promotes: the largest entries of vector · W_U, or vector · Eᵀ in a model without a head. For parameters
 * and directions this is the published projection; hidden states get the final norm and the bias through {@code logit_lens}.
 */
@SqlFunction(
        name = "project_tokens",
        arguments = {
            "model: name of a model that a run of the store was made with",
            "vector: a direction in the residual stream, [d_model]",
            "k: number of tokens, 1 to the size of the vocabulary"
        },
        summary =
                "The k tokens with the largest entries in the product of a vector and the unembedding matrix (the transposed embedding"
                        + " where the model has no head), without norm, bias or scale; rank from 1, ties in the order of ids.",
        source = "Dar et al. 2023, Analyzing Transformers in Embedding Space; guyd1995/embedding-space",
        example =
                "SELECT h.layer, t.rank, t.token, t.score FROM runs AS r JOIN hidden_states AS h ON h.run = r.run, LATERAL TABLE(project_tokens(r.model, h.vector, 5)) AS t WHERE h.prompt = 0 AND h.site = 'resid_post' AND h.pos = 0",
        columns = {"rank INTEGER", "token_id INTEGER", "token VARCHAR", "score REAL"})
public final class ProjectTokens {
    private ProjectTokens() {}

    public static Iterable<Object[]> rows(FunctionContext context, String model, float[] vector, int k) {
        TransformerModel opened = context.model(model);
        requireCount("project_tokens", k, opened);
        for (int i = 0; i < vector.length; i++) {
            if (!Float.isFinite(vector[i])) {
                throw new VitrineException(
                        ErrorCode.INVALID_ARGUMENT,
                        "project_tokens: element " + i + " of the vector is " + vector[i]
                                + "; expected finite numbers");
            }
        }
        float[] scores = scores(opened, vector);
        int[] top = TopTokens.of(scores, 0, scores.length, k);
        List<Object[]> rows = new ArrayList<>(k);
        for (int i = 0; i < k; i++) {
            rows.add(new Object[] {i + 1, top[i], opened.tokenizer().token(top[i]), scores[top[i]]});
        }
        return rows;
    }

    private static float[] scores(TransformerModel model, float[] vector) {
        try {
            return model.unembed(vector);
        } catch (VitrineException e) {
            throw new VitrineException(e.code(), "project_tokens: " + e.getMessage(), e);
        }
    }

    /** {@code INVALID_ARGUMENT} unless the vocabulary has so many tokens. */
    static void requireCount(String function, int k, TransformerModel model) {
        int vocabulary = model.card().vocabSize();
        if (k < 1 || k > vocabulary) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    function + ": k is " + k + "; expected 1 to " + vocabulary + ", the vocabulary of model "
                            + model.card().name());
        }
    }
}
